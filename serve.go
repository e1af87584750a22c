package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/config"
	"github.com/usherhq/usher/handlers"
)

// syncEvery is how often people and user groups are read from Slack anew, beside the events that tell of changes.
const syncEvery = time.Hour

type serveCommand struct{}

// Run runs the bot until it is stopped.
func (serveCommand) Run(ctx context.Context, p program) error {
	s, err := readSettings(ctx, p.env)
	if err != nil {
		return err
	}
	log, err := s.logger(p.err)
	if err != nil {
		return err
	}
	return serve(ctx, s, log, time.Now, nil)
}

// server is a running bot.
type server struct {
	settings settings
	log      *slog.Logger
	store    *db.Store
	flows    *flows.Flows
	bot      *bot.Bot
	handlers *handlers.Handlers
	working  atomic.Bool // the jobs run
}

// serve runs the bot until ctx ends. The clock is the one that people live in; started, if not nil, gets the bot once
// its jobs run.
func serve(ctx context.Context, s settings, log *slog.Logger, clock func() time.Time, started func(*flows.Flows)) error {
	if err := s.Slack.Validate(); err != nil {
		return err
	}
	store, err := openDatabase(ctx, s, log)
	if err != nil {
		return err
	}
	release, err := store.TakeOver(ctx)
	if err != nil {
		return errors.Join(err, store.Close())
	}
	srv := &server{settings: s, log: log, store: store}
	err = srv.wire(ctx, clock)
	if err == nil {
		err = srv.run(ctx, started)
	}
	return errors.Join(err, release(), store.Close())
}

// openDatabase opens the database and brings it up to date.
func openDatabase(ctx context.Context, s settings, log *slog.Logger) (*db.Store, error) {
	store, err := db.Open(ctx, s.Database)
	if err != nil {
		return nil, fmt.Errorf("open the database (see DATABASE_URL): %w", err)
	}
	n, err := store.Migrate(ctx)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	if n > 0 {
		log.InfoContext(ctx, "database brought up to date", "migrations", n)
	}
	return store, nil
}

// wire makes the parts and applies the configuration file.
func (s *server) wire(ctx context.Context, clock func() time.Time) error {
	var err error
	if s.bot, err = bot.New(s.settings.Slack, s.log); err != nil {
		return err
	}
	identity, err := s.bot.Identify(ctx)
	if err != nil {
		return fmt.Errorf("reach Slack: %w (usher doctor says more)", err)
	}
	outbox := handlers.NewOutbox(s.store, s.bot, s.log, clock)
	s.flows, err = flows.New(flows.Options{
		Store: s.store, Registry: registry(), Notifier: outbox, Clock: clock, Log: s.log, Admins: s.settings.Admins,
	})
	if err != nil {
		return err
	}
	s.handlers = handlers.New(handlers.Options{
		Flows: s.flows, Store: s.store, Slack: s.bot, Log: s.log, TeamID: identity.TeamID, Version: built(),
		Connections: s.settings.Slack.Connections,
	})
	outbox.DrawHomesWith(s.handlers.PublishHome)
	return s.applyFile(ctx)
}

// applyFile applies the file that USHER_CONFIG names.
func (s *server) applyFile(ctx context.Context) error {
	if s.settings.Config == "" {
		return nil
	}
	file, err := readConfig(s.settings.Config)
	if err != nil {
		return fmt.Errorf("USHER_CONFIG: %w", err)
	}
	changes, err := s.flows.ApplyConfig(ctx, file, false, "USHER_CONFIG")
	if err != nil {
		return fmt.Errorf("apply USHER_CONFIG: %w", err)
	}
	s.log.InfoContext(ctx, "configuration applied", "changes", len(changes))
	return nil
}

// readConfig reads and checks a configuration file.
func readConfig(path string) (config.File, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return config.File{}, err
	}
	return config.Parse(path, content, registry())
}

// run works until ctx ends: HTTP, jobs and the clock, people from Slack, and the sockets. When one of them can't go
// on, all stop.
func (s *server) run(ctx context.Context, started func(*flows.Flows)) error {
	router := bot.NewRouter(s.log, bot.Options{})
	s.handlers.Register(router)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.serveHTTP(ctx) })
	group.Go(func() error {
		return s.flows.Run(ctx, s.settings.sweep, func() {
			s.working.Store(true)
			if started != nil {
				started(s.flows)
			}
		})
	})
	synced := make(chan struct{})
	group.Go(func() error { s.keepSynced(ctx, synced); return nil })
	group.Go(func() error {
		select { // approvers are found among the people of Slack, but a large workspace is not waited for
		case <-synced:
		case <-time.After(10 * time.Second):
		case <-ctx.Done():
			return nil
		}
		return s.bot.Run(ctx, router)
	})
	err := group.Wait()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// keepSynced reads people and groups from Slack at start and every hour.
func (s *server) keepSynced(ctx context.Context, first chan<- struct{}) {
	for {
		if err := s.handlers.Sync(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "read people from Slack", "error", err)
		}
		if first != nil {
			close(first)
			first = nil
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(syncEvery):
		}
	}
}

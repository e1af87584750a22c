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
	"github.com/usherhq/usher/directory/workos"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/config"
	"github.com/usherhq/usher/handlers"
)

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
	clock    func() time.Time
	bot      *bot.Bot
	handlers atomic.Pointer[handlers.Handlers] // nil until Slack was reached
	working  atomic.Bool                       // the jobs run
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
	srv := &server{settings: s, log: log, store: store, clock: clock}
	err = srv.wire(ctx, clock)
	if err == nil {
		err = srv.run(ctx, started)
	}
	if errors.Is(err, context.Canceled) {
		err = nil // it was stopped, perhaps while it started
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
	outbox := handlers.NewOutbox(s.store, s.bot, s.log, clock)
	options, err := s.settings.withMail(flows.Options{
		Store: s.store, Registry: registry(s.settings.networks...), Notifier: outbox, Clock: clock, Log: s.log, Admins: s.settings.Admins,
		Reconcile: s.settings.nightly,
	})
	if err != nil {
		return err
	}
	if options, err = s.settings.Proof.with(options); err != nil {
		return err
	}
	if s.flows, err = flows.New(options); err != nil {
		return err
	}
	if err := s.settings.draftWith(s.flows); err != nil {
		return err
	}
	s.flows.ReadDirectoriesWith(workos.NewReader(s.workOS()))
	outbox.DrawHomesWith(s.publishHome)
	if err := s.meet(ctx); err != nil {
		return err
	}
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
	changes, err := s.flows.ApplyConfig(ctx, file, false, "USHER_CONFIG", config.Plan.Leave)
	if err != nil {
		return fmt.Errorf("apply USHER_CONFIG: %w", err)
	}
	s.log.InfoContext(ctx, "configuration applied", "changes", len(changes))
	return s.warnOfSlack(ctx)
}

// warnOfSlack says what the file wants otherwise and was changed in Slack, which is left as it is.
func (s *server) warnOfSlack(ctx context.Context) error {
	objects, err := db.DifferingConfigObjects(ctx, s.store, shownDiffering)
	for _, object := range objects {
		s.log.WarnContext(ctx, "changed in Slack, and left as it is though USHER_CONFIG says otherwise",
			"kind", object.Kind, "slug", object.Slug, "by", object.WrittenBy)
	}
	return err
}

// shownDiffering is how many objects that differ from the file are told of at most.
const shownDiffering = 50

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
	group.Go(func() error { return s.talk(ctx) })
	return group.Wait()
}

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/handlers"
)

// How the Slack side of a running bot behaves.
const (
	// syncEvery is how often people and user groups are read from Slack anew, beside the events that tell of changes.
	syncEvery = time.Hour
	// syncPatience is how long a start waits for the first of these: approvers are found among the people of Slack, but
	// a large workspace is not waited for.
	syncPatience = 10 * time.Second
	// meetPatience is how long one attempt to reach Slack may take.
	meetPatience = 5 * time.Second
	// longestAbsence is the longest wait before Slack is tried again, while it can't be reached at start.
	longestAbsence = 15 * time.Second
)

// errAbsent says that Slack was not reached yet, so that nothing can be drawn there.
var errAbsent = errors.New("no answer from Slack yet")

// meet asks Slack who we are and makes the handlers of it. A Slack that can't answer now is no error, and then there
// are no handlers yet.
func (s *server) meet(ctx context.Context) error {
	asking, cancel := context.WithTimeout(ctx, meetPatience)
	defer cancel()
	identity, err := s.bot.Identify(asking)
	if err != nil && notNow(err) {
		s.log.WarnContext(ctx, "Slack can't be reached; trying again (usher doctor says more)", "error", err)
		return nil
	}
	if err != nil {
		return fmt.Errorf("reach Slack: %w (usher doctor says more)", err)
	}
	s.handlers.Store(handlers.New(handlers.Options{
		Flows: s.flows, Store: s.store, Slack: s.bot, Log: s.log, TeamID: identity.TeamID, TeamURL: identity.TeamURL, Version: built(),
		Connections: s.settings.Slack.Connections,
	}))
	return nil
}

// notNow says that trying again later may help: a token that is refused is none of these errors.
func notNow(err error) bool {
	var limited *bot.RateLimited
	return errors.Is(err, bot.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &limited)
}

// talk meets Slack, if need be again and again, and then listens. A process that starts while Slack is away does all
// other work meanwhile: access that is over is taken back.
func (s *server) talk(ctx context.Context) error {
	for wait := time.Second; s.handlers.Load() == nil; wait = min(2*wait, longestAbsence) {
		if !pause(ctx, wait) {
			return nil
		}
		if err := s.meet(ctx); err != nil {
			return err
		}
	}
	router := bot.NewRouter(s.log, s.settings.router)
	s.handlers.Load().Register(router)
	group, ctx := errgroup.WithContext(ctx)
	synced := make(chan struct{})
	group.Go(func() error { s.keepSynced(ctx, synced); return nil })
	group.Go(func() error {
		select {
		case <-synced:
		case <-time.After(syncPatience):
		case <-ctx.Done():
			return nil
		}
		return s.bot.Run(ctx, router)
	})
	return group.Wait()
}

// keepSynced reads people and groups from Slack at start and every hour.
func (s *server) keepSynced(ctx context.Context, first chan<- struct{}) {
	for {
		if err := s.handlers.Load().Sync(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "read people from Slack", "error", err)
		}
		if first != nil {
			close(first)
			first = nil
		}
		if !pause(ctx, syncEvery) {
			return
		}
	}
}

// publishHome draws a person's Home, once Slack was reached.
func (s *server) publishHome(ctx context.Context, personID string) error {
	h := s.handlers.Load()
	if h == nil {
		return errAbsent
	}
	return h.PublishHome(ctx, personID)
}

// pause waits and says whether ctx is still alive.
func pause(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

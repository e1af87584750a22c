package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory"
	"github.com/usherhq/usher/directory/workos"
	"github.com/usherhq/usher/handlers/web"
)

// serveHTTP serves health, metrics, directories, the pages of mails' links and callbacks until ctx ends.
func (s *server) serveHTTP(ctx context.Context) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.settings.HTTPAddr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return errors.New("USHER_HTTP_ADDR is in use already: stop what listens there, or name another address")
	}
	if err != nil {
		return fmt.Errorf("USHER_HTTP_ADDR: %w", err)
	}
	s.log.InfoContext(ctx, "http", "addr", listener.Addr().String())
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", s.ready)
	if err := s.links(ctx, mux); err != nil {
		return err
	}
	directory.New(directory.Options{
		Writer: s.flows, Store: s.store, Clock: s.clock, Log: s.log, PublicURL: s.settings.Public,
	}).Register(mux)
	mux.Handle("/webhooks/workos", workos.NewWebhook(s.workOS()))
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics(ctx), promhttp.HandlerOpts{}))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute}
	go func() {
		<-ctx.Done()
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = server.Shutdown(stopping) // what is under way is short, and answered again when it is asked again
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve http: %w", err)
	}
	return nil
}

// links serves the pages of mails' links, and callbacks.
func (s *server) links(ctx context.Context, mux *http.ServeMux) error {
	key, err := db.SigningKey(ctx, s.store)
	if err != nil {
		return err
	}
	pages, err := web.New(web.Options{Links: s.flows, Key: key, Clock: s.clock, Log: s.log})
	if err != nil {
		return err
	}
	pages.Register(mux)
	return nil
}

// ready says whether work that arrives is done: the database answers and the jobs run.
func (s *server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	switch err := s.store.PingContext(ctx); {
	case err != nil:
		say(w, http.StatusServiceUnavailable, "the database does not answer")
	case !s.working.Load():
		say(w, http.StatusServiceUnavailable, "the jobs do not run yet")
	default:
		say(w, http.StatusOK, "ready")
	}
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, text) // the caller hung up
}

// metrics are gauges read from the rows when they are asked for, the same on every replica, and this process's own.
func (s *server) metrics(ctx context.Context) *prometheus.Registry {
	all := prometheus.NewRegistry()
	all.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	gauge := func(name, help string, read func() float64) {
		all.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
	}
	gauge("usher_slack_connections", "Socket Mode connections of this process that are open.", func() float64 { return float64(s.bot.Connected()) })
	count := func(what db.Countable) func() float64 {
		return func() float64 {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
			defer cancel()
			n, err := db.Count(ctx, s.store, what, s.flows.Now())
			if err != nil {
				s.log.ErrorContext(ctx, "count for metrics", "error", err)
				return -1
			}
			return float64(n)
		}
	}
	gauge("usher_requests_pending", "Requests that wait for a decision.", count(db.PendingRequests))
	gauge("usher_grants_active", "Grants that are held.", count(db.ActiveGrants))
	gauge("usher_grants_overdue", "Grants whose time is over and which have not ended.", count(db.OverdueGrantsCount))
	gauge("usher_action_flows_failed", "Action flows that wait for a person to mend them.", count(db.FailedActionFlows))
	gauge("usher_messages_waiting", "Slack messages that wait to be sent or updated.", count(db.WaitingMessages))
	return all
}

package slack

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Start listens on the address ("127.0.0.1:0" takes a free port) and returns the workspace's URL. Close ends it.
func (w *Workspace) Start(addr string) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(w.ctx, "tcp", addr)
	if err != nil {
		return "", fmt.Errorf("listen for the workspace: %w", err)
	}
	server := &http.Server{Handler: w.Handler(), ReadHeaderTimeout: 10 * time.Second}
	w.mu.Lock()
	w.http = server
	if w.url == "" {
		w.url = "http://" + listener.Addr().String()
	}
	url := w.url
	w.mu.Unlock()
	w.work.Go(func() { _ = server.Serve(listener) }) // always ErrServerClosed: nothing else closes the listener
	return url, nil
}

// Close drops every connection and waits until nothing of the workspace runs any more.
func (w *Workspace) Close() error {
	w.mu.Lock()
	w.closed = true
	server := w.http
	sockets := w.allSockets()
	w.mu.Unlock()
	w.cancel()
	var err error
	if server != nil {
		err = server.Close()
	}
	for _, s := range sockets {
		s.drop()
	}
	w.work.Wait()
	if err != nil {
		return fmt.Errorf("close the workspace: %w", err)
	}
	return nil
}

// spawn runs the function in the background until it ends by itself; Close waits for it. It must be called with
// the lock held, so that nothing starts once Close has begun to wait.
func (w *Workspace) spawn(run func()) {
	if !w.closed {
		w.work.Go(run)
	}
}

// Wait returns as soon as the condition holds. It looks again after every change in the workspace, without
// polling, and gives up when ctx ends.
func (w *Workspace) Wait(ctx context.Context, holds func() bool) error {
	for {
		w.mu.Lock()
		changed := w.changed
		w.mu.Unlock()
		if holds() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for the workspace: %w", ctx.Err())
		}
	}
}

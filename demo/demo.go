// Package demo is the trial: a sample company in a strict local Slack workspace (demo/slack) with a target system
// (demo/target) and an identity provider (demo/idp) that speak SCIM. Usher runs against them as it would against the
// real ones and can't tell them apart: it is given tokens, addresses and a configuration file like any operator's.
package demo

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/usherhq/usher/demo/idp"
	"github.com/usherhq/usher/demo/slack"
	"github.com/usherhq/usher/demo/target"
)

//go:embed usher.yaml
var configuration string

// Directory is the slug under which Usher knows the identity provider.
const Directory = "acme-id"

// targetToken is what Usher shows to the demo's target system. It guards nothing: the target lives in memory.
const targetToken = "demo-drive-token"

// slackScopes are what Usher needs to change the workspace itself: docs/connectors/slack.md says what for.
var slackScopes = []string{
	"users:read", "users:read.email", "channels:read", "channels:write", "groups:read", "groups:write",
	"usergroups:read", "usergroups:write", "admin", "admin.users:read", "admin.users:write",
}

// World is a sample company that runs.
type World struct {
	Workspace *slack.Workspace
	Target    *target.Target
	App       slack.App
	Clock     *slack.Clock
	TargetURL string
	ID        *idp.Provider // pushes nothing before it is told where to
	IDURL     string
	Dir       string // holds the database, the configuration and the tokens that it refers to

	secretKey string // seals second factors
	servers   []*http.Server
}

// Start makes the sample company and serves it: the workspace at addr, the target system and the identity provider at
// the next ports. Files go into dir, which must not hold those of an earlier demo, because the workspace itself is new each time. Of the options
// the company sets what makes it this company; the others are the caller's.
func Start(addr, dir string, manifest []byte, options slack.Options) (*World, error) {
	if _, err := os.Stat(filepath.Join(dir, "usher.db")); err == nil {
		return nil, fmt.Errorf("%s holds the data of an earlier demo: name an empty folder", dir)
	}
	clock := slack.NewClock()
	options.Team, options.Clock, options.Enterprise = "Acme", clock, true
	w := &World{Workspace: slack.New(options), Clock: clock, Dir: dir}
	w.hire()
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("make the key for secrets: %w", err)
	}
	w.secretKey = base64.StdEncoding.EncodeToString(key)
	app, err := w.Workspace.Install(manifest)
	if err != nil {
		return nil, fmt.Errorf("install the app: %w", err)
	}
	w.App = app
	if err := w.Workspace.InviteApp(app.ID, "access"); err != nil {
		return nil, fmt.Errorf("invite the app: %w", err)
	}
	if _, err := w.Workspace.Start(addr); err != nil {
		return nil, fmt.Errorf("serve the workspace: %w", err)
	}
	err = w.startOthers()
	if err == nil {
		err = w.configure()
	}
	if err != nil {
		for _, server := range w.servers {
			err = errors.Join(err, server.Close())
		}
		return nil, errors.Join(err, w.Workspace.Close())
	}
	return w, nil
}

// configure writes the configuration and the tokens that it refers to.
func (w *World) configure() error {
	slackToken, err := w.Workspace.UserToken(w.App.ID, "dana", slackScopes...)
	if err != nil {
		return fmt.Errorf("make the token for the workspace's own access: %w", err)
	}
	facts := map[string]string{"DRIVE": w.TargetURL, "FOLDER": w.Dir, "SLACK": w.Workspace.URL(), "TEAM": w.Workspace.TeamID()}
	text := os.Expand(configuration, func(name string) string { return facts[name] })
	return errors.Join(w.write("usher.yaml", text), w.write("drive-token", targetToken), w.write("slack-token", slackToken))
}

func (w *World) write(name, content string) error {
	if err := os.WriteFile(filepath.Join(w.Dir, name), []byte(content), 0o600); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// startOthers serves the target system and the identity provider beside the workspace.
func (w *World) startOthers() error {
	var err error
	w.Target = newDrive(w.Clock.Now)
	if w.TargetURL, err = w.serve(1, w.Target.Handler()); err != nil {
		return fmt.Errorf("serve the target system: %w", err)
	}
	w.ID = newID(w.Clock.Now)
	if w.IDURL, err = w.serve(2, w.ID.Handler()); err != nil {
		return fmt.Errorf("serve the identity provider: %w", err)
	}
	w.Workspace.Link("Acme Drive", w.TargetURL)
	w.Workspace.Link("Acme ID", w.IDURL)
	return nil
}

// serve serves something at the nth port behind the workspace's, or at a free one.
func (w *World) serve(n uint16, handler http.Handler) (url string, err error) {
	listener, err := w.listen(n)
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	w.servers = append(w.servers, server)
	go func() { _ = server.Serve(listener) }() // ends with Close
	return "http://" + listener.Addr().String(), nil
}

func (w *World) listen(n uint16) (net.Listener, error) {
	beside, err := netip.ParseAddrPort(strings.TrimPrefix(w.Workspace.URL(), "http://"))
	if err != nil {
		return nil, err
	}
	listener, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(netip.AddrPortFrom(beside.Addr(), beside.Port()+n)))
	if err != nil {
		listener, err = net.ListenTCP("tcp", net.TCPAddrFromAddrPort(netip.AddrPortFrom(beside.Addr(), 0)))
	}
	return listener, err
}

// FreeAddress is an address beside the workspace's at which nothing listens.
func (w *World) FreeAddress() (string, error) {
	listener, err := w.listen(3)
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return listener.Addr().String(), listener.Close()
}

// Environment is what an operator would set for this company.
func (w *World) Environment() map[string]string {
	return map[string]string{
		"SLACK_BOT_TOKEN": w.App.BotToken,
		"SLACK_APP_TOKEN": w.App.AppToken,
		"SLACK_API_URL":   w.Workspace.APIURL(),
		"DATABASE_URL":    "sqlite:" + filepath.Join(w.Dir, "usher.db"),
		"USHER_CONFIG":    filepath.Join(w.Dir, "usher.yaml"),
		"USHER_ADMINS":    "dana@acme.example",
		"USHER_HTTP_ADDR": "127.0.0.1:0",
		"USHER_SWEEP":     "@every 1s",

		"USHER_SECRET_KEY":  w.secretKey,
		"USHER_FACTOR_WAIT": "0", // an authenticator app that is set up counts at once, so that it can be tried
	}
}

// Close ends the company.
func (w *World) Close(ctx context.Context) error {
	err := w.Workspace.Close()
	for _, server := range w.servers {
		err = errors.Join(err, shut(ctx, server))
	}
	return err
}

// shut ends a server. Pages that are still open are cut off when ctx ends.
func shut(ctx context.Context, server *http.Server) error {
	err := server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, server.Close())
	}
	return err
}

package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/sethvargo/go-envconfig"
	"golang.org/x/sync/errgroup"

	"github.com/usherhq/usher/demo"
	"github.com/usherhq/usher/demo/slack"
	"github.com/usherhq/usher/flows"
)

// manifest is the Slack app, as it would be created in a real workspace.
//
//go:embed manifest.yaml
var manifest []byte

type demoCommand struct {
	Addr string `default:"127.0.0.1:8484" help:"Where the workspace's page is; the target system's and the identity provider's are at the next ports."`
	Data string `placeholder:"DIR" help:"Keep database and configuration in this folder; without it they are removed at the end."`
}

const welcome = `Usher's demo runs. Open the workspace in a browser and play everybody:

  workspace   %s/#/ana/%s
  Acme Drive  %s      the target system: watch accounts and groups come and go
  Acme ID     %s      the identity provider: hire, move and suspend people

  1  You are Ana: type /access request in #access and ask for Drive editors.
  2  Switch to Ben (top left): approve the card in #access.
  3  Watch the thread, and Ana appear in Editors at Acme Drive.
  4  Move the clock forward behind her time: the access is taken back.
  5  Ask for Slack admin access, Design channel or Meeting room keys as well: the workspace itself changes, and
     people are asked in between. As Dana, /access admin shows the workflows behind them.
  6  At Acme ID, hire a designer: the change waits in #access. As Dana, approve it: the account is written to Acme
     Drive, and what designers have comes by itself.
  7  At Acme ID, change the designer's department to Sales: one thing comes, and another goes in a week unless somebody
     presses Keep. Suspend Carl: a card says within seconds what was ended where. End the quarter: too many at
     once are stopped until Dana says whether they go on.
  8  In another terminal: DATABASE_URL=sqlite:%s go run . audit export --format csv

Files are in %s. Ctrl-C ends the demo.
`

// Run runs the sample company and the bot beside each other until stopped.
func (d demoCommand) Run(ctx context.Context, p program) error {
	if _, _, err := net.SplitHostPort(d.Addr); err != nil {
		return usageError{errors.New("--addr: write an address and a port, such as 127.0.0.1:8484")}
	}
	dir, cleanup, err := d.folder()
	if err != nil {
		return err
	}
	world, err := demo.Start(d.Addr, dir, manifest, slack.Options{})
	if errors.Is(err, syscall.EADDRINUSE) {
		err = fmt.Errorf("%s is in use already: stop what listens there, or name another address with --addr", d.Addr)
	}
	if err != nil {
		return errors.Join(err, cleanup())
	}
	err = d.serve(ctx, p, world)
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return errors.Join(err, world.Close(ending), cleanup())
}

func (d demoCommand) serve(ctx context.Context, p program, world *demo.World) error {
	s, err := readSettings(ctx, envconfig.MultiLookuper(envconfig.MapLookuper(world.Environment()), p.env))
	if err != nil {
		return err
	}
	if s.HTTPAddr, err = world.FreeAddress(); err != nil {
		return err
	}
	s.LogLevel = slog.LevelWarn.String()
	log, err := s.logger(p.err)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var beginning errgroup.Group
	err = serve(ctx, s, log, world.Clock.Now, func(f *flows.Flows) {
		world.Clock.OnAdvance(func() {
			if err := f.SweepSoon(ctx); err != nil && ctx.Err() == nil {
				log.ErrorContext(ctx, "sweep after the clock was moved", "error", err)
			}
		})
		beginning.Go(func() error {
			defer stop() // unless all is well, which lasts until the end
			return d.begin(ctx, p, s, world, f)
		})
	})
	stop()
	if began := beginning.Wait(); !errors.Is(began, context.Canceled) {
		err = errors.Join(err, began)
	}
	return err
}

// folder is where the demo's files go, and what is done with them at the end.
func (d demoCommand) folder() (string, func() error, error) {
	if d.Data == "" {
		dir, err := os.MkdirTemp("", "usher-demo-")
		return dir, func() error { return os.RemoveAll(dir) }, err
	}
	dir, err := filepath.Abs(d.Data)
	if err == nil {
		err = os.MkdirAll(dir, 0o700)
	}
	return dir, func() error { return nil }, err
}

// Usher lets people in and shows them out: access requests, approvals, provisioning, expiry and their proof, in Slack.
//
// This package is the command line. It wires the parts together and does nothing else.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/sethvargo/go-envconfig"

	"github.com/usherhq/usher/flows/config"
)

// version is set when a release is built; else it is what Go knows of the build.
var version = ""

// Exit codes of the command line.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, program{env: envconfig.OsLookuper(), out: os.Stdout, err: os.Stderr}, os.Args[1:])
	stop()
	os.Exit(code)
}

// program is what a run of the command line gets from outside.
type program struct {
	env      envconfig.Lookuper
	out, err io.Writer
}

// commands is the table of the command line.
type commands struct {
	Demo    demoCommand    `cmd:"" help:"Everything on one machine, with a local Slack workspace page."`
	Serve   serveCommand   `cmd:"" help:"The bot."`
	Migrate migrateCommand `cmd:"" help:"Bring the database up to date (serve does so too, under a lock)."`
	Apply   applyCommand   `cmd:"" help:"Make providers, entitlements and chains equal to a file; print the plan first."`
	Config  struct {
		Export exportConfigCommand `cmd:"" help:"Print the present configuration as YAML; applying it changes nothing."`
	} `cmd:"" help:"The configuration."`
	Directory directoryCommands `cmd:"" help:"Who tells of people and groups."`
	Audit     struct {
		Export exportAuditCommand `cmd:"" help:"Export the audit log."`
		Verify verifyAuditCommand `cmd:"" help:"Check the audit log, or an export of it."`
	} `cmd:"" help:"The audit log."`
	Doctor  doctorCommand  `cmd:"" help:"Check tokens, scopes, sockets, database and every provider; say how to mend."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// run is the program: it returns the exit code. Errors go to program.err, one line each, naming what to change.
func run(ctx context.Context, p program, args []string) int {
	var cli commands
	exited := -1
	parser, err := kong.New(&cli, kong.Name("usher"), kong.Description("Access requests in Slack, provisioned, taken back and proven."),
		kong.Writers(p.out, p.err), kong.Exit(func(code int) { exited = code }),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(p))
	if err != nil {
		panic(err) // the table above is wrong
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 {
		return exited // --help
	}
	if err != nil {
		p.complain(err.Error() + " (usher --help lists the commands)")
		return exitUsage
	}
	return p.exitCode(parsed.Run())
}

// usageError is an error of whoever called: exit code 2.
type usageError struct{ error }

func (p program) exitCode(err error) int {
	var usage usageError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errSilent):
		return exitFailed
	}
	for _, line := range complaints(err) {
		p.complain(line)
	}
	if errors.As(err, &usage) {
		return exitUsage
	}
	return exitFailed
}

func (p program) complain(line string) {
	_, _ = fmt.Fprintf(p.err, "usher: %s\n", line) // when it can't be written there is nowhere to say so
}

// complaints are the lines that tell of an error: one, or one for each mistake in a configuration.
func complaints(err error) []string {
	var mistakes config.Errors
	var refused config.RefusedError
	lines := strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' })
	if errors.As(err, &mistakes) || errors.As(err, &refused) {
		return lines
	}
	return []string{strings.Join(strings.Fields(strings.Join(lines, " ")), " ")} // a database's error may take several
}

// errSilent is a failure that was printed already.
var errSilent = errors.New("")

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(p program) error {
	_, err := fmt.Fprintln(p.out, "usher", built())
	return err
}

// built is the version of this program: the release's, else the commit's as Go writes it.
func built() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "development"
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/audit"
	"github.com/usherhq/usher/flows/config"
	"github.com/usherhq/usher/handlers"
)

// withStore runs do on the database of the environment, migrated.
func (p program) withStore(ctx context.Context, do func(settings, *db.Store) error) error {
	s, err := readSettings(ctx, p.env)
	if err != nil {
		return err
	}
	log, err := s.logger(p.err)
	if err != nil {
		return err
	}
	store, err := openDatabase(ctx, s, log)
	if err != nil {
		return err
	}
	return errors.Join(do(s, store), store.Close())
}

type migrateCommand struct{}

// Run brings the database up to date.
func (migrateCommand) Run(ctx context.Context, p program) error {
	return p.withStore(ctx, func(settings, *db.Store) error {
		_, err := fmt.Fprintln(p.out, "The database is up to date.")
		return err
	})
}

type applyCommand struct {
	File   string `short:"f" required:"" placeholder:"FILE" help:"The configuration file."`
	DryRun bool   `help:"Print the plan and change nothing."`
	Prune  bool   `help:"Remove what the file's sections do not name."`

	Overwrite bool `help:"Change also what somebody changed in Slack."`
}

// Run prints the plan and carries it out.
func (a applyCommand) Run(ctx context.Context, p program) error {
	file, err := readConfig(a.File)
	if err != nil {
		return err
	}
	return p.withStore(ctx, func(s settings, store *db.Store) error {
		f, err := offline(s, store)
		if err != nil {
			return err
		}
		plan, err := f.PlanConfig(ctx, file, a.Prune)
		if err != nil {
			return err
		}
		if err := a.beside(plan).Write(p.out); err != nil {
			return err
		}
		if a.DryRun {
			return tellRules(ctx, p.out, f, plan)
		}
		changes, err := f.ApplyConfig(ctx, file, a.Prune, operator(), a.beside)
		if err != nil || len(changes) == 0 {
			return err
		}
		_, err = fmt.Fprintf(p.out, "Applied. Changes: %d.\n", len(changes))
		return err
	})
}

// beside decides about what somebody changed in Slack.
func (a applyCommand) beside(plan config.Plan) config.Plan {
	if a.Overwrite {
		return plan.Overwrite()
	}
	return plan
}

// offline is the flows without Slack: messages that they want are sent by whoever serves.
func offline(s settings, store *db.Store) (*flows.Flows, error) {
	return flows.New(flows.Options{
		Store: store, Registry: registry(s.networks...), Notifier: handlers.NewOutbox(store, nil, nil, nil), Admins: s.Admins,
	})
}

// operator names who runs the command, for the audit log.
func operator() string {
	if who, err := user.Current(); err == nil {
		return who.Username
	}
	return "operator"
}

type exportConfigCommand struct{}

// Run prints the configuration.
func (exportConfigCommand) Run(ctx context.Context, p program) error {
	return p.withStore(ctx, func(_ settings, store *db.Store) error {
		text, err := config.Export(ctx, store, registry())
		if err != nil {
			return err
		}
		_, err = p.out.Write(text)
		return err
	})
}

type exportAuditCommand struct {
	Since   string `placeholder:"TIME" help:"Only entries from this time on: RFC 3339 or a date."`
	Until   string `placeholder:"TIME" help:"Only entries before this time."`
	Request string `placeholder:"ID" help:"Only entries of this request."`
	Format  string `default:"jsonl" enum:"csv,jsonl,ocsf" help:"csv, jsonl or ocsf."`
	Out     string `short:"o" placeholder:"FILE" help:"Write into a file instead of printing."`
}

// Run streams the log; memory does not grow with it.
func (e exportAuditCommand) Run(ctx context.Context, p program) error {
	filter := db.AuditFilter{Request: e.Request}
	var err error
	if filter.Since, err = boundary("--since", e.Since); err != nil {
		return err
	}
	if filter.Until, err = boundary("--until", e.Until); err != nil {
		return err
	}
	return p.withStore(ctx, func(_ settings, store *db.Store) error {
		if e.Out == "" {
			return audit.Export(ctx, store, filter, e.Format, p.out)
		}
		return intoFile(e.Out, func(w io.Writer) error { return audit.Export(ctx, store, filter, e.Format, w) })
	})
}

func boundary(flag, text string) (string, error) {
	if text == "" {
		return "", nil
	}
	at, err := audit.ParseTime(text)
	if err != nil {
		return "", usageError{fmt.Errorf("%s: %w", flag, err)}
	}
	return at, nil
}

// intoFile writes a file that is there whole or not at all. What is no file (a pipe, a device) is written to.
func intoFile(path string, write func(io.Writer) error) error {
	if there, err := os.Stat(path); err == nil && !there.Mode().IsRegular() {
		return intoOpen(path, write)
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".usher-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, errors.Unwrap(err)) // without the temporary name
	}
	err = errors.Join(write(file), file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}

func intoOpen(path string, write func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(write(file), file.Close())
}

type verifyAuditCommand struct {
	File string `arg:"" optional:"" help:"An export (csv or jsonl); without it the database's own log is checked."`
}

// Run says whether the log is as it was written: exit code 1 and the first bad entry if not.
func (v verifyAuditCommand) Run(ctx context.Context, p program) error {
	if v.File == "" {
		return p.withStore(ctx, func(_ settings, store *db.Store) error {
			result, err := audit.VerifyStore(ctx, store)
			return p.verified(result, err)
		})
	}
	file, err := os.Open(v.File)
	if err != nil {
		return err
	}
	result, err := audit.VerifyFile(file)
	return p.verified(result, errors.Join(err, file.Close()))
}

func (p program) verified(result audit.Result, err error) error {
	if err != nil {
		return err
	}
	if result.Entries == 0 {
		_, err = fmt.Fprintln(p.out, "The log has no entries yet.")
		return err
	}
	if result.Complete {
		_, err = fmt.Fprintf(p.out, "Untouched: %d entries, the last with hash %s.\n", result.Entries, result.LastHash)
		return err
	}
	_, err = fmt.Fprintf(p.out, "Untouched as far as it goes: %d entries from %d to %d. It is a part of the log, so what was left out can't be told from what was taken out.\n",
		result.Entries, result.First, result.Last)
	return err
}

package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/audit"
)

// directoryCommands are the commands about directories: who tells of people and groups.
type directoryCommands struct {
	List  listDirectoriesCommand `cmd:"" help:"List the directories and how they do."`
	Token directoryTokenCommand  `cmd:"" help:"Make a token with which an identity provider writes to a directory, and print it once."`
	Drift directoryDriftCommand  `cmd:"" help:"List what directories say and what is not so."`
}

type listDirectoriesCommand struct {
	Format string `default:"table" enum:"table,csv" help:"table or csv."`
}

// Run prints a line for each directory.
func (l listDirectoriesCommand) Run(ctx context.Context, p program) error {
	return p.withStore(ctx, func(_ settings, store *db.Store) error {
		now := time.Now()
		states, err := db.DirectoryStates(ctx, store, now)
		if err != nil {
			return err
		}
		rows := [][]string{{"directory", "kind", "mode", "last change", "waiting", "stopped", "differs", "token", "reading it"}}
		for _, state := range states {
			rows = append(rows, directoryCells(state, now))
		}
		return writeRows(p.out, l.Format, rows)
	})
}

// directoryCells are what an operator sees of a directory.
func directoryCells(state db.DirectoryState, now time.Time) []string {
	mode := state.Policy.Mode
	if mode == "" {
		mode = db.Observe
	}
	if !state.Active {
		mode = "inactive"
	}
	stopped := "no"
	if state.Stop != nil {
		stopped = "since " + moment(state.Stop.CreatedAt) + ": " + state.Stop.Why
	}
	return []string{
		state.Slug, state.Kind, mode, moment(state.WroteAt), strconv.Itoa(state.Waiting), stopped, strconv.Itoa(state.Drifts),
		tokenAge(state, now), readingIt(state),
	}
}

// tokenAge says how old the token is with which a directory is written to.
func tokenAge(state db.DirectoryState, now time.Time) string {
	switch {
	case state.Kind != db.SCIMDirectory:
		return ""
	case state.Token.ID == "":
		return "none"
	}
	age := now.Sub(state.Token.CreatedAt)
	days := strconv.Itoa(int(age.Hours()) / 24)
	if age < 24*time.Hour {
		days = "less than 1"
	}
	if state.Token.UsedAt.IsZero() {
		return days + "d old, never used"
	}
	return days + "d old"
}

// readingIt says how the last attempt went to read a directory that does not write by itself.
func readingIt(state db.DirectoryState) string {
	switch {
	case state.Kind != db.WorkOSDirectory:
		return ""
	case state.PollError != "":
		return state.PollError
	}
	return moment(state.PolledAt)
}

// moment writes a time; zero is never.
func moment(at time.Time) string {
	if at.IsZero() {
		return "never"
	}
	return at.UTC().Format(time.RFC3339)
}

type directoryTokenCommand struct {
	Slug    string `arg:"" help:"The directory."`
	Overlap string `default:"24h" placeholder:"DURATION" help:"How long older tokens go on holding, such as 24h or 7d; 0 ends them at once."`
}

// Run prints the token on standard output, and all else on standard error.
func (c directoryTokenCommand) Run(ctx context.Context, p program) error {
	overlap, err := db.ParseDuration(c.Overlap)
	if c.Overlap != "0" && err != nil {
		return usageError{fmt.Errorf("--overlap: %q is not a duration: write for example 24h, 7d or 0", c.Overlap)}
	}
	return p.withStore(ctx, func(s settings, store *db.Store) error {
		f, err := offline(s, store)
		if err != nil {
			return err
		}
		now := time.Now()
		var older []db.DirectoryToken
		if directory, err := db.DirectoryBySlug(ctx, store, c.Slug); err == nil {
			if older, err = db.DirectoryTokens(ctx, store, directory.ID, now); err != nil {
				return err
			}
		}
		token, err := f.NewDirectoryToken(ctx, c.Slug, time.Duration(overlap))
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(p.out, token); err != nil {
			return err
		}
		p.complain(tokenWords(older, now.Add(time.Duration(overlap)), overlap > 0))
		p.complain("the identity provider writes to " + scimAddress(s.Public, c.Slug))
		return nil
	})
}

// tokenWords says what becomes of the tokens that there were.
func tokenWords(older []db.DirectoryToken, end time.Time, overlap bool) string {
	const once = "this token is shown once and never again; "
	switch {
	case len(older) == 0:
		return once + "there was no other"
	case !overlap:
		return once + "older tokens have ended"
	}
	return once + "older tokens hold until " + moment(end)
}

// scimAddress is where an identity provider writes to a directory.
func scimAddress(public, slug string) string {
	path := "/scim/v2/" + slug
	if public == "" {
		return path + " below the address under which others reach USHER_HTTP_ADDR (set USHER_PUBLIC_URL to have it named)"
	}
	return strings.TrimSuffix(public, "/") + path
}

type directoryDriftCommand struct {
	Slug   string `arg:"" optional:"" help:"Only this directory."`
	Format string `default:"table" enum:"table,csv" help:"table or csv."`
}

// driftPage is how many differences are read at once.
const driftPage = 500

// Run prints a line for each difference, the oldest first.
func (d directoryDriftCommand) Run(ctx context.Context, p program) error {
	return p.withStore(ctx, func(_ settings, store *db.Store) error {
		directories, err := db.Directories(ctx, store)
		if err != nil {
			return err
		}
		rows, found := [][]string{{"directory", "since", "kind", "what"}}, false
		for _, directory := range directories {
			if d.Slug != "" && d.Slug != directory.Slug {
				continue
			}
			found = true
			for offset := int64(0); ; offset += driftPage {
				drifts, _, err := db.ListDrifts(ctx, store, directory.ID, driftPage, offset)
				if err != nil {
					return err
				}
				for _, one := range drifts {
					rows = append(rows, []string{directory.Slug, moment(one.Since), one.Kind, one.Words})
				}
				if len(drifts) < driftPage {
					break
				}
			}
		}
		if d.Slug != "" && !found {
			return fmt.Errorf("there is no directory %q: usher directory list names them", d.Slug)
		}
		return writeRows(p.out, d.Format, rows)
	})
}

// writeRows writes rows, the heading first, for people or for a spreadsheet. What the cells hold was written by others.
func writeRows(w io.Writer, format string, rows [][]string) error {
	if format == "csv" {
		table := csv.NewWriter(w)
		for _, row := range rows {
			for n := range row {
				row[n] = audit.Guard(row[n])
			}
			if err := table.Write(row); err != nil {
				return err
			}
		}
		table.Flush()
		return table.Error()
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		for n := range row {
			if row[n] = printable(row[n]); row[n] == "" {
				row[n] = "-"
			}
		}
		if _, err := fmt.Fprintln(table, strings.Join(row, "\t")); err != nil {
			return err
		}
	}
	return table.Flush()
}

// printable is a text on one line, without what a terminal would obey.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, text)
}

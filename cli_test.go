package main

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/pgtest"
)

// TestCommandLine runs the scripts in testdata/script on a SQLite file and on Postgres; those in its folder sqlite need
// a file, or no database. Besides testscript's own commands they have:
//
//	usher ARGS…        the program, in this process: exit code 0, with ! in front 1
//	misused ARGS…      the same with exit code 2, one line on standard error
//	company            starts the sample company and sets the environment for it
//	serve              starts the bot for the company
//	ask REASON         Ana asks for Drive editors and Ben approves; $REQUEST is the request's id
//	sql STATEMENT      runs a statement in the database, as somebody who tampers with it
func TestCommandLine(t *testing.T) {
	t.Parallel()
	for _, database := range []string{"sqlite", "postgres"} {
		files, err := filepath.Glob("testdata/script/*.txt")
		require.NoError(t, err)
		if database == "sqlite" {
			more, err := filepath.Glob("testdata/script/sqlite/*.txt")
			require.NoError(t, err)
			files = append(files, more...)
		}
		require.NotEmpty(t, files)
		for _, file := range files {
			t.Run(database+"/"+strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
				t.Parallel()
				runScript(t, file, database)
			})
		}
	}
}

func runScript(t *testing.T, file, database string) {
	t.Helper()
	s := &script{t: t}
	if database == "postgres" {
		s.url = pgtest.Open(t) + "&pool_max_conns=8"
	}
	testscript.RunT(within{t}, testscript.Params{
		Files: []string{file},
		Setup: func(env *testscript.Env) error {
			if s.url == "" {
				s.url = "sqlite:" + filepath.Join(env.WorkDir, "usher.db")
			}
			env.Setenv("DATABASE_URL", s.url)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"usher": s.usher, "misused": s.misused, "company": s.company, "serve": s.serve, "ask": s.ask, "sql": s.sql,
		},
		Condition: func(name string) (bool, error) { return name == database, nil },
	})
}

// within runs a script within the test, so that what the script starts is the test's.
type within struct{ *testing.T }

// Parallel does nothing: the test is parallel already.
func (within) Parallel() {}

// Run runs the script.
func (w within) Run(_ string, script func(testscript.T)) { script(w) }

// Verbose says whether go test was given -v.
func (within) Verbose() bool { return testing.Verbose() }

// script is what the commands of one script share.
type script struct {
	t    *testing.T
	url  string
	firm *company
}

// lookuper is the script's environment: nothing of the machine's own.
type lookuper struct{ *testscript.TestScript }

// Lookup implements envconfig.Lookuper.
func (l lookuper) Lookup(name string) (string, bool) {
	value := l.Getenv(name)
	return value, value != ""
}

func (s *script) run(ts *testscript.TestScript, args []string, out, complaints io.Writer) int {
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	return run(ctx, program{env: lookuper{ts}, out: out, err: complaints}, args)
}

func (s *script) usher(ts *testscript.TestScript, failing bool, args []string) {
	want := exitDone
	if failing {
		want = exitFailed
	}
	if code := s.run(ts, args, ts.Stdout(), ts.Stderr()); code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

func (s *script) misused(ts *testscript.TestScript, _ bool, args []string) {
	var complaint strings.Builder
	code := s.run(ts, args, ts.Stdout(), io.MultiWriter(&complaint, ts.Stderr()))
	if code != exitUsage || strings.Count(complaint.String(), "\n") != 1 {
		ts.Fatalf("exit code %d, want %d and one line on standard error", code, exitUsage)
	}
}

func (s *script) company(ts *testscript.TestScript, _ bool, _ []string) {
	s.firm = found(s.t, s.url)
	for name, value := range s.firm.Environment() {
		ts.Setenv(name, value)
	}
	ts.Setenv("WORKSPACE", strings.TrimPrefix(s.firm.Workspace.URL(), "http://"))
}

func (s *script) serve(_ *testscript.TestScript, _ bool, _ []string) { s.firm.serve(nil) }

func (s *script) ask(ts *testscript.TestScript, _ bool, args []string) {
	card := s.firm.ask("ana", "Drive editors", "1h", strings.Join(args, " "))
	s.firm.press("ben", card.Target(), "Approve")
	s.firm.untilCard(card.TS, "Active")
	ts.Setenv("REQUEST", s.firm.id(card))
}

func (s *script) sql(ts *testscript.TestScript, _ bool, args []string) {
	store, err := db.Open(s.t.Context(), s.url)
	ts.Check(err)
	_, err = store.ExecContext(s.t.Context(), strings.Join(args, " "))
	ts.Check(err)
	ts.Check(store.Close())
}

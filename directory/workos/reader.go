package workos

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// How often a directory is read, and how patiently.
const (
	// interval is how long a directory rests between two readings, if no webhook wakes it.
	interval = 30 * time.Second
	// lease is how long nobody else begins to read a directory without being woken; it is renewed while reading goes on.
	lease = 45 * time.Second
	// shortestRest and longestRest bound how long a directory rests after a failure.
	shortestRest = 15 * time.Second
	longestRest  = 10 * time.Minute
	// compareEvery is how often the mirror is compared with the state.
	compareEvery = 24 * time.Hour
)

// Directories is what a Reader writes to. It is implemented by flows.Flows.
type Directories interface {
	WriteDirectory(ctx context.Context, directoryID string, write func(ctx context.Context, j *flows.Journal) error) error
	Now() time.Time
}

// Options are what a Reader and a Webhook need.
type Options struct {
	Flows  *flows.Flows
	Store  bun.IDB
	Secret func(reference string) (string, error) // reads a secret that settings refer to
	Log    *slog.Logger
}

// Reader reads the directories that WorkOS syncs. It is flows.DirectoryReader, and safe for concurrent use, also by
// several processes: of two that read one directory at once, each event counts for one.
type Reader struct {
	flows  Directories
	store  bun.IDB
	secret func(string) (string, error)
	log    *slog.Logger

	mu      sync.Mutex
	clients map[[2]string]*Client // by address and key: they share the pace
}

// NewReader makes a Reader.
func NewReader(o Options) *Reader {
	return &Reader{flows: o.Flows, store: o.Store, secret: o.Secret, log: o.Log, clients: map[[2]string]*Client{}}
}

// errOvertaken says that somebody else reads the directory and is farther.
var errOvertaken = errors.New("another process reads the directory")

// settingsError says that the settings of a directory, or what they refer to, are wrong.
type settingsError struct{ error }

// Read takes over all that WorkOS has to tell of a directory by now. A failure of WorkOS is written into the
// directory's row; an error is one of the database.
func (r *Reader) Read(ctx context.Context, directory db.Directory) error {
	err := r.read(ctx, directory)
	switch {
	case err == nil, errors.Is(err, errOvertaken):
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case !ofWorkOS(err):
		return err
	}
	return r.rest(ctx, directory, err)
}

// ofWorkOS says whether an error is of WorkOS or of the settings.
func ofWorkOS(err error) bool {
	for _, kind := range []error{ErrKey, ErrTransient, ErrCursor, ErrMissing, ErrAnswer, errUnlinked} {
		if errors.Is(err, kind) {
			return true
		}
	}
	_, status := errors.AsType[*statusError](err)
	_, settings := errors.AsType[settingsError](err)
	return status || settings
}

// read reads events until there are none, and compares the mirror with the state if that is due or under way.
func (r *Reader) read(ctx context.Context, directory db.Directory) error {
	client, err := r.client(directory.Settings.WorkOS)
	if err != nil {
		return err
	}
	one := &reading{
		Reader: r, client: client, state: client.State(directory.Settings.WorkOS.DirectoryID), directory: directory, foreign: map[string]int{},
	}
	one.resumed = directory.Comparing
	if err := one.events(ctx); err != nil {
		return err
	}
	if err := one.compare(ctx); err != nil {
		return fmt.Errorf("compare with what WorkOS has: %w", err)
	}
	if err := r.tellOfForeign(ctx, one.foreign); err != nil {
		return err
	}
	return r.flows.WriteDirectory(ctx, directory.ID, func(_ context.Context, j *flows.Journal) error {
		j.Directory.PolledAt, j.Directory.PollAfter, j.Directory.PollError = j.Now, j.Now.Add(interval), ""
		if j.Directory.Comparing != "" {
			j.Directory.PollAfter = j.Now // the comparison goes on in the next job
		}
		return nil
	})
}

// tellOfForeign logs how many events were of directories that are not configured.
func (r *Reader) tellOfForeign(ctx context.Context, foreign map[string]int) error {
	if len(foreign) == 0 {
		return nil
	}
	all, err := db.Directories(ctx, r.store)
	if err != nil {
		return err
	}
	for _, one := range all {
		delete(foreign, one.Settings.WorkOS.DirectoryID)
	}
	for id, events := range foreign {
		r.log.InfoContext(ctx, "events of a directory that is not configured were skipped", "directory_id", id, "events", events)
	}
	return nil
}

// client is the client for a directory's settings.
func (r *Reader) client(s db.WorkOSSettings) (*Client, error) {
	key, err := r.secret(s.APIKey)
	if err != nil {
		return nil, settingsError{fmt.Errorf("api_key: %w", err)}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if known := r.clients[[2]string{s.URL, key}]; known != nil {
		return known, nil
	}
	made, err := NewClient(s.URL, key)
	if err != nil {
		return nil, settingsError{err}
	}
	r.clients[[2]string{s.URL, key}] = made
	return made, nil
}

// rest lets a directory rest after a failure, for as long as it has failed already: that doubles with each failure. What
// WorkOS asked for is kept to.
func (r *Reader) rest(ctx context.Context, directory db.Directory, why error) error {
	return r.flows.WriteDirectory(ctx, directory.ID, func(ctx context.Context, j *flows.Journal) error {
		wait := restFor(j.Directory, j.Now, RetryAfter(why), rand.Float64()) //nolint:gosec // spreads calls, hides nothing
		j.Directory.PollError, j.Directory.PollAfter = why.Error(), j.Now.Add(wait)
		r.log.WarnContext(ctx, "directory could not be read", "directory", j.Directory.Slug, "error", why, "again_after", wait.Round(time.Second))
		return nil
	})
}

// restFor says how long a directory rests after a failure. Chance is from 0 to 1.
func restFor(directory db.Directory, now time.Time, asked time.Duration, chance float64) time.Duration {
	since := directory.PolledAt
	if since.Before(directory.UpdatedAt) {
		since = directory.UpdatedAt
	}
	wait := max(shortestRest, min(now.Sub(since), longestRest))
	wait = wait/2 + time.Duration(chance*float64(wait))
	if wait < asked {
		wait = asked + time.Duration(chance*float64(shortestRest))
	}
	return wait
}

// Package flows holds the rules of Usher: requests, approvals, grants, action flows, expiry. It knows no Slack and
// no HTTP.
//
// Each exported method that changes something is one transaction: it locks the request, decides, changes rows,
// records audit events and enqueues what follows, and all of it commits together or not at all. Whatever talks to
// Slack or to a provider comes after, as a job that reads its row anew.
package flows

import (
	"context"
	"log/slog"
	"time"

	"github.com/robfig/cron/v3"
	"github.com/uptrace/bun"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
)

// Notifier tells people what happened. It is implemented where Slack is known.
type Notifier interface {
	// Record turns events into messages that are to exist, in the transaction that made the events, and returns the
	// lanes of messages that now have something to send.
	Record(ctx context.Context, tx bun.IDB, events []db.AuditEvent) ([]string, error)
	// Flush sends what a lane has to send. A positive wait asks to be called again after it.
	Flush(ctx context.Context, lane string) (wait time.Duration, err error)
}

// Options are what Flows is made of. Clock, Log, Mailer and Letters may be nil.
type Options struct {
	Store    *db.Store
	Registry *connectors.Registry
	Notifier Notifier
	Clock    func() time.Time // the time that people live in; the demo can move it forward
	Log      *slog.Logger
	Admins   []string      // the first admins: e-mail addresses or Slack user ids
	Pending  time.Duration // how long a request may wait for its decisions; 0 is DefaultPending

	Mailer    Mailer  // nil: no mail can be sent
	Letters   Letters // nil only without a Mailer
	PublicURL string  // how others reach this installation's HTTP side; empty: they can't

	SecretKey  []byte           // 32 bytes that seal secrets in the database; nil: there are none, and no second factors
	FactorWait time.Duration    // how long a new authenticator app does not count for approvals yet
	Identity   IdentityProvider // nil: nobody can sign in anew

	Reconcile cron.Schedule // when directories are compared in full; nil is DefaultReconcile
}

// DefaultPending is how long a request may wait for its decisions before it lapses.
const DefaultPending = 7 * 24 * time.Hour

// Flows is the rules on top of one database. It is safe for concurrent use, also by several processes.
type Flows struct {
	store     *db.Store
	notifier  Notifier
	clock     func() time.Time
	log       *slog.Logger
	admins    []string
	pending   time.Duration
	jobs      *jobs
	providers *providers
	registry  *connectors.Registry
	mailer    Mailer
	letters   Letters
	publicURL string
	drafter   Drafter         // nil where nothing proposes workflows
	reader    DirectoryReader // nil where no directory is read

	sealer     *sealer // nil where no secret can be kept
	factorWait time.Duration
	identity   IdentityProvider // nil where nobody can sign in anew
	nightly    cron.Schedule    // when directories are compared in full
}

// New puts the rules on a database that is migrated. Nothing runs until Run.
func New(options Options) (*Flows, error) {
	f := &Flows{
		store: options.Store, notifier: options.Notifier, clock: options.Clock, log: options.Log,
		admins: options.Admins, pending: options.Pending, registry: options.Registry,
		providers: newProviders(options.Registry), mailer: options.Mailer, letters: options.Letters, publicURL: options.PublicURL,
		factorWait: options.FactorWait, identity: options.Identity, nightly: options.Reconcile,
	}
	if f.clock == nil {
		f.clock = time.Now
	}
	if f.log == nil {
		f.log = slog.New(slog.DiscardHandler)
	}
	if f.pending == 0 {
		f.pending = DefaultPending
	}
	var err error
	if f.nightly == nil {
		if f.nightly, err = ParseSchedule(DefaultReconcile); err != nil {
			return nil, err
		}
	}
	if f.sealer, err = newSealer(options.SecretKey); err != nil {
		return nil, err
	}
	f.jobs, err = newJobs(f)
	return f, err
}

// Now is the time that people live in, as it is stored.
func (f *Flows) Now() time.Time { return db.UTC(f.clock()) }

package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// The kinds of directory.
const (
	SCIMDirectory   = "scim"   // an identity provider writes to our SCIM server
	WorkOSDirectory = "workos" // we read the events of WorkOS Directory Sync
)

// DirectoryItemID is the id of the entitlement to which items refer that carry something out for a directory.
// Nobody can be given it, and no list shows it.
const DirectoryItemID = "ent_directory"

// DirectoryItemSlug is its slug, by which the audit log calls it.
const DirectoryItemSlug = "usher:directory"

// HiddenProviderID is the id of the provider of ConfigurationID and DirectoryItemID.
const HiddenProviderID = "prv_usher"

// Directory is a source of people and groups: an identity provider or WorkOS. It writes; it never decides.
type Directory struct {
	bun.BaseModel `bun:"table:directories,alias:dir"`

	ID         string            `bun:"id,pk"`
	Slug       string            `bun:"slug"`
	Name       string            `bun:"name"`
	Kind       string            `bun:"kind"` // SCIMDirectory or WorkOSDirectory
	OwnerEmail string            `bun:"owner_email"`
	Settings   DirectorySettings `bun:"settings,type:jsonb"`
	Policy     DirectoryPolicy   `bun:"policy,type:jsonb"`
	PersonID   string            `bun:"person_id"` // the robot in whose name its requests are made
	Active     bool              `bun:"active"`
	UpdatedAt  time.Time         `bun:"updated_at"`

	Journal      int64     `bun:"journal"` // the newest change's number; counted under the row's lock
	Waking       bool      `bun:"waking"`  // a job is under way, or about to be, that works out the effects of changes
	Cursor       string    `bun:"cursor"`  // of WorkOS: id of the last event that was taken
	PolledAt     time.Time `bun:"polled_at,nullzero"`
	PollAfter    time.Time `bun:"poll_after,nullzero"` // of WorkOS: not asked again before then
	PollError    string    `bun:"poll_error"`          // why the last attempt to read it failed, a sentence; empty: it did not
	ReconciledAt time.Time `bun:"reconciled_at,nullzero"`
	Comparing    string    `bun:"comparing"` // of WorkOS: where the comparison that is under way is; empty: none is
}

// DirectorySettings say how a directory is reached and read.
type DirectorySettings struct {
	WorkOS     WorkOSSettings    `json:"workos,omitzero"`
	Attributes map[string]string `json:"attributes,omitempty"` // name in person.attributes → attribute of the directory, such as "urn:…:User:territory"
}

// WorkOSSettings are those of a directory that WorkOS syncs. Secrets are references, as env:NAME.
type WorkOSSettings struct {
	DirectoryID   string `json:"directory_id,omitempty"` // "directory_01…"
	URL           string `json:"url,omitempty"`          // of the API; empty is WorkOS's own
	APIKey        string `json:"api_key,omitempty"`
	WebhookSecret string `json:"webhook_secret,omitempty"` // empty: webhooks are refused, and polling alone tells of news
}

// What is done with a kind of change.
const (
	Observe = "observe" // the directory is the truth: the change is effective at once, and nothing is written elsewhere
	Hold    = "hold"    // the change waits for a decision, then it is effective and written downstream
	Pass    = "pass"    // the change is effective and written downstream at once, and told of
)

// DirectoryPolicy says what becomes of the changes that a directory writes.
type DirectoryPolicy struct {
	Modes      map[string]string `json:"modes,omitempty"`      // by kind of change; see Mode for what is absent
	Mode       string            `json:"mode,omitempty"`       // Observe or Hold, of the kinds that Modes leaves out; empty is Observe
	Routes     []DirectoryRoute  `json:"routes,omitempty"`     // first whose condition holds
	Downstream []string          `json:"downstream,omitempty"` // slugs of SCIM providers to which changes are written
	Gather     Duration          `json:"gather,omitempty"`     // how long changes of one kind are gathered for one card; 0 is ten seconds
	Pending    Duration          `json:"pending,omitempty"`    // how long a held change waits for its decision; 0 is what the settings say
	Breaker    Breaker           `json:"breaker,omitzero"`
}

// DirectoryRoute says who decides on held changes. When is CEL over person and change; empty always holds.
type DirectoryRoute struct {
	When    string `json:"when,omitempty"`
	Chain   string `json:"chain"`             // slug of an approval chain
	Channel string `json:"channel,omitempty"` // where the card goes; empty is the default channel
}

// Breaker stops changes that take away, when there are too many of them in an hour. 0 is the default, below 0 is off.
type Breaker struct {
	Changes int `json:"changes,omitempty"` // at most so many; default 50
	Percent int `json:"percent,omitempty"` // at most so many of a hundred people or groups of the directory; default 20
}

// The defaults of Breaker.
const (
	BreakerChanges = 50
	BreakerPercent = 20
)

// destructive are the kinds of change that wait for a decision unless the policy says otherwise: what they destroy can
// not be undone by a later message of the directory. What is urgent about them, the end of sessions, is a
// UserSuspended of its own.
var destructive = map[string]bool{UserDeleted: true, GroupDeleted: true, GroupEmptied: true, DirectoryDeleted: true}

// ModeOf is what is done with a kind of change. Unless the policy names the kind: a suspension is effective at once, a
// change that destroys waits, and all others go by Mode.
func (p DirectoryPolicy) ModeOf(kind string) string {
	if mode := p.Modes[kind]; mode != "" {
		return mode
	}
	switch {
	case kind == UserSuspended && p.Mode == Hold:
		return Pass
	case kind == UserSuspended || p.Mode == "" && !destructive[kind]:
		return Observe
	case destructive[kind]:
		return Hold
	}
	return p.Mode
}

// DirectoryStop is what the breaker of a directory stopped until a person says whether it goes on.
type DirectoryStop struct {
	bun.BaseModel `bun:"table:directory_stops,alias:stop"`

	ID          string    `bun:"id,pk"`
	DirectoryID string    `bun:"directory_id"`
	Kind        string    `bun:"kind"`    // of the change that was one too many
	Found       int       `bun:"found"`   // so many in an hour
	Allowed     int       `bun:"allowed"` // of these
	Why         string    `bun:"why"`     // a sentence
	Status      string    `bun:"status"`  // StopOpen, StopResumed or StopDiscarded
	Channel     string    `bun:"channel"` // where people are asked
	DecidedBy   string    `bun:"decided_by,nullzero"`
	Reason      string    `bun:"reason"`
	CreatedAt   time.Time `bun:"created_at"`
	EndedAt     time.Time `bun:"ended_at,nullzero"`
	Told        int64     `bun:"told"` // how many changes waited when the card was asked for last
	UpTo        int64     `bun:"upto"` // the newest change that whoever decided had seen
}

// The statuses of a DirectoryStop.
const (
	StopOpen      = "open"
	StopResumed   = "resumed"
	StopDiscarded = "discarded"
)

// Drift says that the directory says one thing and another is so.
type Drift struct {
	bun.BaseModel `bun:"table:drifts,alias:drift"`

	ID          string    `bun:"id,pk"`
	DirectoryID string    `bun:"directory_id"`
	Key         string    `bun:"key"`  // the same drift has the same key
	Kind        string    `bun:"kind"` // such as denied, missing, surplus
	PersonID    string    `bun:"person_id,nullzero"`
	Words       string    `bun:"words"` // a sentence
	Since       time.Time `bun:"since"`
	SettledAt   time.Time `bun:"settled_at,nullzero"`
}

// Directories reads all directories, ordered by slug.
func Directories(ctx context.Context, q bun.IDB) ([]Directory, error) {
	var rows []Directory
	err := q.NewSelect().Model(&rows).Order("slug").Scan(ctx)
	return rows, wrap(err, "read directories")
}

// DirectoryBySlug reads a directory.
func DirectoryBySlug(ctx context.Context, q bun.IDB, slug string) (Directory, error) {
	var row Directory
	err := q.NewSelect().Model(&row).Where("slug = ?", slug).Scan(ctx)
	return row, absent(err, "directory", slug)
}

// DirectoryByID reads a directory.
func DirectoryByID(ctx context.Context, q bun.IDB, id string) (Directory, error) {
	var row Directory
	err := q.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	return row, absent(err, "directory", id)
}

// LockDirectory reads a directory and holds it until the transaction ends. Whoever writes to the journal takes this
// lock first, so that changes are numbered in the order in which they are committed.
func LockDirectory(ctx context.Context, q bun.IDB, id string) (Directory, error) {
	var row Directory
	err := forUpdate(q.NewSelect().Model(&row).Where("id = ?", id)).Scan(ctx)
	return row, absent(err, "directory", id)
}

// LockEffects holds the working out of a directory's changes until the transaction ends.
func LockEffects(ctx context.Context, q bun.IDB, directoryID string) error {
	var row struct {
		bun.BaseModel `bun:"table:directory_locks,alias:effects"`

		DirectoryID string `bun:"directory_id,pk"`
	}
	err := forUpdate(q.NewSelect().Model(&row).Where("directory_id = ?", directoryID)).Scan(ctx)
	return absent(err, "lock of directory", directoryID)
}

// SaveDirectoryState writes the columns of a directory that its own work changes. The caller holds its lock.
func SaveDirectoryState(ctx context.Context, q bun.IDB, row Directory) error {
	result, err := q.NewUpdate().Model(&row).WherePK().
		Column("journal", "waking", "cursor", "polled_at", "poll_after", "poll_error", "reconciled_at", "comparing").Exec(ctx)
	return changed(result, err, "directory", row.ID)
}

// InsertDirectory adds a directory and the robot in whose name it acts.
func InsertDirectory(ctx context.Context, q bun.IDB, row Directory) error {
	robot := Person{
		ID: row.PersonID, Email: row.Slug + "@directory.invalid", Name: row.Name, Kind: Robot, Active: true,
		CreatedAt: row.UpdatedAt, UpdatedAt: row.UpdatedAt,
	}
	if err := InsertPerson(ctx, q, robot); err != nil {
		return err
	}
	if _, err := q.NewInsert().Model(&row).Exec(ctx); err != nil {
		return fmt.Errorf("add directory %s: %w", row.Slug, err)
	}
	_, err := q.NewRaw("INSERT INTO directory_locks (directory_id) VALUES (?)", row.ID).Exec(ctx)
	return wrap(err, "add directory "+row.Slug)
}

// UpdateDirectory writes what the configuration says of a directory.
func UpdateDirectory(ctx context.Context, q bun.IDB, row Directory) error {
	result, err := q.NewUpdate().Model(&row).WherePK().
		Column("name", "kind", "owner_email", "settings", "policy", "active", "updated_at").Exec(ctx)
	return changed(result, err, "directory", row.Slug)
}

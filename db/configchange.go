package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// Configuration is the slug of the entitlement, provider and action chain to which requests of the kind ForChange refer.
// Nobody can be given it, and no list shows it.
const Configuration = "usher:configuration"

// ConfigurationID and ConfigurationVersionID are the ids of that entitlement and of its action chain's only version.
const (
	ConfigurationID        = "ent_usher"
	ConfigurationVersionID = "acv_usher"
)

// The sides that write the configuration.
const (
	FromFile  = "file"
	FromSlack = "slack"
)

// ConfigObject says which side wrote an object of the configuration last, and how often it was written.
type ConfigObject struct {
	bun.BaseModel `bun:"table:config_objects,alias:object"`

	Kind      string    `bun:"kind,pk"` // as in config.Change
	Slug      string    `bun:"slug,pk"`
	Revision  int64     `bun:"revision"`
	Origin    string    `bun:"origin"` // FromFile or FromSlack
	WrittenBy string    `bun:"written_by"`
	WrittenAt time.Time `bun:"written_at"`

	DiffersSince time.Time `bun:"differs_since,nullzero"` // when a file first wanted it otherwise and was not heard
}

// FieldChange is one key of an object of the configuration that changes, as YAML on one line.
type FieldChange struct {
	Key string `json:"key"`
	Old string `json:"old"`
	New string `json:"new"`
}

// The statuses of an edit that waits for another person, besides Pending.
const (
	ChangeApplied = "applied"
	ChangeRefused = "refused" // approved, but it could not be carried out any more; Error says why
	ChangeStale   = "stale"   // somebody else changed the object meanwhile
	ChangeEnded   = "ended"   // denied, cancelled or lapsed: the request says which
)

// ConfigChange is an edit of one object of the configuration that another person has to approve.
type ConfigChange struct {
	bun.BaseModel `bun:"table:config_changes,alias:edit"`

	ID         string         `bun:"id,pk"`
	RequestID  string         `bun:"request_id"`
	Kind       string         `bun:"kind"` // as in config.Change
	Slug       string         `bun:"slug"`
	Verb       string         `bun:"verb"`        // as in config.Change
	Title      string         `bun:"title"`       // "entitlement Drive editors"
	OwnerEmail string         `bun:"owner_email"` // of the object
	Revision   int64          `bun:"revision"`    // of the object for which it was made
	Before     map[string]any `bun:"before_value,type:jsonb"`
	After      map[string]any `bun:"after_value,type:jsonb"` // the keys of the configuration file; nil disables the object
	Diff       []FieldChange  `bun:"diff,type:jsonb"`        // what changes from Before to After, for people
	Status     string         `bun:"status"`
	Error      string         `bun:"error"`
	CreatedAt  time.Time      `bun:"created_at"`
	EndedAt    time.Time      `bun:"ended_at,nullzero"`
}

// ConfigObjectOf reads which side wrote an object last; an object that was never written has revision 0.
func ConfigObjectOf(ctx context.Context, q bun.IDB, kind, slug string) (ConfigObject, error) {
	row := ConfigObject{Kind: kind, Slug: slug, Origin: FromFile}
	var rows []ConfigObject
	err := q.NewSelect().Model(&rows).Where("kind = ?", kind).Where("slug = ?", slug).Scan(ctx)
	if err != nil {
		return row, fmt.Errorf("read revision of %s %s: %w", kind, slug, err)
	}
	if len(rows) > 0 {
		row = rows[0]
	}
	return row, nil
}

// ConfigObjectsFrom reads the objects that one side wrote last, ordered by kind and slug.
func ConfigObjectsFrom(ctx context.Context, q bun.IDB, origin string) ([]ConfigObject, error) {
	var rows []ConfigObject
	err := q.NewSelect().Model(&rows).Where("origin = ?", origin).Order("kind", "slug").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read what was written in %s: %w", origin, err)
	}
	return rows, nil
}

// DifferingConfigObjects reads the objects written in Slack that a file wants otherwise, ordered by kind and slug, at
// most limit.
func DifferingConfigObjects(ctx context.Context, q bun.IDB, limit int64) ([]ConfigObject, error) {
	var rows []ConfigObject
	err := q.NewSelect().Model(&rows).Where("differs_since IS NOT NULL").Order("kind", "slug").Limit(limit).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read what a file wants otherwise: %w", err)
	}
	return rows, nil
}

// WriteConfigObject notes that an object was written once more.
func WriteConfigObject(ctx context.Context, q bun.IDB, row ConfigObject) error {
	row.Revision = 1
	_, err := q.NewInsert().Model(&row).On("CONFLICT (kind, slug) DO UPDATE").
		Set("revision = object.revision + 1").Set("origin = EXCLUDED.origin").
		Set("written_by = EXCLUDED.written_by").Set("written_at = EXCLUDED.written_at").Set("differs_since = NULL").Exec(ctx)
	return wrap(err, "write revision of "+row.Kind+" "+row.Slug)
}

// SettleConfigObject writes which side an object belongs to and since when a file wants it otherwise. It is no writing
// of the object: its revision stays.
func SettleConfigObject(ctx context.Context, q bun.IDB, row ConfigObject) error {
	_, err := q.NewUpdate().Model(&row).Column("origin", "differs_since").WherePK().Exec(ctx)
	return wrap(err, "settle "+row.Kind+" "+row.Slug)
}

// InsertConfigChange adds an edit that waits for another person.
func InsertConfigChange(ctx context.Context, q bun.IDB, row ConfigChange) error {
	_, err := q.NewInsert().Model(&row).Exec(ctx)
	return wrap(err, "add change "+row.ID)
}

// ConfigChangeOf reads the edit that a request is about.
func ConfigChangeOf(ctx context.Context, q bun.IDB, requestID string) (ConfigChange, error) {
	var row ConfigChange
	err := q.NewSelect().Model(&row).Where("request_id = ?", requestID).Scan(ctx)
	return row, absent(err, "change of request", requestID)
}

// PendingConfigChanges reads the edits of an object that wait, oldest first.
func PendingConfigChanges(ctx context.Context, q bun.IDB, kind, slug string) ([]ConfigChange, error) {
	var rows []ConfigChange
	err := q.NewSelect().Model(&rows).Where("kind = ?", kind).Where("slug = ?", slug).Where("status = ?", Pending).
		Order("created_at", "id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read changes of %s %s: %w", kind, slug, err)
	}
	return rows, nil
}

// EndConfigChange moves a waiting edit to its end; ErrConflict when it has ended already.
func EndConfigChange(ctx context.Context, q bun.IDB, row ConfigChange) error {
	result, err := q.NewUpdate().Model(&row).Column("status", "error", "ended_at").
		Where("id = ?", row.ID).Where("status = ?", Pending).Exec(ctx)
	return changed(result, err, "change", row.ID)
}

// nameChange gives an item that gives no access the name and the owner of what is to be changed.
func (i *RequestItem) nameChange(ctx context.Context, q bun.IDB) error {
	if i.EntitlementID == DirectoryItemID {
		i.nameWork()
		return nil
	}
	if i.EntitlementID != ConfigurationID {
		return nil
	}
	edit, err := ConfigChangeOf(ctx, q, i.RequestID)
	if err != nil {
		return err
	}
	i.nameAfter(edit)
	return nil
}

func (i *RequestItem) nameWork() {
	named := *i.Entitlement
	named.Name, named.OwnerEmail = i.Title, i.OwnerEmail
	i.Entitlement = &named
}

func (i *RequestItem) nameAfter(edit ConfigChange) {
	named := *i.Entitlement
	named.Name, named.OwnerEmail = edit.Title, edit.OwnerEmail
	i.Entitlement = &named
}

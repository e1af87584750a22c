package db

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// PersonKind says what Slack says a person is. Only members hold power.
type PersonKind string

// The kinds of people.
const (
	Member   PersonKind = "member"
	Guest    PersonKind = "guest"
	Robot    PersonKind = "bot"
	Stranger PersonKind = "stranger" // of another team, through a shared channel
)

// Person is somebody who asks, decides or holds. The e-mail address, in lower case, joins Slack and directories.
type Person struct {
	bun.BaseModel `bun:"table:people,alias:person"`

	ID           string         `bun:"id,pk"`
	Email        string         `bun:"email"`
	Name         string         `bun:"name"`
	SlackID      string         `bun:"slack_id,nullzero"`
	TeamID       string         `bun:"team_id"`
	Department   string         `bun:"department"`
	Title        string         `bun:"title"`
	TimeZone     string         `bun:"time_zone"`
	ManagerEmail string         `bun:"manager_email"`
	Attributes   map[string]any `bun:"attributes,type:jsonb"`
	Kind         PersonKind     `bun:"kind"`
	Active       bool           `bun:"active"`
	InSlack      bool           `bun:"in_slack"` // Slack knows this person; SlackID is set
	SyncedAt     time.Time      `bun:"synced_at,nullzero"`
	StartsAt     time.Time      `bun:"starts_at,nullzero"` // first moment of the employment, if the directory tells
	EndsAt       time.Time      `bun:"ends_at,nullzero"`   // its last moment, if the directory tells
	LeftAt       time.Time      `bun:"left_at,nullzero"`   // the directory said that the person is gone: then Active is false, whatever Slack says
	Employment   string         `bun:"employment"`         // such as employee, contractor, intern
	ToldBy       string         `bun:"told_by"`            // slug of the directory that knows the person
	CreatedAt    time.Time      `bun:"created_at"`
	UpdatedAt    time.Time      `bun:"updated_at"`
}

// Label names the person in logs: the e-mail address, else the Slack id.
func (p Person) Label() string {
	if p.Email != "" && !strings.HasSuffix(p.Email, "@slack.invalid") {
		return p.Email
	}
	return p.SlackID
}

// PersonByID reads one person.
func PersonByID(ctx context.Context, q bun.IDB, id string) (Person, error) {
	var row Person
	err := q.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	return row, absent(err, "person", id)
}

// PersonByEmail reads one person by e-mail address, ignoring case.
func PersonByEmail(ctx context.Context, q bun.IDB, email string) (Person, error) {
	var row Person
	err := q.NewSelect().Model(&row).Where("email = ?", strings.ToLower(email)).Scan(ctx)
	return row, absent(err, "person", email)
}

// PersonBySlackID reads one person by Slack user id.
func PersonBySlackID(ctx context.Context, q bun.IDB, id string) (Person, error) {
	var row Person
	err := q.NewSelect().Model(&row).Where("slack_id = ?", id).Scan(ctx)
	return row, absent(err, "person", id)
}

// LockPerson holds a person's row until the transaction ends. Changes of what one person holds at a target take
// this lock behind the request's, so that two requests for one person never pass each other.
func LockPerson(ctx context.Context, q bun.IDB, id string) (Person, error) {
	var row Person
	err := forUpdate(q.NewSelect().Model(&row).Where("id = ?", id)).Scan(ctx)
	return row, absent(err, "person", id)
}

// People reads all people, ordered by e-mail address.
func People(ctx context.Context, q bun.IDB) ([]Person, error) {
	var rows []Person
	if err := q.NewSelect().Model(&rows).Order("email").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	return rows, nil
}

// InsertPerson adds a person. It is ErrConflict when somebody has the address or the Slack id already.
func InsertPerson(ctx context.Context, q bun.IDB, row Person) error {
	if row.Attributes == nil {
		row.Attributes = map[string]any{}
	}
	result, err := q.NewInsert().Model(&row).On("CONFLICT DO NOTHING").Exec(ctx)
	return changed(result, err, "person", row.Email)
}

// UpdatePerson writes what Slack or the configuration says of a person. What a directory says is its own affair: somebody
// who left by its word is not active, also when the row was read before.
func UpdatePerson(ctx context.Context, q bun.IDB, row Person) error {
	if row.Attributes == nil {
		row.Attributes = map[string]any{}
	}
	result, err := q.NewUpdate().Model(&row).WherePK().ExcludeColumn("starts_at", "ends_at", "left_at", "employment", "told_by").
		Value("active", "left_at IS NULL AND ?", row.Active).Exec(ctx)
	return changed(result, err, "person", row.ID)
}

// TellPerson writes all columns of a person, as a directory says. The caller holds the person's lock.
func TellPerson(ctx context.Context, q bun.IDB, row Person) error {
	if row.Attributes == nil {
		row.Attributes = map[string]any{}
	}
	row.Active = row.Active && row.LeftAt.IsZero()
	result, err := q.NewUpdate().Model(&row).WherePK().Exec(ctx)
	return changed(result, err, "person", row.ID)
}

// MoveReports lets the people whose manager had an address follow to his new one, and returns their ids.
func MoveReports(ctx context.Context, q bun.IDB, from, to string) ([]string, error) {
	var ids []string
	err := q.NewUpdate().Model((*Person)(nil)).Set("manager_email = ?", to).Where("manager_email = ?", from).
		Returning("id").Scan(ctx, &ids)
	return ids, wrap(err, "move the reports of "+from)
}

// PeopleBehind reads people in the order of their ids, behind one, at most limit.
func PeopleBehind(ctx context.Context, q bun.IDB, after string, limit int64) ([]Person, error) {
	var rows []Person
	err := q.NewSelect().Model(&rows).Where("id > ?", after).Order("id").Limit(limit).Scan(ctx)
	return rows, wrap(err, "read people")
}

// PeopleToldBy reads the people whom a directory knows in the order of their ids, behind one, at most limit.
func PeopleToldBy(ctx context.Context, q bun.IDB, directory, after string, limit int64) ([]Person, error) {
	var rows []Person
	err := q.NewSelect().Model(&rows).Where("told_by = ?", directory).Where("id > ?", after).Order("id").Limit(limit).Scan(ctx)
	return rows, wrap(err, "read the people whom "+directory+" knows")
}

// GoneWithAccess reads the ids of people who left by the word of a directory and hold access all the same, at most limit.
func GoneWithAccess(ctx context.Context, q bun.IDB, directory string, limit int64) ([]string, error) {
	var ids []string
	err := q.NewSelect().Model((*Person)(nil)).Column("id").Where("left_at IS NOT NULL").Where("told_by = ?", directory).
		Where("EXISTS (SELECT 1 FROM grants WHERE grants.subject_id = person.id AND grants.status IN (?, ?, ?) AND grants.entitlement_id <> ?)",
			Scheduled, Provisioning, Active, DirectoryItemID).Order("id").Limit(limit).Scan(ctx, &ids)
	return ids, wrap(err, "look for people who left and hold access")
}

// PeopleByID reads some people.
func PeopleByID(ctx context.Context, q bun.IDB, ids []string) ([]Person, error) {
	var rows []Person
	if len(ids) == 0 {
		return nil, nil
	}
	err := q.NewSelect().Model(&rows).Where("id IN ?", bun.Tuple(ids)).Order("id").Scan(ctx)
	return rows, wrap(err, "read people")
}

// PeopleToLeave reads the ids of people whose last moment has come and who are not gone yet, at most limit.
func PeopleToLeave(ctx context.Context, q bun.IDB, now time.Time, limit int64) ([]string, error) {
	var ids []string
	err := q.NewSelect().Model((*Person)(nil)).Column("id").Where("ends_at <= ?", now).Where("left_at IS NULL").
		Order("ends_at", "id").Limit(limit).Scan(ctx, &ids)
	return ids, wrap(err, "look for people whose time is over")
}

func wrap(err error, doing string) error {
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}

package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
)

// Unsettled says that something about a person changed and that his access has not been looked at since.
type Unsettled struct {
	bun.BaseModel `bun:"table:unsettled_people,alias:unsettled"`

	PersonID  string    `bun:"person_id,pk"`
	Mark      string    `bun:"mark"`              // another one each time
	Fields    []string  `bun:"fields,type:jsonb"` // which attributes changed, as conditions call them: "department", "attributes.territory"
	Directory string    `bun:"directory"`         // slug of the directory that said so last; empty: none did
	ChangeID  string    `bun:"change_id"`         // of the directory
	Leaving   string    `bun:"leaving"`           // why the person left, a sentence; empty: he is here
	MarkedAt  time.Time `bun:"marked_at"`
}

// UnsettledPerson reads what is to be looked at of one person.
func UnsettledPerson(ctx context.Context, q bun.IDB, personID string) (Unsettled, error) {
	var row Unsettled
	err := q.NewSelect().Model(&row).Where("person_id = ?", personID).Scan(ctx)
	return row, absent(err, "unsettled person", personID)
}

// UnsettledPeople reads people whose access is to be looked at, the first marked first, behind those that after names, at
// most limit.
func UnsettledPeople(ctx context.Context, q bun.IDB, after Unsettled, limit int64) ([]Unsettled, error) {
	var rows []Unsettled
	query := q.NewSelect().Model(&rows).Order("marked_at", "person_id").Limit(limit)
	if after.PersonID != "" {
		query = query.Where("(marked_at, person_id) > (?, ?)", after.MarkedAt, after.PersonID)
	}
	return rows, wrap(query.Scan(ctx), "read unsettled people")
}

// AnyUnsettled says whether anybody's access is to be looked at.
func AnyUnsettled(ctx context.Context, q bun.IDB) (bool, error) {
	some, err := q.NewSelect().Model((*Unsettled)(nil)).Exists(ctx)
	return some, wrap(err, "look for unsettled people")
}

// MarkUnsettled writes that the access of people is to be looked at, over what was marked before.
func MarkUnsettled(ctx context.Context, q bun.IDB, rows []Unsettled) error {
	if len(rows) == 0 {
		return nil
	}
	if err := holdInOrder(ctx, q, rows); err != nil {
		return err
	}
	_, err := q.NewInsert().Model(&rows).On("CONFLICT (person_id) DO UPDATE").
		Set("mark = EXCLUDED.mark, fields = EXCLUDED.fields, directory = EXCLUDED.directory, change_id = EXCLUDED.change_id, " +
			"leaving = EXCLUDED.leaving, marked_at = EXCLUDED.marked_at").Exec(ctx)
	return wrap(err, "mark people as unsettled")
}

// NoteUnsettled marks people, and keeps what was marked of them before.
func NoteUnsettled(ctx context.Context, q bun.IDB, people []string, directory string, at time.Time) error {
	if len(people) == 0 {
		return nil
	}
	rows := make([]Unsettled, 0, len(people))
	for _, id := range people {
		rows = append(rows, Unsettled{PersonID: id, Mark: NewID("mrk"), Fields: []string{}, Directory: directory, MarkedAt: at})
	}
	if err := holdInOrder(ctx, q, rows); err != nil {
		return err
	}
	_, err := q.NewInsert().Model(&rows).On("CONFLICT (person_id) DO UPDATE").
		Set("mark = EXCLUDED.mark, marked_at = EXCLUDED.marked_at").Exec(ctx)
	return wrap(err, "mark people as unsettled")
}

// holdInOrder puts marks in the order of the people, and holds these before any mark is written: a mark refers to a person,
// and whoever gives a person another address or account marks him afterwards, so that the other way round the two would
// wait for each other.
func holdInOrder(ctx context.Context, q bun.IDB, rows []Unsettled) error {
	slices.SortFunc(rows, func(a, b Unsettled) int { return strings.Compare(a.PersonID, b.PersonID) })
	if _, lite := q.Dialect().(*sqlitedialect.Dialect); lite {
		return nil
	}
	ids := make([]string, 0, len(rows))
	for _, row := range rows {
		ids = append(ids, row.PersonID)
	}
	query := q.NewSelect().Model((*Person)(nil)).Column("id").Where("id IN ?", bun.Tuple(ids)).Order("id").For("KEY SHARE")
	return wrap(query.Scan(ctx, &ids), "hold people")
}

// Settled removes marks, as far as nothing was marked again since they were read.
func Settled(ctx context.Context, q bun.IDB, rows []Unsettled) error {
	if len(rows) == 0 {
		return nil
	}
	marks := make([]string, 0, len(rows))
	people := make([]string, 0, len(rows))
	for _, row := range rows {
		marks, people = append(marks, row.Mark), append(people, row.PersonID)
	}
	_, err := q.NewDelete().Model((*Unsettled)(nil)).Where("person_id IN ?", bun.Tuple(people)).Where("mark IN ?", bun.Tuple(marks)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("settle people: %w", err)
	}
	return nil
}

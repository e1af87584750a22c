package db

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"
)

// BirthrightPerson says that a rule gives a person an access now. Where the person does not hold it all the same and it is
// not blocked, somebody said so: it was denied, given back or revoked.
type BirthrightPerson struct {
	bun.BaseModel `bun:"table:birthright_people,alias:given"`

	PersonID      string    `bun:"person_id,pk"`
	Birthright    string    `bun:"birthright,pk"` // slug of the rule
	EntitlementID string    `bun:"entitlement_id,pk"`
	Since         time.Time `bun:"since"`
	Until         time.Time `bun:"until,nullzero"` // of a rule that is open for a while
	Blocked       string    `bun:"blocked"`        // why the access can't be given, a sentence
}

// BirthrightsOf reads what rules give some people, ordered by person and rule.
func BirthrightsOf(ctx context.Context, q bun.IDB, people []string) ([]BirthrightPerson, error) {
	var rows []BirthrightPerson
	if len(people) == 0 {
		return nil, nil
	}
	err := q.NewSelect().Model(&rows).Where("person_id IN ?", bun.Tuple(people)).Order("person_id", "birthright", "entitlement_id").Scan(ctx)
	return rows, wrap(err, "read what rules give people")
}

// PeopleOfBirthright reads whom a rule gives what.
func PeopleOfBirthright(ctx context.Context, q bun.IDB, slug string) ([]BirthrightPerson, error) {
	var rows []BirthrightPerson
	err := q.NewSelect().Model(&rows).Where("birthright = ?", slug).Scan(ctx)
	return rows, wrap(err, "read whom the rule "+slug+" gives access")
}

// BirthrightOf reads what a rule says of one person and one entitlement.
func BirthrightOf(ctx context.Context, q bun.IDB, personID, slug, entitlementID string) (BirthrightPerson, error) {
	var row BirthrightPerson
	err := q.NewSelect().Model(&row).Where("person_id = ?", personID).Where("birthright = ?", slug).
		Where("entitlement_id = ?", entitlementID).Scan(ctx)
	return row, absent(err, "birthright of", personID)
}

// AnyBlocked says whether a rule gives a person something that can't be given.
func AnyBlocked(ctx context.Context, q bun.IDB, personID string) (bool, error) {
	some, err := q.NewSelect().Model((*BirthrightPerson)(nil)).Where("person_id = ?", personID).Where("blocked <> ''").Exists(ctx)
	return some, wrap(err, "look for what is blocked of "+personID)
}

// BlockBirthright notes why an access that rules give a person could not be given when its time came.
func BlockBirthright(ctx context.Context, q bun.IDB, personID, entitlementID, why string) error {
	_, err := q.NewUpdate().Model((*BirthrightPerson)(nil)).Set("blocked = ?", why).Where("person_id = ?", personID).
		Where("entitlement_id = ?", entitlementID).Exec(ctx)
	return wrap(err, "note what is blocked of "+personID)
}

// SaveBirthrightPeople adds what rules give people, or writes it anew.
func SaveBirthrightPeople(ctx context.Context, q bun.IDB, rows []BirthrightPerson) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := q.NewInsert().Model(&rows).On("CONFLICT (person_id, birthright, entitlement_id) DO UPDATE").
		Set("since = EXCLUDED.since, until = EXCLUDED.until, blocked = EXCLUDED.blocked").Exec(ctx)
	return wrap(err, "write what rules give people")
}

// DropBirthrightPeople removes what rules gave a person.
func DropBirthrightPeople(ctx context.Context, q bun.IDB, rows []BirthrightPerson) error {
	for _, row := range rows {
		if _, err := q.NewDelete().Model(&row).WherePK().Exec(ctx); err != nil {
			return wrap(err, "remove what a rule gave "+row.PersonID)
		}
	}
	return nil
}

// GrantsByRule reads the grants that rules hold up, or held up, for some people, and that have not begun to end.
func GrantsByRule(ctx context.Context, q bun.IDB, people []string) ([]Grant, error) {
	if len(people) == 0 {
		return nil, nil
	}
	return grantsWhere(ctx, q, func(s *bun.SelectQuery) *bun.SelectQuery {
		return s.Where("held.birthright <> ''").Where("held.status IN (?, ?, ?)", Scheduled, Provisioning, Active).
			Where("held.subject_id IN ?", bun.Tuple(people))
	})
}

// ItemsByRule reads the items that rules ask for some people and that are not decided, with their entitlements.
func ItemsByRule(ctx context.Context, q bun.IDB, people []string) ([]RequestItem, error) {
	var rows []RequestItem
	if len(people) == 0 {
		return nil, nil
	}
	err := q.NewSelect().Model(&rows).Relation("Entitlement").Relation("Entitlement.Provider").Relation("Subject").
		Where("item.subject_id IN ?", bun.Tuple(people)).
		Where("item.status = ?", Pending).Where("item.birthright <> ''").Order("item.id").Scan(ctx)
	return rows, wrap(err, "read what rules ask for people")
}

// AskedByRules reads what rules have asked for a person until a time, whatever became of it: the newest first, at most limit.
func AskedByRules(ctx context.Context, q bun.IDB, personID string, until time.Time, limit int64) ([]RequestItem, error) {
	var rows []RequestItem
	err := q.NewSelect().Model(&rows).Relation("Entitlement").Join("JOIN requests AS asking ON asking.id = item.request_id").
		Where("item.subject_id = ?", personID).Where("item.birthright <> ''").Where("asking.created_at <= ?", until).
		Order("asking.created_at DESC", "item.request_id", "item.position").Limit(limit).Scan(ctx)
	return rows, wrap(err, "read what rules asked for "+personID)
}

// RescheduleItem changes when what a pending item asks for is to begin.
func RescheduleItem(ctx context.Context, q bun.IDB, id string, start time.Time) error {
	result, err := q.NewUpdate().Model((*RequestItem)(nil)).Set("starts_at = ?", bun.NullTime{Time: start}).
		Where("id = ?", id).Where("status = ?", Pending).Exec(ctx)
	return changed(result, err, "request item", id)
}

// RequestsAbout reads the ids of the requests that have to be held, in this order, before the access of a person is changed
// as a whole: those of what he holds, and of what is asked for him.
func RequestsAbout(ctx context.Context, q bun.IDB, personID string) ([]string, error) {
	var held, asked []string
	err := q.NewSelect().Model((*Grant)(nil)).Distinct().Column("request_id").Where("subject_id = ?", personID).
		Where("status <> ?", Ended).Where("entitlement_id <> ?", DirectoryItemID).Scan(ctx, &held)
	if err != nil {
		return nil, wrap(err, "read requests about "+personID)
	}
	err = q.NewSelect().Model((*RequestItem)(nil)).Distinct().Column("request_id").Where("subject_id = ?", personID).
		Where("status = ?", Pending).Where("entitlement_id NOT IN (?, ?)", DirectoryItemID, ConfigurationID).Scan(ctx, &asked)
	all := append(held, asked...)
	slices.Sort(all)
	return slices.Compact(all), wrap(err, "read requests about "+personID)
}

// EntitlementsBySlug reads some entitlements with their providers.
func EntitlementsBySlug(ctx context.Context, q bun.IDB, slugs []string) ([]Entitlement, error) {
	var rows []Entitlement
	if len(slugs) == 0 {
		return nil, nil
	}
	err := q.NewSelect().Model(&rows).Relation("Provider").Where("entitlement.slug IN ?", bun.Tuple(slugs)).Order("entitlement.slug").Scan(ctx)
	return rows, wrap(err, "read entitlements")
}

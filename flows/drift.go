package flows

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
)

// The kinds of drift that come from a change which was not made so.
const (
	driftDenied    = "denied"
	driftExpired   = "expired"
	driftDiscarded = "discarded"
	driftFailed    = "failed"
)

// DriftPageSize is how many differences one page of DriftOf holds.
const DriftPageSize = 20

// DriftPage is one page of what a directory says and what is not so.
type DriftPage struct {
	Directory          db.Directory
	Rows               []db.Drift
	Page, Pages, Total int // Page counts from 0; Pages is at least 1
}

// driftKeys are the keys under which a change differs from what is so, with the kinds of change that are about the same.
func driftKeys(held db.HeldChange) map[string][]string {
	user, group := "user|"+held.UserID+"|", "group|"+held.GroupID+"|"
	switch held.Kind {
	case db.UserCreated:
		return map[string][]string{user + "data": {db.UserCreated, db.UserUpdated}}
	case db.UserUpdated:
		return map[string][]string{user + "data": {db.UserCreated, db.UserUpdated}}
	case db.UserSuspended:
		return map[string][]string{user + "active": {db.UserSuspended, db.UserResumed}, user + "data": {db.UserCreated, db.UserUpdated}}
	case db.UserResumed:
		return map[string][]string{user + "active": {db.UserSuspended, db.UserResumed}, user + "data": {db.UserCreated, db.UserUpdated}}
	case db.UserDeleted:
		return map[string][]string{
			user + "active": {db.UserSuspended, db.UserResumed}, user + "data": {db.UserCreated, db.UserUpdated}, user + "gone": {db.UserDeleted},
		}
	case db.GroupCreated, db.GroupUpdated:
		return map[string][]string{group + "data": {db.GroupCreated, db.GroupUpdated}}
	case db.GroupDeleted:
		return map[string][]string{
			group + "data": {db.GroupCreated, db.GroupUpdated}, group + "members": {db.GroupEmptied}, group + "gone": {db.GroupDeleted},
		}
	case db.GroupEmptied:
		return map[string][]string{group + "members": {db.GroupEmptied}}
	case db.MembersAdded, db.MembersRemoved:
		return map[string][]string{"member|" + held.GroupID + "|" + held.UserID: {db.MembersAdded, db.MembersRemoved}}
	}
	return map[string][]string{"directory": {db.DirectoryDeleted}}
}

// ownKey is the key under which a change itself differs when it is not made so.
func ownKey(held db.HeldChange) string {
	for key, kinds := range driftKeys(held) {
		if slices.Contains(kinds, held.Kind) {
			return key
		}
	}
	return held.Kind
}

func keysOf[V any](all map[string]V) []string { return slices.Sorted(maps.Keys(all)) }

// drift says that changes are not so although the directory says them.
func (c *change) drift(ctx context.Context, directory db.Directory, kind string, changes []db.HeldChange, why string) error {
	rows := make([]db.Drift, 0, len(changes))
	for _, held := range changes {
		if err := c.label(ctx, &held); err != nil && !errors.Is(err, db.ErrNotFound) {
			return err
		}
		row := db.Drift{
			ID: db.NewID("drf"), DirectoryID: directory.ID, Key: ownKey(held), Kind: kind, Words: driftWords(directory, held, kind, why), Since: c.now,
		}
		p, err := c.personIfKnown(ctx, directory, held)
		if err != nil {
			return err
		}
		row.PersonID = p.ID
		rows = append(rows, row)
	}
	if err := db.OpenDrifts(ctx, c, rows); err != nil {
		return err
	}
	details := db.Details{Kind: kind, Summary: rows[0].Words}
	if len(rows) > 1 {
		details.Summary = fmt.Sprintf("%d changes that %s wrote are not so here.", len(rows), directory.Name)
	}
	return c.recordDirectory(directory, "drift.found", changes[0].Label, details)
}

// personIfKnown is the person whom a change is about, or nobody.
func (c *change) personIfKnown(ctx context.Context, directory db.Directory, held db.HeldChange) (db.Person, error) {
	if held.UserID == "" {
		return db.Person{}, nil
	}
	user, err := db.AnyDirectoryUser(ctx, c, held.UserID)
	if err == nil {
		var p db.Person
		if p, err = c.knownAs(ctx, directory, user); err == nil {
			return p, nil
		}
	}
	if errors.Is(err, db.ErrNotFound) {
		return db.Person{}, nil
	}
	return db.Person{}, err
}

func driftWords(directory db.Directory, held db.HeldChange, kind, why string) string {
	words := fmt.Sprintf("%s wanted to "+verbs[held.Kind][0]+", and it is not so", directory.Name, held.Label)
	switch kind {
	case driftDenied:
		return words + ": it was denied."
	case driftExpired:
		return words + ": nobody decided in time."
	}
	return words + ": " + ended(why)
}

// settleDrifts settles what differed of users and groups as far as a change has made it equal.
func (c *change) settleDrifts(ctx context.Context, directory db.Directory, made []db.HeldChange) error {
	var keys []string
	for _, held := range made {
		keys = append(keys, settledKeys(held)...)
	}
	settled, err := db.SettleDrifts(ctx, c, directory.ID, keys, c.now)
	if err != nil || len(settled) == 0 {
		return err
	}
	details := db.Details{Kind: settled[0].Kind, Summary: settled[0].Words}
	if len(settled) > 1 {
		details.Summary = fmt.Sprintf("%d differences from %s are gone.", len(settled), directory.Name)
	}
	return c.recordDirectory(directory, "drift.settled", made[0].Label, details)
}

// settledKeys are the differences that a change makes equal when it is so. Whoever is suspended keeps what differs of him
// otherwise.
func settledKeys(held db.HeldChange) []string {
	if held.Kind == db.UserSuspended {
		return []string{ownKey(held)}
	}
	return keysOf(driftKeys(held))
}

// DriftOf reads a page of what a directory says and what is not so, the oldest first. Admins, auditors and the directory's
// owner may see it.
func (f *Flows) DriftOf(ctx context.Context, personID, slug string, page int) (DriftPage, error) {
	p, err := actor(ctx, f.store, personID)
	if err != nil {
		return DriftPage{}, err
	}
	directory, err := db.DirectoryBySlug(ctx, f.store, slug)
	if errors.Is(err, db.ErrNotFound) {
		return DriftPage{}, refuse("There is no directory called %s.", slug)
	}
	if err != nil {
		return DriftPage{}, err
	}
	role, err := f.RoleOf(ctx, f.store, p)
	if err != nil {
		return DriftPage{}, err
	}
	if !role.Admin && !role.Auditor && !strings.EqualFold(p.Email, directory.OwnerEmail) {
		return DriftPage{}, refuse("Only admins, auditors and the owner of %s can see this.", directory.Name)
	}
	page = max(page, 0)
	rows, total, err := db.ListDrifts(ctx, f.store, directory.ID, DriftPageSize, int64(page)*DriftPageSize)
	if err != nil {
		return DriftPage{}, err
	}
	pages := max((int(total)+DriftPageSize-1)/DriftPageSize, 1)
	return DriftPage{Directory: directory, Rows: rows, Page: page, Pages: pages, Total: int(total)}, nil
}

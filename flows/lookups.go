package flows

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
)

// holdersLimit is how many holders of an entitlement are read at once.
const holdersLimit = 200

// SheetFor reads everything about a request, for somebody whom it concerns: who asked, whom it is for, who may or did
// decide, the owner, admins and auditors.
func (f *Flows) SheetFor(ctx context.Context, requestID, personID string) (db.Sheet, error) {
	p, err := actor(ctx, f.store, personID)
	if err != nil {
		return db.Sheet{}, err
	}
	sheet, err := db.ReadSheet(ctx, f.store, requestID)
	if errors.Is(err, db.ErrNotFound) {
		return sheet, refuse("There is no request %q. /access mine lists yours.", requestID)
	}
	if err != nil || concerns(sheet, p) {
		return sheet, err
	}
	if role, err := f.RoleOf(ctx, f.store, p); err != nil || role.Auditor {
		return sheet, err
	}
	for _, item := range sheet.Items {
		may, err := f.mayMend(ctx, f.store, p, *item.Entitlement)
		if err != nil || may {
			return sheet, err
		}
	}
	return db.Sheet{}, refuse("This request does not concern you. The person who asked and the people who decide can see it.")
}

func concerns(sheet db.Sheet, p db.Person) bool {
	if sheet.Request.RequesterID == p.ID {
		return true
	}
	for _, item := range sheet.Items {
		if item.SubjectID == p.ID || strings.EqualFold(item.Subject.ManagerEmail, p.Email) {
			return true
		}
		for _, step := range item.Steps {
			if slices.ContainsFunc(step.Approvers, func(a db.Approver) bool { return a.PersonID == p.ID }) {
				return true
			}
		}
	}
	return false
}

// Holders reads who holds an entitlement. Every member may know: it is how one finds whom to ask.
func (f *Flows) Holders(ctx context.Context, e db.Entitlement, personID string) ([]db.Grant, error) {
	if _, err := actor(ctx, f.store, personID); err != nil {
		return nil, err
	}
	return db.HoldersOf(ctx, f.store, e.ID, holdersLimit)
}

// FindOwnGrant finds the live grant that its holder means by the grant's id, its request's id or the name of the
// entitlement.
func (f *Flows) FindOwnGrant(ctx context.Context, personID, name string) (db.Grant, error) {
	if _, err := holder(ctx, f.store, personID); err != nil {
		return db.Grant{}, err
	}
	grants, err := db.LiveGrantsOf(ctx, f.store, personID)
	if err != nil {
		return db.Grant{}, err
	}
	for _, grant := range grants {
		if names(grant, name) {
			return grant, nil
		}
	}
	return db.Grant{}, refuse("You hold no access called %q. /access mine lists what you hold.", name)
}

// FindGrantToRevoke finds the live grant that somebody with the power to end it means by the grant's or its request's
// id.
func (f *Flows) FindGrantToRevoke(ctx context.Context, personID, name string) (db.Grant, error) {
	p, err := actor(ctx, f.store, personID)
	if err != nil {
		return db.Grant{}, err
	}
	grant, err := db.GrantByID(ctx, f.store, name)
	if errors.Is(err, db.ErrNotFound) {
		var grants []db.Grant
		grants, err = db.GrantsOfRequest(ctx, f.store, name)
		if err == nil && len(grants) == 0 {
			return grant, refuse("There is no access %q. Use the id of the grant or of its request: /access revoke ID.", name)
		}
		if err == nil {
			grant = grants[0]
		}
	}
	if err != nil {
		return grant, err
	}
	may, err := f.mayRevoke(ctx, f.store, p, grant)
	if err == nil && !may {
		err = refuse("Only the owner of %s, the manager of %s and admins can end this access.", grant.Entitlement.Name, grant.Subject.Name)
	}
	if err == nil {
		err = mayEnd(grant)
	}
	return grant, err
}

func names(grant db.Grant, name string) bool {
	return grant.ID == name || grant.RequestID == name || grant.Entitlement.Slug == name || strings.EqualFold(grant.Entitlement.Name, name)
}

// DurationChoices are the lengths of time that a form offers before an entitlement is chosen: those that the
// catalogue knows, the shortest first, at most 100. Who holds no power is refused: he needs no form.
func (f *Flows) DurationChoices(ctx context.Context, personID string) ([]db.Duration, error) {
	if _, err := actor(ctx, f.store, personID); err != nil {
		return nil, err
	}
	found, err := db.SearchEntitlements(ctx, f.store, "", searchLimit)
	if err != nil {
		return nil, err
	}
	var choices []db.Duration
	for _, e := range found {
		choices = append(choices, e.Durations.Choices...)
	}
	slices.Sort(choices)
	choices = slices.Compact(choices)
	return choices[:min(len(choices), searchLimit)], nil
}

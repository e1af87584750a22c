package flows

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
)

// telling is a directory telling of a person.
type telling struct {
	directory db.Directory
	change    db.DirectoryChange
	user      db.DirectoryUser
	says      values // of the user, by the change
	was       db.Person
	known     bool // was is somebody
}

func (t telling) by() by { return told(t.directory) }

// tell brings a person up to date with what a change of a user says. Somebody who is known already, from Slack or the
// configuration, is the person with the same address.
func (c *change) tell(ctx context.Context, t telling) error {
	p, err := c.toldPerson(ctx, t, t.says)
	if err != nil {
		return err
	}
	if t.change.Kind == db.UserCreated || !t.known {
		err = c.joins(ctx, t, p)
	} else {
		if !p.LeftAt.IsZero() && overdue(t.was.EndsAt, c.now) && !overdue(p.EndsAt, c.now) && t.user.Active {
			p.LeftAt, p.Active = zero, true // it was the end of his time that made him leave, and there is no such end now
		}
		err = c.changes(ctx, t, p)
	}
	if err != nil {
		return err
	}
	return c.linkReports(ctx, t, p.Email)
}

// toldPerson is a person as a directory tells, with his manager and his address.
func (c *change) toldPerson(ctx context.Context, t telling, v values) (db.Person, error) {
	p := toldFields(t, v)
	p.ToldBy, p.UpdatedAt = t.directory.Slug, c.now
	var err error
	if p.ManagerEmail, err = c.toldManager(ctx, t, v); err != nil {
		return p, err
	}
	if err := c.awaitManager(ctx, t, v, p.ManagerEmail); err != nil {
		return p, err
	}
	return p, c.toldAddress(ctx, t, v, &p)
}

// toldManager is the address of the manager of a person as a directory tells.
func (c *change) toldManager(ctx context.Context, t telling, v values) (string, error) {
	name, told := v.text(ofEnterprise + "manager")
	if !told {
		return t.was.ManagerEmail, nil
	}
	return c.managerCalled(ctx, t.directory, name)
}

// toldFields is a person as a directory tells, as far as nobody else has to be looked for.
func toldFields(t telling, v values) db.Person {
	p := t.was
	for _, one := range []struct {
		column *string
		paths  []string
	}{
		{&p.Title, []string{"title"}},
		{&p.Department, []string{ofEnterprise + "department"}},
		{&p.Employment, []string{ofUsher + "employmenttype", "usertype"}},
	} {
		if value, told := v.text(one.paths...); told {
			*one.column = value
		}
	}
	if name, told := v.name(); told && name != "" {
		p.Name = name
	}
	if zone, told := v.text("timezone"); told && zone != "" {
		p.TimeZone = zone
	}
	there := zoneOf(p.TimeZone)
	moved := p.TimeZone != t.was.TimeZone // a day begins and ends where somebody lives
	if day, told := v.text(ofUsher + "startdate"); told || moved && !p.StartsAt.IsZero() {
		p.StartsAt = firstMoment(day, there)
	}
	if day, told := v.text(ofUsher + "enddate"); told || moved && !p.EndsAt.IsZero() {
		p.EndsAt = lastMoment(day, there)
	}
	p.Attributes = toldAttributes(t, v)
	return p
}

// toldAttributes are the further attributes that the settings of the directory name. Others stay.
func toldAttributes(t telling, v values) map[string]any {
	attributes := maps.Clone(t.was.Attributes)
	if attributes == nil {
		attributes = map[string]any{}
	}
	for name, path := range t.directory.Settings.Attributes {
		path = strings.ToLower(path)
		value, has := v.all[path]
		switch {
		case !v.said(path):
		case has && value != nil:
			attributes[name] = value
		default:
			delete(attributes, name)
		}
	}
	return attributes
}

// managerCalled is the address of the manager whom a user refers to: by address, or by an id of ours or of the source. One
// who is not known yet is nobody, and awaited.
func (c *change) managerCalled(ctx context.Context, directory db.Directory, name string) (string, error) {
	if name == "" || strings.Contains(name, "@") {
		return strings.ToLower(name), nil
	}
	user, err := db.DirectoryUserCalled(ctx, c, directory.ID, name)
	if errors.Is(err, db.ErrNotFound) {
		return "", nil
	}
	if err != nil || user.PersonID == "" {
		return user.Email, err
	}
	manager, err := db.PersonByID(ctx, c, user.PersonID)
	return manager.Email, err
}

// fieldConnected is among the fields of a mark when a directory tells for the first time of somebody who was here before.
const fieldConnected = "connected"

// joins adds somebody new, or lets a person whom others told of be known to the directory.
func (c *change) joins(ctx context.Context, t telling, p db.Person) error {
	here := t.user.Active && !overdue(p.EndsAt, c.now)
	returned := t.known && !p.LeftAt.IsZero() && here
	if returned || !t.known || !p.InSlack {
		p.Active = here
	}
	if here {
		p.LeftAt = zero
	}
	if !t.known {
		p.ID, p.Kind, p.CreatedAt = db.NewID("per"), db.Member, c.now
		if !here {
			p.LeftAt = c.now
		}
		if err := db.InsertPerson(ctx, c, p); err != nil {
			return err
		}
	} else if err := db.TellPerson(ctx, c, p); err != nil {
		return err
	}
	if t.user.PersonID != p.ID {
		if err := db.LinkDirectoryUser(ctx, c, t.user.ID, p.ID); err != nil {
			return err
		}
	}
	if !here {
		t.was = p
		return c.leaves(ctx, t)
	}
	action := "person.joined"
	if returned {
		action = "person.returned"
	}
	fields, before, after := differences(t.was, p)
	details := db.Details{Directory: t.directory.Slug, Before: before, After: after}
	if err := c.recordPerson(t.by(), action, p, details); err != nil {
		return err
	}
	switch {
	case returned:
		fields = append(fields, fieldReturned)
	case t.known:
		fields = append(fields, fieldConnected)
	}
	return c.markAll(ctx, []string{p.ID}, db.Unsettled{Directory: t.directory.Slug, ChangeID: t.change.ID, Fields: fields})
}

// changes writes what is new of a known person.
func (c *change) changes(ctx context.Context, t telling, p db.Person) error {
	fields, before, after := differences(t.was, p)
	returned := !t.was.LeftAt.IsZero() && p.LeftAt.IsZero()
	if len(fields) == 0 && !returned {
		return nil
	}
	if err := db.TellPerson(ctx, c, p); err != nil {
		return err
	}
	details := db.Details{Directory: t.directory.Slug, Before: before, After: after}
	if err := c.recordPerson(t.by(), "person.changed", p, details); err != nil {
		return err
	}
	mark := db.Unsettled{Directory: t.directory.Slug, ChangeID: t.change.ID, Fields: fields}
	switch {
	case returned:
		if err := c.recordPerson(t.by(), "person.returned", p, db.Details{Directory: t.directory.Slug}); err != nil {
			return err
		}
		mark.Fields = append(mark.Fields, fieldReturned)
		return c.markAll(ctx, []string{p.ID}, mark)
	case !p.LeftAt.IsZero():
		return nil // whoever is gone holds nothing
	}
	return c.markPerson(ctx, p.ID, mark)
}

// differences are the attributes in which a person differs from what he was, as conditions call them, ordered.
func differences(was, is db.Person) (fields []string, before, after map[string]any) {
	old, now := personFields(was), personFields(is)
	before, after = map[string]any{}, map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(eitherOf(old, now))) {
		if reflect.DeepEqual(old[name], now[name]) {
			continue
		}
		fields = append(fields, name)
		if value := old[name]; value != nil && value != "" {
			before[name] = value
		}
		if value := now[name]; value != nil && value != "" {
			after[name] = value
		}
	}
	return fields, before, after
}

func eitherOf(one, other map[string]any) map[string]any {
	all := maps.Clone(one)
	maps.Copy(all, other)
	return all
}

func personFields(p db.Person) map[string]any {
	fields := map[string]any{
		"email": p.Email, "name": p.Name, "department": p.Department, "title": p.Title, "manager": p.ManagerEmail,
		"employment": p.Employment, "time_zone": p.TimeZone,
	}
	if !p.StartsAt.IsZero() {
		fields["starts_at"] = db.UTC(p.StartsAt)
	}
	if !p.EndsAt.IsZero() {
		fields["ends_at"] = db.UTC(p.EndsAt)
	}
	for name, value := range p.Attributes {
		fields["attributes."+name] = value
	}
	return fields
}

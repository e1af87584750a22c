package flows

import (
	"context"
	"maps"
	"reflect"
	"slices"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/config"
)

// followConfig has looked at what changes of the configuration mean for the access of people: rules that give access are
// applied to everybody, and people of whom the file says something new are looked at. The caller wrote the changes and
// holds the lock of the configuration.
func (c *change) followConfig(ctx context.Context, changes []config.Change) error {
	var rules []string
	var people []config.Change
	for _, made := range changes {
		switch made.Kind {
		case config.KindBirthright:
			rules = append(rules, made.Name)
		case config.KindPerson:
			people = append(people, made)
		}
	}
	if len(rules) > 0 {
		if err := c.birthrightsChanged(ctx, rules); err != nil {
			return err
		}
	}
	giving, err := db.AnyBirthright(ctx, c)
	if err != nil || !giving {
		return err
	}
	for _, made := range people {
		if err := c.toldByFile(ctx, made); err != nil {
			return err
		}
	}
	return nil
}

// toldByFile has the access of a person looked at of whom the configuration says something new.
func (c *change) toldByFile(ctx context.Context, made config.Change) error {
	found, err := db.PersonByEmail(ctx, c, made.Name)
	if err != nil {
		return err
	}
	p, err := db.LockPerson(ctx, c, found.ID)
	if err != nil {
		return err
	}
	return c.markPerson(ctx, p.ID, db.Unsettled{Directory: p.ToldBy, Fields: fieldsOf(made)})
}

// fieldsOf are the attributes of a person that a change of the configuration changes, as conditions call them.
func fieldsOf(made config.Change) []string {
	fields := []string{}
	for _, one := range made.Fields {
		if one.Key != "attributes" {
			fields = append(fields, one.Key)
			continue
		}
		was, _ := made.Before["attributes"].(map[string]any)
		is, _ := made.After["attributes"].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(eitherOf(was, is))) {
			if !reflect.DeepEqual(was[name], is[name]) {
				fields = append(fields, "attributes."+name)
			}
		}
	}
	return fields
}

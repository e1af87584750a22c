package flows

import (
	"context"
	"errors"
	"slices"

	"github.com/usherhq/usher/db"
)

// adjusts says whether a rule has something done at a target when one of the attributes changes.
func (b rulebook) adjusts(fields []string) bool {
	return slices.ContainsFunc(b.rules, func(rule db.Birthright) bool { return adjustedBy(rule, fields) })
}

func adjustedBy(rule db.Birthright, fields []string) bool {
	return rule.Active && rule.Adjust != nil && slices.ContainsFunc(rule.Adjust.On, func(name string) bool { return slices.Contains(fields, name) })
}

// adjust has targets told what changed of somebody who holds the access of a rule, and held it before: whoever gets it only
// now gets it as he is.
func (c *change) adjust(ctx context.Context, g *giving, given, said []db.BirthrightPerson) error {
	for _, rule := range g.book.rules {
		holds := func(one db.BirthrightPerson) bool { return one.Birthright == rule.Slug }
		if !adjustedBy(rule, g.mark.Fields) || !slices.ContainsFunc(given, holds) || !slices.ContainsFunc(said, holds) {
			continue
		}
		if err := c.adjustBy(ctx, g, rule); err != nil {
			return err
		}
	}
	return nil
}

// adjustBy runs the scripts of a rule's chain for a person. They run behind those that a former change began.
func (c *change) adjustBy(ctx context.Context, g *giving, rule db.Birthright) error {
	version, err := db.PublishedVersion(ctx, c, rule.Adjust.Run)
	if errors.Is(err, db.ErrNotFound) {
		details := db.Details{Birthright: rule.Slug, Chain: rule.Adjust.Run, Error: "Nothing is published that would be run."}
		return c.recordPerson(g.by(), "birthright.blocked", g.person, details)
	}
	if err != nil {
		return err
	}
	return c.submitWork(ctx, g.person, toDo{
		origin: db.FromAdjustment, directory: g.mark.Directory, reason: "By the rule " + rule.Name + ".", rule: rule.Slug,
		items: []workItem{{
			title: "Adjust what " + g.person.Name + " has by the rule " + rule.Name, scripts: version.Scripts,
			lane: "adjust|" + g.person.ID + "|" + rule.Slug, owner: c.ownerOf(g.book, rule),
		}},
	})
}

// ownerOf is who is asked when something that a rule does fails: who owns the first entitlement that it gives.
func (c *change) ownerOf(book rulebook, rule db.Birthright) string {
	for _, slug := range rule.Entitlements {
		if e, known := book.entitlements[slug]; known && e.OwnerEmail != "" {
			return e.OwnerEmail
		}
	}
	return ""
}

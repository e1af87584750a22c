package flows

import (
	"context"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// holding is one entitlement that a person holds or asks for.
type holding struct {
	entitlement db.Entitlement
	itemID      string
	asked       bool // it is not decided yet
}

// conflict is a separation of duties that an item touches, with what stands against the item.
type conflict struct {
	rule    db.Separation
	against []holding
}

// separate finds the separations of duties that the items touch: beside what the person holds, what is asked for the
// person already, and each other. One that blocks refuses the request.
func separate(ctx context.Context, q bun.IDB, d draft) error {
	all, err := db.Separations(ctx, q)
	if err != nil || len(all) == 0 {
		return err
	}
	held, err := holdings(ctx, q, d.items[0].item, true)
	if err != nil {
		return err
	}
	for n := range d.items {
		beside := slices.Clone(held)
		for _, other := range d.items {
			beside = append(beside, holding{entitlement: *other.item.Entitlement, itemID: other.item.ID, asked: true})
		}
		item := d.items[n].item
		d.items[n].conflicts = conflictsOf(all, *item.Entitlement, beside)
		if one := blocking(d.items[n].conflicts); one != nil {
			return refuseField(FieldAccess, n, "%s", one.words(*item.Entitlement, *item.Subject))
		}
	}
	return nil
}

// holdings reads what stands beside an item for the person who would hold it: live grants, also those that begin later,
// and, where asked is set, what is asked for in any request and not decided yet.
func holdings(ctx context.Context, q bun.IDB, item db.RequestItem, asked bool) ([]holding, error) {
	grants, err := db.LiveGrantsOf(ctx, q, item.SubjectID)
	if err != nil {
		return nil, err
	}
	var all []holding
	for _, grant := range grants {
		all = append(all, holding{entitlement: *grant.Entitlement, itemID: grant.ItemID})
	}
	if !asked {
		return all, nil
	}
	items, err := db.PendingItemsFor(ctx, q, item.SubjectID)
	if err != nil {
		return nil, err
	}
	for _, other := range items {
		all = append(all, holding{entitlement: *other.Entitlement, itemID: other.ID, asked: true})
	}
	return all, nil
}

// conflictsOf finds the separations of duties that an entitlement touches beside what a person holds.
func conflictsOf(all []db.Separation, e db.Entitlement, held []holding) []conflict {
	var found []conflict
	for _, rule := range all {
		if !rule.Active || !slices.Contains(rule.Entitlements, e.Slug) {
			continue
		}
		one := conflict{rule: rule}
		for _, other := range held {
			known := slices.ContainsFunc(one.against, func(h holding) bool { return h.entitlement.ID == other.entitlement.ID })
			if other.entitlement.ID != e.ID && !known && slices.Contains(rule.Entitlements, other.entitlement.Slug) {
				one.against = append(one.against, other)
			}
		}
		if len(one.against) > 0 {
			found = append(found, one)
		}
	}
	return found
}

// blocking returns the first conflict that no approval can settle.
func blocking(found []conflict) *conflict {
	n := slices.IndexFunc(found, func(one conflict) bool { return one.rule.Effect == db.SeparationBlocks || one.rule.Step == nil })
	if n < 0 {
		return nil
	}
	return &found[n]
}

// words says why a person can't hold both.
func (one conflict) words(e db.Entitlement, subject db.Person) string {
	verb := "holds"
	if one.against[0].asked {
		verb = "asks for"
	}
	text := "The rule \"" + one.rule.Name + "\" keeps " + e.Name + " apart from " + strings.Join(one.names(), " and ") +
		", which " + subject.Name + " " + verb + "."
	if one.rule.Reason != "" {
		text += " " + ended(one.rule.Reason)
	}
	return text
}

func (one conflict) names() []string {
	var names []string
	for _, other := range one.against {
		names = append(names, other.entitlement.Name)
	}
	return names
}

// shown is how approvers see conflicts.
func shown(found []conflict) []db.Conflict {
	var all []db.Conflict
	for _, one := range found {
		all = append(all, db.Conflict{Rule: one.rule.Slug, Name: one.rule.Name, Holds: one.names(), Reason: one.rule.Reason})
	}
	return all
}

// furtherSteps are the steps that conflicts add behind those of the chain.
func furtherSteps(found []conflict) []db.Step {
	var steps []db.Step
	for _, one := range found {
		steps = append(steps, *one.rule.Step)
	}
	return steps
}

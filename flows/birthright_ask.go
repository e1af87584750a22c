package flows

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

// itemsByRule is how many accesses one request of rules asks for at most, so that its card stays readable.
const itemsByRule = 20

// askByRules asks for what rules give a person, in as few requests as possible. Whoever has to agree is who the chain of the
// rule names; without one it is approved at once. What may not be given is noted with the reason and never asked for.
func (c *change) askByRules(ctx context.Context, g *giving, wanted []db.BirthrightPerson) error {
	if len(wanted) == 0 {
		return nil
	}
	robot, err := c.robotOf(ctx, g.mark.Directory)
	if err != nil {
		return err
	}
	beside, err := holdings(ctx, c, db.RequestItem{SubjectID: g.person.ID}, true)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(wanted, itemsByRule) {
		d := draft{request: db.Request{
			ID: db.NewID("req"), RequesterID: robot.ID, Requester: &robot, Status: db.Pending, Submission: db.NewID("rule"),
			CreatedAt: c.now, Origin: db.FromBirthright, Directory: g.mark.Directory,
		}}
		for _, one := range some {
			item, why, err := c.draftByRule(ctx, g, d.request, one, beside)
			if err != nil {
				return err
			}
			if err := c.noteBlocked(ctx, g, one, why); err != nil {
				return err
			}
			if why == "" {
				item.item.Position = len(d.items) + 1
				d.items = append(d.items, item)
				beside = append(beside, holding{entitlement: *item.item.Entitlement, itemID: item.item.ID, asked: true})
			}
		}
		if err := c.submitByRules(ctx, g, d); err != nil {
			return err
		}
	}
	return nil
}

// draftByRule makes the item by which a rule asks for an access, or says why it can't be given.
func (c *change) draftByRule(ctx context.Context, g *giving, request db.Request, one db.BirthrightPerson, beside []holding) (d draftItem, why string, err error) {
	e, known := g.book.entitlement(one.EntitlementID)
	if !known {
		return d, "It is no longer known.", nil
	}
	rule := g.book.rule(one.Birthright)
	p := g.person
	d.rule = db.ApprovalRule{When: rule.Condition, Chain: rule.Chain}
	d.item = db.RequestItem{
		ID: db.NewID("itm"), RequestID: request.ID, EntitlementID: e.ID, SubjectID: p.ID, Duration: db.Standing, StartsAt: g.start,
		Status: db.Pending, Birthright: rule.Slug, Entitlement: &e, Subject: &p,
	}
	if !one.Until.IsZero() {
		d.item.Duration = db.Duration(one.Until.Sub(c.now).Round(time.Second))
	}
	if why, err = c.ruleObjection(ctx, request, d.item); err != nil || why != "" {
		return d, why, err
	}
	all, err := db.Separations(ctx, c)
	if err != nil {
		return d, "", err
	}
	d.conflicts = conflictsOf(all, e, beside)
	if against := blocking(d.conflicts); against != nil {
		return d, against.words(e, p), nil
	}
	if rule.Chain != "" {
		d.chain, err = db.ApprovalChainBySlug(ctx, c, rule.Chain)
		if errors.Is(err, db.ErrNotFound) {
			return d, "Nobody can agree to it: the approval chain " + rule.Chain + " of the rule is not known.", nil
		}
		if err != nil {
			return d, "", err
		}
	}
	err = c.f.fixVersions(ctx, c, request, &d.item)
	if errors.Is(err, db.ErrNotFound) {
		return d, "Nothing is published that would give " + e.Name + ".", nil
	}
	return d, "", err
}

// ruleObjection says why an access that a rule gives may not be given, apart from separations of duties. Who may ask for it
// does not matter: nobody asks.
func (c *change) ruleObjection(ctx context.Context, request db.Request, item db.RequestItem) (string, error) {
	if e := item.Entitlement; !e.Active || !e.Provider.Active {
		return e.Name + " is no longer offered.", nil
	}
	scope, err := c.f.scope(ctx, c, request, item, nil)
	if err != nil {
		return "", err
	}
	return c.whyNotByRule(ctx, request, item, scope)
}

// submitByRules writes a request of rules.
func (c *change) submitByRules(ctx context.Context, g *giving, d draft) error {
	if len(d.items) == 0 {
		return nil
	}
	channel, settings, err := c.usualChannel(ctx)
	if err != nil {
		return err
	}
	items := make([]db.RequestItem, 0, len(d.items))
	var by, names []string
	for _, one := range d.items {
		items = append(items, one.item)
		by = append(by, g.book.rule(one.item.Birthright).Name)
		names = append(names, one.item.Entitlement.Name)
	}
	d.request.Reason = rulesWords(by)
	d.request.Channel, d.request.LapsesAt = channel, db.UTC(c.now.Add(c.f.pendingFor(settings, d.items)))
	g.gained = append(g.gained, names...)
	return c.submitFor(ctx, g.by(), d, items)
}

// submitFor writes a request that no person made, and opens its approval flows.
func (c *change) submitFor(ctx context.Context, actor by, d draft, items []db.RequestItem) error {
	if err := db.InsertRequest(ctx, c, d.request, items); err != nil {
		return err
	}
	first := items[0]
	details := db.Details{
		Reason: d.request.Reason, Plan: first.Plan, Duration: first.Duration.String(), Directory: d.request.Directory, Birthright: first.Birthright,
	}
	if !first.StartsAt.IsZero() {
		details.Start = first.StartsAt.Format(time.RFC3339)
	}
	if len(items) > 1 {
		for _, item := range items {
			details.Items = append(details.Items, item.Entitlement.Slug)
		}
	}
	if err := c.record(actor, "request.created", d.request.ID, &first, details); err != nil {
		return err
	}
	for _, one := range d.items {
		if err := c.openFlow(ctx, d.request, one); err != nil {
			return err
		}
	}
	return c.settleRequest(ctx, d.request)
}

// rulesWords says which rules ask for something.
func rulesWords(names []string) string {
	var once []string
	for _, name := range names {
		if !slices.Contains(once, name) {
			once = append(once, name)
		}
	}
	if len(once) == 1 {
		return "By the rule " + once[0] + "."
	}
	return "By the rules " + strings.Join(once, ", ") + "."
}

// noteBlocked notes that an access can't be given, or that nothing stands against it any more. It is told of once.
func (c *change) noteBlocked(ctx context.Context, g *giving, one db.BirthrightPerson, why string) error {
	was, err := db.BirthrightOf(ctx, c, one.PersonID, one.Birthright, one.EntitlementID)
	if err != nil || was.Blocked == why {
		return err
	}
	told := was.Blocked != ""
	was.Blocked = why
	if err := db.SaveBirthrightPeople(ctx, c, []db.BirthrightPerson{was}); err != nil {
		return err
	}
	if why == "" {
		return c.noDriftOf(ctx, g.person, ruleDrift(one))
	}
	if err := c.driftBlocked(ctx, g, one, why); err != nil || told {
		return err
	}
	e, _ := g.book.entitlement(one.EntitlementID)
	event := db.AuditEvent{
		Actor: g.by().name, ActorKind: g.by().kind, Action: "birthright.blocked", Subject: g.person.Label(), Entitlement: e.Slug,
	}
	if e.Provider != nil {
		event.Provider = e.Provider.Slug
	}
	return c.append(event, db.Details{Birthright: one.Birthright, Directory: g.mark.Directory, Error: why})
}

// whyNotByRule says why an access that a rule gives may not be given now: an approval rule denies it, a review said that it is
// not to be given again, or the rule is shut.
func (c *change) whyNotByRule(ctx context.Context, request db.Request, item db.RequestItem, scope rules.Scope) (string, error) {
	said, err := c.f.ruled(ctx, c, item, scope, c.now)
	if refusal, ok := Refusal(err); ok {
		return refusal.Text, nil
	}
	if err != nil {
		return "", err
	}
	if said.denies != nil {
		return denial(*said.denies), nil
	}
	err = c.f.mayGiveAgain(ctx, c, request, item)
	if refusal, ok := Refusal(err); ok {
		return refusal.Text, nil
	}
	if err != nil {
		return "", err
	}
	return c.whyNotGiven(ctx, item)
}

// whyNotGiven says why no rule gives an access any more: none names the person, or the one that does is shut.
func (c *change) whyNotGiven(ctx context.Context, item db.RequestItem) (string, error) {
	said, err := db.BirthrightsOf(ctx, c, []string{item.SubjectID})
	if err != nil {
		return "", err
	}
	why := "The rule that gave it no longer does."
	for _, one := range said {
		switch {
		case one.EntitlementID != item.EntitlementID:
		case overdue(one.Until, c.now):
			why = "The time is over in which the rule gives it."
		default:
			return "", nil
		}
	}
	return why, nil
}

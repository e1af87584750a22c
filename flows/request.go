package flows

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

// maxItems is how many entitlements one request may ask for.
const maxItems = 5

// DefaultChannel is where cards go when the configuration names no channel.
const DefaultChannel = "#access"

// Ask is what a person filled in.
type Ask struct {
	By         string // person id
	For        string // person id; empty is oneself
	Reason     string
	StartsAt   time.Time // zero is at once
	Submission string    // the same one twice is one request
	Emergency  bool      // by the declared emergency path of each entitlement
	Items      []AskItem
}

// AskItem is one entitlement that is asked for.
type AskItem struct {
	EntitlementID string
	Duration      db.Duration
	Extends       string // grant id, when the person presses Extend; found by itself when the access is held
}

// Request makes a request with everything that follows: its items, approval flows, and, where a chain has no step,
// the approval itself. The same submission again returns the request that it made before.
func (f *Flows) Request(ctx context.Context, ask Ask) (db.Request, error) {
	var made db.Request
	err := f.change(ctx, func(ctx context.Context, c *change) error {
		var err error
		made, err = db.RequestBySubmission(ctx, c, ask.Submission)
		if !errors.Is(err, db.ErrNotFound) {
			return err
		}
		if err := lockSubject(ctx, c, ask); err != nil {
			return err
		}
		draft, err := f.draft(ctx, c, ask, c.now)
		if err != nil {
			return err
		}
		made = draft.request
		return c.submit(ctx, draft)
	})
	if errors.Is(err, db.ErrConflict) { // the same submission, delivered twice at once: the other one was faster
		return db.RequestBySubmission(ctx, f.store, ask.Submission)
	}
	return made, err
}

// lockSubject holds the person whom a request is for, so that two halves of a separation can't be asked for at once
// unseen. Somebody who is not there is refused by the draft.
func lockSubject(ctx context.Context, c *change, ask Ask) error {
	_, err := db.LockPerson(ctx, c, cmp.Or(ask.For, ask.By))
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	return err
}

// draft is a request that is checked but not written.
type draft struct {
	request db.Request
	items   []draftItem
}

type draftItem struct {
	item      db.RequestItem
	rule      db.ApprovalRule
	chain     db.ApprovalChain
	emergency bool       // the person may take the emergency path
	said      verdict    // of the approval rules
	conflicts []conflict // separations of duties, of which none blocks
	extends   *db.Grant  // the grant that would be held for longer
}

// steps are what has to be approved: the chain's steps, and behind them those that conflicts add. A rule takes their
// place; in an emergency a conflict is for the review afterwards.
func (d draftItem) steps(emergency bool) []db.Step {
	if d.ruled() != nil {
		return nil
	}
	if emergency {
		return d.chain.Steps
	}
	return slices.Concat(d.chain.Steps, furtherSteps(d.conflicts))
}

// ruled is the approval rule that decides in place of people, if one does. None approves what touches a separation.
func (d draftItem) ruled() *db.Ruling {
	if d.said.denies != nil {
		return d.said.denies
	}
	if len(d.conflicts) > 0 {
		return nil
	}
	return d.said.approves
}

// draft checks what a person filled in against the rules.
func (f *Flows) draft(ctx context.Context, q bun.IDB, ask Ask, now time.Time) (draft, error) {
	requester, err := actor(ctx, q, ask.By)
	if err != nil {
		return draft{}, err
	}
	subject, err := f.subject(ctx, q, requester, ask.For)
	if err != nil {
		return draft{}, err
	}
	if err := checkReason(ask.Reason); err != nil {
		return draft{}, err
	}
	start, err := checkStart(ask, now)
	if err != nil {
		return draft{}, err
	}
	settings, err := db.ReadSettings(ctx, q)
	if err != nil {
		return draft{}, err
	}
	channel := settings.Channel
	if channel == "" {
		channel = DefaultChannel
	}
	d := draft{request: db.Request{
		ID: db.NewID("req"), RequesterID: requester.ID, Reason: ask.Reason, Status: db.Pending, Submission: ask.Submission,
		Channel: channel, CreatedAt: now, Requester: &requester, Emergency: ask.Emergency,
	}}
	if err := f.draftItems(ctx, q, &d, ask, subject, start); err != nil {
		return d, err
	}
	d.request.LapsesAt = db.UTC(now.Add(f.pendingFor(settings, d.items)))
	return d, separate(ctx, q, d)
}

// pendingFor is how long a request may wait for its decisions: the shortest that one of its chains says, else what the
// settings say.
func (f *Flows) pendingFor(settings db.Settings, items []draftItem) time.Duration {
	usual, shortest := cmp.Or(time.Duration(settings.Pending), f.pending), time.Duration(0)
	for _, one := range items {
		own := cmp.Or(time.Duration(one.chain.Pending), usual)
		if shortest == 0 || own < shortest {
			shortest = own
		}
	}
	return shortest
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

func (f *Flows) draftItems(ctx context.Context, q bun.IDB, d *draft, ask Ask, subject db.Person, start time.Time) error {
	if len(ask.Items) == 0 {
		return refuseField(FieldAccess, 0, "Choose what you need access to.")
	}
	if len(ask.Items) > maxItems {
		return refuseField(FieldAccess, maxItems, "Ask for at most %d things at once.", maxItems)
	}
	seen := map[string]bool{}
	for n, wanted := range ask.Items {
		if seen[wanted.EntitlementID] {
			return refuseField(FieldAccess, n, "This is already in the request.")
		}
		seen[wanted.EntitlementID] = true
		item, err := f.draftItem(ctx, q, d.request, wanted, subject, start)
		if refusal, ok := Refusal(err); ok {
			refusal.Item = n
		}
		if err != nil {
			return err
		}
		item.item.Position = n + 1
		d.items = append(d.items, item)
	}
	return nil
}

// subject reads whom the request is for: an active person of this workspace; guests may hold access.
func (f *Flows) subject(ctx context.Context, q bun.IDB, requester db.Person, id string) (db.Person, error) {
	if id == "" || id == requester.ID {
		return requester, nil
	}
	p, err := db.PersonByID(ctx, q, id)
	if err != nil {
		return p, err
	}
	if !p.Active || (p.Kind != db.Member && p.Kind != db.Guest) {
		return p, refuseField(FieldFor, 0, "%s can't hold access: choose an active person of this workspace.", p.Name)
	}
	return p, nil
}

func (f *Flows) draftItem(ctx context.Context, q bun.IDB, request db.Request, wanted AskItem, subject db.Person, start time.Time) (draftItem, error) {
	entitlement, err := db.EntitlementByID(ctx, q, wanted.EntitlementID)
	if errors.Is(err, db.ErrNotFound) || (err == nil && !(entitlement.Active && entitlement.Provider.Active)) {
		return draftItem{}, refuseField(FieldAccess, 0, "This access is no longer offered. Choose another.")
	}
	if err != nil {
		return draftItem{}, err
	}
	if err := checkDuration(entitlement, 0, wanted.Duration); err != nil {
		return draftItem{}, err
	}
	d := draftItem{item: db.RequestItem{
		ID: db.NewID("itm"), RequestID: request.ID, EntitlementID: entitlement.ID, SubjectID: subject.ID,
		Duration: wanted.Duration, StartsAt: start, Status: db.Pending, Entitlement: &entitlement, Subject: &subject,
	}}
	if d.extends, err = heldGrant(ctx, q, d.item, wanted.Extends); err != nil {
		return draftItem{}, err
	}
	if d.extends != nil {
		d.item.ExtendsGrantID = d.extends.ID
		if why := notRenewable(*d.extends); why != "" {
			return draftItem{}, refuseField(FieldAccess, 0, "%s", why)
		}
	} else if err := f.mayGiveAgain(ctx, q, request, d.item); err != nil {
		return draftItem{}, err
	}
	if err := f.choose(ctx, q, request, &d); err != nil {
		return draftItem{}, err
	}
	return d, f.fixVersions(ctx, q, request, &d.item)
}

// heldGrant finds the grant that an item asks more time for: the one named, else the one that is held already; nil is
// none. A request with a later start is a new grant.
func heldGrant(ctx context.Context, q bun.IDB, item db.RequestItem, named string) (*db.Grant, error) {
	if named == "" && !item.StartsAt.IsZero() {
		return nil, nil //nolint:nilnil // to hold nothing is an ordinary answer
	}
	grants, err := db.LiveGrantsOf(ctx, q, item.SubjectID)
	if err != nil {
		return nil, err
	}
	for _, grant := range grants {
		live := grant.Status == db.Active || grant.Status == db.Provisioning
		if grant.EntitlementID == item.EntitlementID && live && (named == "" || named == grant.ID) {
			return &grant, nil
		}
	}
	if named != "" {
		return nil, refuse("This access has already ended. Ask for it anew with /access request.")
	}
	return nil, nil //nolint:nilnil // to hold nothing is an ordinary answer
}

// choose checks who may ask and finds out who decides: a rule, or the steps of a chain.
func (f *Flows) choose(ctx context.Context, q bun.IDB, request db.Request, d *draftItem) error {
	e := *d.item.Entitlement
	scope, err := f.scope(ctx, q, request, d.item, nil)
	if err != nil {
		return err
	}
	may, err := rules.Holds(e.RequestableBy, scope)
	if err != nil {
		return fmt.Errorf("who may ask for %s: %w", e.Slug, err)
	}
	if !may {
		return refuseField(FieldAccess, 0, "%s can't be asked for by you or for this person. Ask its owner %s why.", e.Name, e.OwnerEmail)
	}
	d.emergency = mayUseEmergency(e, scope)
	if request.Emergency {
		if err := d.hurry(request); err != nil {
			return err
		}
		scope["duration"] = d.item.Duration
	}
	if d.said, err = f.ruled(ctx, q, d.item, scope, request.CreatedAt); err != nil || d.said.denies != nil {
		return err
	}
	if request.Emergency {
		d.said.approves = nil // the path has a chain of its own
	} else if d.rule, err = chooseRule(e, scope); err != nil {
		return err
	}
	if d.rule.Chain == "" {
		return nil
	}
	d.chain, err = db.ApprovalChainBySlug(ctx, q, d.rule.Chain)
	return err
}

// fixVersions binds the item to the published versions of its action chains: what runs is what the approver saw.
func (f *Flows) fixVersions(ctx context.Context, q bun.IDB, request db.Request, item *db.RequestItem) error {
	provision, err := db.PublishedVersion(ctx, q, item.Entitlement.ProvisionChain)
	if err != nil {
		return err
	}
	deprovision, err := db.PublishedVersion(ctx, q, item.Entitlement.DeprovisionChain)
	if err != nil {
		return err
	}
	item.ProvisionVersionID, item.DeprovisionVersionID = provision.ID, deprovision.ID
	if item.ExtendsGrantID != "" {
		item.Plan = []string{"Nothing is changed at " + item.Entitlement.Provider.Name + ": the access is kept for longer."}
		return nil
	}
	scope, err := f.scope(ctx, q, request, *item, nil)
	if err != nil {
		return err
	}
	item.Plan, err = f.plan(ctx, q, provision.Scripts, scope)
	return err
}

// submit writes a checked request and opens its approval flows.
func (c *change) submit(ctx context.Context, d draft) error {
	items := make([]db.RequestItem, 0, len(d.items))
	for _, item := range d.items {
		items = append(items, item.item)
	}
	if err := db.InsertRequest(ctx, c, d.request, items); err != nil {
		return err
	}
	if err := c.recordRequest(d); err != nil {
		return err
	}
	if d.request.Emergency {
		if err := c.recordEmergency(d); err != nil {
			return err
		}
	}
	for _, item := range d.items {
		if err := c.openFlow(ctx, d.request, item); err != nil {
			return err
		}
	}
	return c.settleRequest(ctx, d.request)
}

func (c *change) recordRequest(d draft) error {
	first := d.items[0].item
	details := db.Details{Reason: d.request.Reason, Duration: first.Duration.String(), Plan: first.Plan, Extends: first.ExtendsGrantID, Emergency: d.request.Emergency}
	if !first.StartsAt.IsZero() {
		details.Start = first.StartsAt.Format(time.RFC3339)
	}
	if len(d.items) > 1 {
		for _, item := range d.items {
			details.Items = append(details.Items, item.item.Entitlement.Slug)
		}
	}
	return c.record(person(*d.request.Requester), "request.created", d.request.ID, &first, details)
}

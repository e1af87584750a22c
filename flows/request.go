package flows

import (
	"context"
	"errors"
	"fmt"
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

// draft is a request that is checked but not written.
type draft struct {
	request db.Request
	items   []draftItem
}

type draftItem struct {
	item  db.RequestItem
	rule  db.ApprovalRule
	chain db.ApprovalChain
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
	start, err := checkStart(ask.StartsAt, now)
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
		Channel: channel, LapsesAt: db.UTC(now.Add(f.pending)), CreatedAt: now, Requester: &requester,
	}}
	return d, f.draftItems(ctx, q, &d, ask, subject, start)
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
	if d.item.ExtendsGrantID, err = heldGrant(ctx, q, d.item, wanted.Extends); err != nil {
		return draftItem{}, err
	}
	if err := f.choose(ctx, q, request, &d); err != nil {
		return draftItem{}, err
	}
	return d, f.fixVersions(ctx, q, request, &d.item)
}

// heldGrant finds the grant that an item asks more time for: the one named, else the one that is held already. A
// request with a later start is a new grant.
func heldGrant(ctx context.Context, q bun.IDB, item db.RequestItem, named string) (string, error) {
	if named == "" && !item.StartsAt.IsZero() {
		return "", nil
	}
	grants, err := db.LiveGrantsOf(ctx, q, item.SubjectID)
	if err != nil {
		return "", err
	}
	for _, grant := range grants {
		live := grant.Status == db.Active || grant.Status == db.Provisioning
		if grant.EntitlementID == item.EntitlementID && live && (named == "" || named == grant.ID) {
			return grant.ID, nil
		}
	}
	if named != "" {
		return "", refuse("This access has already ended. Ask for it anew with /access request.")
	}
	return "", nil
}

// choose checks who may ask and picks the approval chain.
func (f *Flows) choose(ctx context.Context, q bun.IDB, request db.Request, d *draftItem) error {
	scope, err := f.scope(ctx, q, request, d.item, nil)
	if err != nil {
		return err
	}
	may, err := rules.Holds(d.item.Entitlement.RequestableBy, scope)
	if err != nil {
		return fmt.Errorf("who may ask for %s: %w", d.item.Entitlement.Slug, err)
	}
	if !may {
		return refuseField(FieldAccess, 0, "%s can't be asked for by you or for this person. Ask its owner %s why.",
			d.item.Entitlement.Name, d.item.Entitlement.OwnerEmail)
	}
	if d.rule, err = chooseRule(*d.item.Entitlement, scope); err != nil {
		return err
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
	for _, item := range d.items {
		if err := c.openFlow(ctx, d.request, item); err != nil {
			return err
		}
	}
	return c.settleRequest(ctx, d.request)
}

func (c *change) recordRequest(d draft) error {
	first := d.items[0].item
	details := db.Details{Reason: d.request.Reason, Duration: first.Duration.String(), Plan: first.Plan, Extends: first.ExtendsGrantID}
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

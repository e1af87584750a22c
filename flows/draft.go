package flows

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// maxItems is how many entitlements one request may ask for.
const maxItems = 5

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

// mayHold says whether a person can hold access at all.
func mayHold(p db.Person) bool { return p.Active && (p.Kind == db.Member || p.Kind == db.Guest) }

// subject reads whom the request is for: an active person of this workspace; guests may hold access.
func (f *Flows) subject(ctx context.Context, q bun.IDB, requester db.Person, id string) (db.Person, error) {
	if id == "" || id == requester.ID {
		return requester, nil
	}
	p, err := db.PersonByID(ctx, q, id)
	if err != nil {
		return p, err
	}
	if !mayHold(p) {
		return p, refuseField(FieldFor, 0, "%s can't hold access: choose an active person of this workspace.", p.Name)
	}
	return p, nil
}

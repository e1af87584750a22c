package flows

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/audit"
)

// change is one transaction: rows, the audit events that tell of them, and the messages and jobs that follow. Locks
// are always taken in this order: request, configuration, person, review, audit head; so no two changes can wait for
// each other in a ring. Whoever holds the configuration may make a request, but never locks one that is there.
type change struct {
	bun.Tx

	f      *Flows
	now    time.Time
	events []db.AuditEvent
	jobs   []job
}

// job is background work that begins when the change has committed, after a delay of real time.
type job struct {
	args  river.JobArgs
	queue string
	after time.Duration
}

// change runs do in one transaction. Nothing of it is kept when do or the commit fails.
func (f *Flows) change(ctx context.Context, do func(ctx context.Context, c *change) error) error {
	return f.store.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		c := &change{Tx: tx, f: f, now: f.Now()}
		if err := do(ctx, c); err != nil {
			return err
		}
		if err := c.seal(ctx); err != nil {
			return err
		}
		for _, job := range c.jobs {
			if err := f.jobs.insert(ctx, tx, job); err != nil {
				return fmt.Errorf("enqueue %s: %w", job.args.Kind(), err)
			}
		}
		return nil
	})
}

// seal appends the events to the audit log, which orders them, and asks for the messages that tell of them.
func (c *change) seal(ctx context.Context) error {
	if len(c.events) == 0 {
		return nil
	}
	head, err := db.LockAuditHead(ctx, c)
	if err != nil {
		return err
	}
	events := audit.Seal(head, c.events, c.now)
	if err := db.AppendAudit(ctx, c, events); err != nil {
		return err
	}
	lanes, err := c.f.notifier.Record(ctx, c, events)
	if err != nil {
		return fmt.Errorf("record messages: %w", err)
	}
	for _, lane := range lanes {
		c.enqueue(LaneFlush{Lane: lane}, queueSlack, 0)
	}
	return nil
}

func (c *change) enqueue(args river.JobArgs, queue string, after time.Duration) {
	c.jobs = append(c.jobs, job{args: args, queue: queue, after: after})
}

// by names who acts in an audit event.
type by struct {
	name, kind string
}

var system = by{name: "usher", kind: "system"}

func person(p db.Person) by { return by{name: p.Label(), kind: "person"} }

// record adds an event about an item of a request. item and grant may be nil.
func (c *change) record(actor by, action, request string, item *db.RequestItem, details db.Details) error {
	event := db.AuditEvent{Actor: actor.name, ActorKind: actor.kind, Action: action, Request: request}
	if item != nil {
		details.Item = item.ID
		event.Subject = item.Subject.Label()
		event.Entitlement = item.Entitlement.Slug
		event.Provider = item.Entitlement.Provider.Slug
	}
	return c.append(event, details)
}

// recordGrant adds an event about a grant.
func (c *change) recordGrant(actor by, action string, grant db.Grant, details db.Details) error {
	return c.append(grantEvent(actor, action, grant), details)
}

func grantEvent(actor by, action string, grant db.Grant) db.AuditEvent {
	return db.AuditEvent{
		Actor: actor.name, ActorKind: actor.kind, Action: action, Request: grant.RequestID, Grant: grant.ID,
		Subject: grant.Subject.Label(), Entitlement: grant.Entitlement.Slug, Provider: grant.Entitlement.Provider.Slug,
	}
}

func (c *change) append(event db.AuditEvent, details db.Details) error {
	text, err := details.Text()
	if err != nil {
		return err
	}
	event.Details = text
	c.events = append(c.events, event)
	return nil
}

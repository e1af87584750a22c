package flows

import (
	"context"
	"time"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
)

// usageBatch is how many items one job asks a provider about: what has to be given or taken back there goes in between.
const usageBatch = 20

// ReviewUsage asks a provider when the holders of reviewed access last used their accounts.
type ReviewUsage struct {
	ReviewID string `json:"review_id"`
	Provider string `json:"provider"` // slug
	After    int    `json:"after"`    // position of the last item that was asked about
}

// Kind names the job in the queue; it never changes.
func (ReviewUsage) Kind() string { return "review_usage" }

// askUsage has the providers of reviewed access asked, as far as they tell of its use. A provider that can't be opened
// tells nothing: its own flows say so.
func (c *change) askUsage(review db.Review, grants []db.Grant) {
	asked := map[string]bool{}
	for _, grant := range grants {
		row := *grant.Entitlement.Provider
		if asked[row.Slug] {
			continue
		}
		asked[row.Slug] = true
		opened, err := c.f.providers.get(row)
		if err != nil {
			continue
		}
		if _, tells := connectors.As[connectors.Usage](opened.provider); tells {
			c.enqueue(ReviewUsage{ReviewID: review.ID, Provider: row.Slug}, "provider_"+row.Slug, 0)
		}
	}
}

// reviewUsage asks about the next items. What a provider does not tell, or can't be asked now, stays unknown.
func (f *Flows) reviewUsage(ctx context.Context, args ReviewUsage) error {
	items, err := db.ReviewItemsAfter(ctx, f.store, args.ReviewID, args.Provider, args.After, usageBatch)
	if err != nil || len(items) == 0 {
		return err
	}
	opened, err := f.providers.bySlug(ctx, f.store, args.Provider)
	if err != nil {
		return err
	}
	source, tells := connectors.As[connectors.Usage](opened.provider)
	if !tells {
		return nil
	}
	known := map[string]string{}
	for _, item := range items {
		if err := opened.limiter.Wait(ctx); err != nil {
			return err
		}
		at, err := source.LastUsed(ctx, callPerson(*item.Grant.Subject))
		if err != nil {
			f.log.WarnContext(ctx, "ask for the use of an account", "provider", args.Provider, "error", err)
			continue
		}
		if !at.IsZero() {
			known[item.ID] = "last active at " + item.Grant.Entitlement.Provider.Name + " on " + at.UTC().Format(time.DateOnly)
		}
	}
	return f.change(ctx, func(ctx context.Context, c *change) error {
		return c.keepUsage(ctx, args, items, known)
	})
}

func (c *change) keepUsage(ctx context.Context, args ReviewUsage, items []db.ReviewItem, known map[string]string) error {
	for id, usage := range known {
		if err := db.SetReviewUsage(ctx, c, id, usage); err != nil {
			return err
		}
	}
	if len(items) == usageBatch {
		args.After = items[len(items)-1].Position
		c.enqueue(args, "provider_"+args.Provider, 0)
	}
	if len(known) == 0 {
		return nil
	}
	return c.append(db.AuditEvent{
		Actor: system.name, ActorKind: system.kind, Action: "review.usage_read", Provider: args.Provider,
	}, db.Details{Review: args.ReviewID, Need: len(known)})
}

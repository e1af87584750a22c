package config

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// Apply carries out a plan that was made in the same transaction, under db.LockConfiguration: nobody else can have
// changed the rows since. It returns what it changed, for the audit log. The error is an [InSlackError] when the plan
// would overwrite what was written in Slack.
func Apply(ctx context.Context, tx bun.IDB, plan Plan, now time.Time, author string) ([]Change, error) {
	if len(plan.InSlack) > 0 && !plan.over {
		return nil, InSlackError(plan.InSlack)
	}
	w := &writer{tx: tx, file: plan.file, rows: plan.rows, now: db.UTC(now), author: author}
	for _, change := range plan.Changes {
		if err := w.write(ctx, change); err != nil {
			return nil, fmt.Errorf("write the configuration: %w", err)
		}
		if err := w.note(ctx, change, plan.origin); err != nil {
			return nil, err
		}
	}
	return plan.Changes, w.settle(ctx, plan)
}

// writer writes the rows of a plan. Changes come in an order in which what is referred to exists already.
type writer struct {
	tx     bun.IDB
	file   File
	rows   stored
	now    time.Time
	author string
}

func (w *writer) write(ctx context.Context, c Change) error {
	if c.Verb == Removed {
		return w.remove(ctx, c)
	}
	switch c.Kind {
	case KindSettings:
		return w.settings(ctx)
	case KindPerson:
		return w.person(ctx, find(w.file.People, func(p Person) bool { return p.Email == c.Name }))
	case KindProvider:
		return w.provider(ctx, find(w.file.Providers, func(p Provider) bool { return p.Slug == c.Name }))
	case KindApprovalChain:
		return w.approvalChain(ctx, c, find(w.file.ApprovalChains, func(a ApprovalChain) bool { return a.Slug == c.Name }))
	case KindActionChain:
		return w.actionChain(ctx, c, find(w.file.ActionChains, func(a ActionChain) bool { return a.Slug == c.Name }))
	case KindEntitlement:
		return w.entitlement(ctx, find(w.file.Entitlements, func(e Entitlement) bool { return e.Slug == c.Name }))
	case KindApprovalRule:
		return w.approvalRule(ctx, find(w.file.ApprovalRules, func(r ApprovalRule) bool { return r.Slug == c.Name }))
	case KindSeparation:
		return w.separation(ctx, find(w.file.Separations, func(s Separation) bool { return s.Slug == c.Name }))
	case KindDirectory:
		return w.directory(ctx, find(w.file.Directories, func(d Directory) bool { return d.Slug == c.Name }))
	case KindBirthright:
		return w.birthright(ctx, find(w.file.Birthrights, func(b Birthright) bool { return b.Slug == c.Name }))
	}
	return fmt.Errorf("no rows are of kind %s", c.Kind)
}

func find[T any](all []T, is func(T) bool) T {
	for _, one := range all {
		if is(one) {
			return one
		}
	}
	var none T
	return none
}

func (w *writer) settings(ctx context.Context) error {
	settings, said := w.rows.settings, w.file.Settings
	settings.Channel = orKept(said.Channel, settings.Channel)
	settings.Admins = orKept(said.Admins, settings.Admins)
	settings.Auditors = orKept(said.Auditors, settings.Auditors)
	settings.Pending = orKept(said.Pending, settings.Pending)
	settings.FourEyes = orKept(said.FourEyes, settings.FourEyes)
	settings.QuietHours = orKept(said.QuietHours, settings.QuietHours)
	return db.SaveSettings(ctx, w.tx, settings)
}

// orKept is what the file says, else what is there already.
func orKept[T any](said *T, kept T) T {
	if said != nil {
		return *said
	}
	return kept
}

// person adds a person or writes what the file says about one. What Slack says, and whether Slack or a directory
// lets the person in, stays.
func (w *writer) person(ctx context.Context, p Person) error {
	row, known := w.rows.people[p.Email]
	if !known {
		row = db.Person{ID: db.NewID("per"), Email: p.Email, Name: p.Email, Kind: db.Member, Active: true, CreatedAt: w.now}
	}
	if dormant(row) {
		row.Kind, row.Active = db.Member, true
	}
	for _, one := range []struct {
		column *string
		value  *string
	}{{&row.Name, p.Name}, {&row.ManagerEmail, p.Manager}, {&row.Department, p.Department}, {&row.Title, p.Title}} {
		if one.value != nil {
			*one.column = *one.value
		}
	}
	if p.Attributes != nil {
		row.Attributes = p.Attributes
	}
	row.UpdatedAt = w.now
	var err error
	if known {
		err = db.UpdatePerson(ctx, w.tx, row)
	} else {
		err = db.InsertPerson(ctx, w.tx, row)
	}
	if err != nil || p.Groups == nil {
		return err
	}
	return w.groups(ctx, row.ID, *p.Groups)
}

func (w *writer) provider(ctx context.Context, p Provider) error {
	row, known := w.rows.providers[p.Slug]
	if !known {
		row = db.Provider{ID: db.NewID("prv"), Slug: p.Slug, Endpoints: []any{}}
	}
	row.Name, row.Connector, row.OwnerEmail, row.Workers, row.Rate = p.Name, p.Connector, p.Owner, p.Workers, p.Rate
	row.Settings, row.Active, row.UpdatedAt = p.Settings, true, w.now
	row.Endpoints = p.Endpoints
	if row.Endpoints == nil {
		row.Endpoints = []any{}
	}
	w.rows.providers[p.Slug] = row
	return save(ctx, w.tx, &row, known)
}

func (w *writer) approvalChain(ctx context.Context, c Change, chain ApprovalChain) error {
	row, known := w.rows.approvalChains[chain.Slug]
	if !known {
		row = db.ApprovalChain{ID: db.NewID("apc"), Slug: chain.Slug}
	}
	if !known || len(c.Fields) > 0 {
		row.Version++
	}
	row.Name, row.Pending, row.Steps, row.Active, row.UpdatedAt = chain.Name, chain.Pending, chain.Steps, true, w.now
	return save(ctx, w.tx, &row, known)
}

func (w *writer) entitlement(ctx context.Context, e Entitlement) error {
	row, known := w.rows.entitlements[e.Slug]
	if !known {
		row = db.Entitlement{ID: db.NewID("ent"), Slug: e.Slug}
	}
	row.ProviderID, row.Provider = w.rows.providers[e.Provider].ID, nil
	row.Kind, row.Target, row.Name, row.Description = e.Kind, e.Target, e.Name, e.Description
	row.OwnerEmail, row.Risk, row.Durations, row.RequestableBy = e.Owner, e.Risk, e.Durations, e.RequestableBy
	row.Approval, row.ProvisionChain, row.DeprovisionChain = e.Approval, e.Provision, e.Deprovision
	row.Emergency, row.Active, row.UpdatedAt = e.Emergency, true, w.now
	return save(ctx, w.tx, &row, known)
}

func (w *writer) approvalRule(ctx context.Context, r ApprovalRule) error {
	row, known := w.rows.approvalRules[r.Slug]
	if !known {
		row = db.Ruling{ID: db.NewID("rul"), Slug: r.Slug}
	}
	row.Name, row.Effect, row.Condition, row.Reason = r.Name, r.Effect, r.When, r.Reason
	row.Entitlements, row.EndsAt, row.Active, row.UpdatedAt = r.Entitlements, r.Until, true, w.now
	return save(ctx, w.tx, &row, known)
}

func (w *writer) separation(ctx context.Context, s Separation) error {
	row, known := w.rows.separations[s.Slug]
	if !known {
		row = db.Separation{ID: db.NewID("sep"), Slug: s.Slug}
	}
	row.Name, row.Effect, row.Reason, row.Step = s.Name, s.Effect, s.Reason, s.Step
	row.Entitlements, row.Active, row.UpdatedAt = s.Entitlements, true, w.now
	return save(ctx, w.tx, &row, known)
}

// save adds a row or writes all its columns.
func save[T any](ctx context.Context, tx bun.IDB, row *T, known bool) error {
	var err error
	if known {
		_, err = tx.NewUpdate().Model(row).WherePK().Exec(ctx)
	} else {
		_, err = tx.NewInsert().Model(row).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("save %T: %w", *row, err)
	}
	return nil
}

package flows

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
)

// toDo is a request that carries something out for a person, and asks nobody.
type toDo struct {
	id        string // of the request; empty: a new one
	origin    string // such as db.FromDeparture
	directory string // slug of the directory that caused it
	reason    string
	rule      string // slug of the birthright that causes it
	owner     string // e-mail of who is asked when something fails, unless an item says so
	items     []workItem
}

// workItem is one thing that is carried out.
type workItem struct {
	title   string
	scripts []db.Script
	lane    string // what has the same lane runs one after another
	owner   string
}

// submitWork makes a request that carries something out, and begins it.
func (c *change) submitWork(ctx context.Context, p db.Person, do toDo) error {
	robot, err := c.robotOf(ctx, do.directory)
	if err != nil {
		return err
	}
	channel, settings, err := c.usualChannel(ctx)
	if err != nil {
		return err
	}
	entitlement, err := db.EntitlementByID(ctx, c, db.DirectoryItemID)
	if err != nil {
		return err
	}
	d := draft{request: db.Request{
		ID: cmp.Or(do.id, db.NewID("req")), RequesterID: robot.ID, Requester: &robot, Reason: do.reason, Status: db.Pending,
		Submission: db.NewID("work"), Channel: channel, CreatedAt: c.now, Origin: do.origin, Directory: do.directory,
	}}
	items := make([]db.RequestItem, 0, len(do.items))
	for n, one := range do.items {
		item := db.RequestItem{
			ID: db.NewID("itm"), RequestID: d.request.ID, Position: n + 1, EntitlementID: entitlement.ID, SubjectID: p.ID,
			Duration: db.Duration(time.Second), ProvisionVersionID: db.ConfigurationVersionID, DeprovisionVersionID: db.ConfigurationVersionID,
			Status: db.Pending, Title: one.title, OwnerEmail: cmp.Or(one.owner, do.owner), Scripts: one.scripts, Lane: one.lane,
			Birthright: do.rule, Entitlement: &entitlement, Subject: &p,
		}
		if item.Plan, err = c.planWork(ctx, d.request, item); err != nil {
			return err
		}
		items = append(items, item)
		d.items = append(d.items, draftItem{item: item})
	}
	d.request.LapsesAt = db.UTC(c.now.Add(c.f.pendingFor(settings, d.items)))
	return c.submitFor(ctx, actorOf(do.directory), d, items)
}

// planWork says what work will do, one sentence a script.
func (c *change) planWork(ctx context.Context, request db.Request, item db.RequestItem) ([]string, error) {
	scope, err := c.f.scope(ctx, c, request, item, nil)
	if err != nil {
		return nil, err
	}
	return c.f.plan(ctx, c, item.Scripts, scope)
}

// The names of scripts that shut somebody out and let him in again.
const (
	sessionsScript = "sessions"
	suspendScript  = "suspend"
	wakeScript     = "wake"

	wakeEndpoint = "enable_user" // as the shared vocabulary of connectors calls it
	accountKind  = "user"        // of an entitlement: the account itself
)

// shutOut is the work that shuts a person out of each provider which can do so: his sessions are ended, then his account is
// suspended, unless a grant of the account itself ends with him. It says besides where the account is suspended.
func (c *change) shutOut(ctx context.Context, p db.Person, grants []db.Grant) (items []workItem, back []string, err error) {
	rows, err := db.Providers(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	back = []string{}
	for _, row := range rows {
		if !row.Active || row.ID == db.HiddenProviderID {
			continue
		}
		account := slices.ContainsFunc(grants, func(g db.Grant) bool {
			return g.Entitlement.ProviderID == row.ID && g.Entitlement.Kind == accountKind && g.Status != db.Scheduled
		})
		scripts, suspends := c.shutOutOf(row, account)
		if len(scripts) == 0 {
			continue
		}
		if suspends {
			back = append(back, row.Slug)
		}
		items = append(items, workItem{title: "Shut " + p.Name + " out of " + row.Name, scripts: scripts, lane: shutLane(p, row.Slug), owner: row.OwnerEmail})
	}
	if len(items) == 0 {
		items = []workItem{{title: "Shut " + p.Name + " out", lane: shutLane(p, "")}}
	}
	return items, back, nil
}

func shutLane(p db.Person, provider string) string { return "departure|" + p.ID + "|" + provider }

// shutOutOf are the scripts that shut a person out of a provider. That sessions could not be ended is no reason to leave the
// account open. A provider that can't be opened is left out: its grants fail loudly enough.
func (c *change) shutOutOf(row db.Provider, account bool) (scripts []db.Script, suspends bool) {
	opened, err := c.f.providers.get(row)
	if err != nil {
		return nil, false
	}
	leaving, can := connectors.As[connectors.Leaving](opened.provider)
	if !can {
		return nil, false
	}
	sessions, suspend := leaving.Leaving()
	if sessions != "" {
		scripts = append(scripts, db.Script{Name: sessionsScript, Type: connectors.ScriptType(row.Slug, sessions)})
	}
	if suspend != "" && !account {
		if len(scripts) > 0 {
			scripts[0].OnFailure = "continue"
		}
		scripts = append(scripts, db.Script{Name: suspendScript, Type: connectors.ScriptType(row.Slug, suspend)})
		suspends = true
	}
	return scripts, suspends
}

// letIn is the work that lets a person into his accounts again where a departure suspended them, or may have.
func (c *change) letIn(ctx context.Context, p db.Person, d db.Departure) ([]workItem, error) {
	suspended, err := db.SuspendedBy(ctx, c, d.RequestID, suspendScript)
	if err != nil {
		return nil, err
	}
	rows, err := db.Providers(ctx, c)
	if err != nil {
		return nil, err
	}
	var items []workItem
	for _, row := range rows {
		if !row.Active || !slices.Contains(d.Back, row.Slug) || !slices.Contains(suspended, row.Slug) {
			continue
		}
		opened, err := c.f.providers.get(row)
		if err != nil || !slices.ContainsFunc(opened.provider.Endpoints(), func(e connectors.Endpoint) bool { return e.Name == wakeEndpoint }) {
			continue
		}
		script := db.Script{Name: wakeScript, Type: connectors.ScriptType(row.Slug, wakeEndpoint)}
		items = append(items, workItem{
			title: "Let " + p.Name + " into " + row.Name + " again", scripts: []db.Script{script}, lane: shutLane(p, row.Slug), owner: row.OwnerEmail,
		})
	}
	return items, nil
}

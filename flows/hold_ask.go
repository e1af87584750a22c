package flows

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usherhq/usher/db"
)

// heldTogether is how many changes one request asks about at most.
const heldTogether = 50

// heldAsk makes the requests for the gathered changes of a directory that are due.
func (f *Flows) heldAsk(ctx context.Context, directoryID string) error {
	for {
		asked, err := f.askHeld(ctx, directoryID)
		if err != nil {
			return fmt.Errorf("ask about changes of directory %s: %w", directoryID, err)
		}
		if !asked {
			return nil
		}
	}
}

// askHeld makes one request, if one is due. What will be written stands in the request as the directory says it now, so
// all that it wrote is worked out first.
func (f *Flows) askHeld(ctx context.Context, directoryID string) (asked bool, err error) {
	err = f.change(ctx, func(ctx context.Context, c *change) error {
		if err := db.LockEffects(ctx, c, directoryID); err != nil {
			return err
		}
		directory, err := db.DirectoryByID(ctx, c, directoryID)
		if err != nil {
			return err
		}
		some, err := c.workOut(ctx, directory)
		if asked = some > 0; err != nil || asked {
			return err
		}
		rows, err := db.HeldToAsk(ctx, c, directoryID, c.now, heldTogether)
		if err != nil || len(rows) == 0 {
			return err
		}
		asked = true
		return c.askAbout(ctx, directory, rows)
	})
	return asked, err
}

// askAbout makes the request for changes of one kind on which the same people decide.
func (c *change) askAbout(ctx context.Context, directory db.Directory, rows []db.HeldChange) error {
	chain, channel, err := c.deciders(ctx, rows[0].Route)
	if err != nil {
		return err
	}
	request, items, err := c.heldRequest(ctx, directory, rows, channel)
	if err != nil {
		return err
	}
	settings, err := db.ReadSettings(ctx, c)
	if err != nil {
		return err
	}
	wait := cmp.Or(time.Duration(directory.Policy.Pending), c.f.pendingFor(settings, []draftItem{{chain: chain}}))
	request.LapsesAt = db.UTC(c.now.Add(wait))
	if items, err = c.writeHeld(ctx, directory, request, items, rows, db.HeldWaiting); err != nil {
		return err
	}
	for _, item := range items {
		if err := c.openFlow(ctx, request, draftItem{item: item, chain: chain}); err != nil {
			return err
		}
	}
	return c.settleRequest(ctx, request)
}

// writeHeld writes a request with its items, and into each change by which item it is asked about. It tells of both.
func (c *change) writeHeld(ctx context.Context, directory db.Directory, request db.Request, items []db.RequestItem, rows []db.HeldChange, status string) ([]db.RequestItem, error) {
	if err := db.InsertRequest(ctx, c, request, items); err != nil {
		return nil, err
	}
	items, err := db.ItemsOf(ctx, c, request.ID)
	if err != nil {
		return nil, err
	}
	details := db.Details{Directory: directory.Slug, Kind: rows[0].Kind, Reason: request.Reason, Plan: items[0].Plan}
	for n, held := range rows {
		was := held.Status
		held.Status, held.RequestID, held.ItemID = status, request.ID, items[n].ID
		if err := db.MoveHeld(ctx, c, held, was); err != nil {
			return nil, err
		}
		rows[n] = held
		details.Items = append(details.Items, items[n].Title)
	}
	if err := c.record(told(directory), "request.created", request.ID, &items[0], details); err != nil {
		return nil, err
	}
	if status != db.HeldWaiting {
		return items, nil
	}
	details.Plan = nil
	return items, c.record(told(directory), "held.waiting", request.ID, &items[0], details)
}

// heldRequest is the request for changes: in the name of the directory's robot, one item for each.
func (c *change) heldRequest(ctx context.Context, directory db.Directory, rows []db.HeldChange, channel string) (db.Request, []db.RequestItem, error) {
	robot, err := db.PersonByID(ctx, c, directory.PersonID)
	if err != nil {
		return db.Request{}, nil, err
	}
	request := db.Request{
		ID: db.NewID("req"), RequesterID: robot.ID, Reason: wants(directory, rows), Status: db.Pending, Submission: db.NewID("sub"),
		Channel: channel, CreatedAt: c.now, Kind: db.ForAccess, Origin: db.FromHeld, Directory: directory.Slug, Requester: &robot,
	}
	items := make([]db.RequestItem, len(rows))
	for n, held := range rows {
		if items[n], err = c.heldItem(ctx, directory, held, robot); err != nil {
			return request, nil, err
		}
		items[n].RequestID, items[n].Position = request.ID, n+1
	}
	return request, items, nil
}

// heldItem asks about one change. Its subject is the person whom it is about; of a group it is the robot.
func (c *change) heldItem(ctx context.Context, directory db.Directory, held db.HeldChange, robot db.Person) (db.RequestItem, error) {
	item := db.RequestItem{
		ID: db.NewID("itm"), EntitlementID: db.DirectoryItemID, SubjectID: robot.ID, Duration: db.Duration(time.Second),
		ProvisionVersionID: db.ConfigurationVersionID, DeprovisionVersionID: db.ConfigurationVersionID, Status: db.Pending,
		OwnerEmail: directory.OwnerEmail, Lane: laneOf(held),
	}
	if held.UserID != "" {
		p, err := c.personOf(ctx, directory, held.UserID)
		if err != nil {
			return item, err
		}
		item.SubjectID = p.ID
	}
	told, err := c.mirrored(ctx, held)
	if err != nil {
		return item, err
	}
	providers, err := db.Providers(ctx, c)
	if err != nil {
		return item, err
	}
	item.Title = titleOf(directory, held, told)
	for _, slug := range directory.Policy.Downstream {
		script, plan := downstream(held, told, slug, nameOf(providers, slug))
		if script.Type != "" {
			item.Scripts, item.Plan = append(item.Scripts, script), append(item.Plan, plan)
		}
	}
	return item, nil
}

// laneOf orders what is written: all about one user, and all about one group itself, one after another.
func laneOf(held db.HeldChange) string {
	return db.LanePrefix + cmp.Or(held.UserID, held.GroupID, held.DirectoryID)
}

func nameOf(providers []db.Provider, slug string) string {
	for _, one := range providers {
		if one.Slug == slug {
			return one.Name
		}
	}
	return slug
}

// deciders are the chain and the channel of a route. A chain that is gone, switched off or without a step gives way to the
// admins: nothing is let through because nobody is named. Whoever a change is about never decides on it.
func (c *change) deciders(ctx context.Context, route string) (db.ApprovalChain, string, error) {
	slug, channel, _ := strings.Cut(route, " ")
	channel, err := c.channelOr(ctx, channel)
	if err != nil {
		return db.ApprovalChain{}, "", err
	}
	chain, err := db.ApprovalChainBySlug(ctx, c, slug)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return chain, channel, err
	}
	if err != nil || !chain.Active || len(chain.Steps) == 0 {
		admins, err := c.f.adminPeople(ctx, c)
		return db.ApprovalChain{Slug: slug, Steps: []db.Step{{Name: "Admins", Approvers: labels(admins), Need: 1}}}, channel, err
	}
	chain.Steps = slices.Clone(chain.Steps)
	for n := range chain.Steps {
		chain.Steps[n].Self = false
	}
	return chain, channel, nil
}

// channelOr is a channel, or where cards go that name none.
func (c *change) channelOr(ctx context.Context, channel string) (string, error) {
	if channel != "" {
		return channel, nil
	}
	settings, err := db.ReadSettings(ctx, c)
	return cmp.Or(settings.Channel, DefaultChannel), err
}

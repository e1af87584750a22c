package flows

import (
	"context"
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
)

// pass writes what is left of a change downstream without asking anybody, and tells of it.
func (c *change) pass(ctx context.Context, directory db.Directory, one db.DirectoryChange, rows []db.HeldChange) error {
	if err := c.makeAllSo(ctx, directory, one, rows); err != nil {
		return err
	}
	for n := range rows {
		if err := c.label(ctx, &rows[n]); err != nil {
			return err
		}
		route, err := c.route(ctx, directory, rows[n])
		if err != nil {
			return err
		}
		rows[n].ID, rows[n].Route, rows[n].Status, rows[n].CreatedAt, rows[n].DueAt = db.NewID("hld"), route, db.Approved, c.now, c.now
	}
	if err := db.InsertHeldChanges(ctx, c, rows); err != nil {
		return err
	}
	return c.passTogether(ctx, directory, rows)
}

// passTogether makes requests without a step for changes that are so at once, those for one channel together.
func (c *change) passTogether(ctx context.Context, directory db.Directory, rows []db.HeldChange) error {
	var routes []string
	byRoute := map[string][]db.HeldChange{}
	for _, held := range rows {
		if len(byRoute[held.Route]) == 0 {
			routes = append(routes, held.Route)
		}
		byRoute[held.Route] = append(byRoute[held.Route], held)
	}
	for _, route := range routes {
		for some := range slices.Chunk(byRoute[route], heldTogether) {
			if err := c.passSome(ctx, directory, some); err != nil {
				return err
			}
		}
	}
	return nil
}

// passSome makes one request for changes that are so at once, which nobody has to approve. Its items are carried out in the
// order of the people whom they are about, who are locked one after another.
func (c *change) passSome(ctx context.Context, directory db.Directory, rows []db.HeldChange) error {
	_, channel, err := c.deciders(ctx, rows[0].Route)
	if err != nil {
		return err
	}
	request, items, err := c.heldRequest(ctx, directory, rows, channel)
	if err != nil {
		return err
	}
	request.LapsesAt = c.now
	if items, err = c.writeHeld(ctx, directory, request, items, rows, db.Approved); err != nil {
		return err
	}
	slices.SortFunc(items, func(a, b db.RequestItem) int { return strings.Compare(a.SubjectID, b.SubjectID) })
	for _, item := range items {
		if err := c.openFlow(ctx, request, draftItem{item: item}); err != nil {
			return err
		}
	}
	return c.settleRequest(ctx, request)
}

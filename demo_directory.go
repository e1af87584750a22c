package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo"
	"github.com/usherhq/usher/demo/slack"
	"github.com/usherhq/usher/directory"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/config"
)

// looking is how often the demo looks whether what the identity provider told has taken effect.
const looking = 100 * time.Millisecond

// begin lets the identity provider tell of everybody, prints the welcome, and lets the identity provider push on until
// ctx ends.
func (demoCommand) begin(ctx context.Context, p program, s settings, world *demo.World, f *flows.Flows) error {
	if err := introduce(ctx, s, "http://"+s.HTTPAddr, world, f); err != nil {
		return err
	}
	_, err := fmt.Fprintf(p.out, welcome, world.Workspace.URL(), world.Workspace.ChannelID("access"), world.TargetURL, world.IDURL,
		filepath.Join(world.Dir, "usher.db"), world.Dir)
	if err != nil {
		return err
	}
	<-ctx.Done()
	return ctx.Err()
}

// introduce lets the identity provider tell of everybody to Usher's SCIM server, and then of each change until ctx ends.
// Nothing is held while it tells of those who are here already: an operator begins so too.
func introduce(ctx context.Context, s settings, address string, world *demo.World, f *flows.Flows) error {
	file, err := readConfig(s.Config)
	if err != nil {
		return err
	}
	if err := waitFor(ctx, s, everybodyOf(world.Workspace)); err != nil {
		return err
	}
	token, err := f.NewDirectoryToken(ctx, demo.Directory, 0)
	if err != nil {
		return err
	}
	if err := applyPolicy(ctx, f, file, db.DirectoryPolicy{Mode: db.Observe}); err != nil {
		return err
	}
	go world.ID.Push(ctx, address+directory.Prefix+demo.Directory, token)
	if err := world.ID.Wait(ctx); err != nil {
		return err
	}
	if err := waitFor(ctx, s, tookEffect); err != nil {
		return err
	}
	return applyPolicy(ctx, f, file, file.Directories[0].Policy)
}

// applyPolicy lets the directory of a file have a policy, and all else be as the file says.
func applyPolicy(ctx context.Context, f *flows.Flows, file config.File, policy db.DirectoryPolicy) error {
	file.Directories = slices.Clone(file.Directories)
	file.Directories[0].Policy = policy
	_, err := f.ApplyConfig(ctx, file, false, "usher demo", config.Plan.Leave)
	return err
}

// everybodyOf says whether all are known who are in a workspace: of whom a directory tells sooner is taken for new.
func everybodyOf(workspace *slack.Workspace) func(context.Context, *db.Store) (bool, error) {
	return func(ctx context.Context, store *db.Store) (bool, error) {
		for _, user := range workspace.People() {
			_, err := db.PersonBySlackID(ctx, store, user.ID)
			if errors.Is(err, db.ErrNotFound) {
				return false, nil
			}
			if err != nil {
				return false, err
			}
		}
		return true, nil
	}
}

// tookEffect says whether what directories told is so.
func tookEffect(ctx context.Context, store *db.Store) (bool, error) {
	waiting, err := db.UnsettledDirectories(ctx, store)
	return len(waiting) == 0, err
}

// waitFor looks into the database until it is as it should be.
func waitFor(ctx context.Context, s settings, done func(context.Context, *db.Store) (bool, error)) error {
	store, err := db.Open(ctx, s.Database)
	if err != nil {
		return err
	}
	ticker := time.NewTicker(looking)
	defer ticker.Stop()
	for {
		is, err := done(ctx, store)
		if err != nil || is {
			return errors.Join(err, store.Close())
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), store.Close())
		case <-ticker.C:
		}
	}
}

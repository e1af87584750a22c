package flows_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/mirror"
	"github.com/usherhq/usher/directory/scim"
	"github.com/usherhq/usher/flows"
)

// saveAs writes a user with another user name than its own.
func saveAs(name string, resource scim.Resource) func(ctx context.Context, j *flows.Journal) error {
	return func(ctx context.Context, j *flows.Journal) error {
		resource["userName"] = name
		resource["emails"] = []any{map[string]any{"value": name, "type": "work", "primary": true}}
		was, _ := db.DirectoryUserByName(ctx, j, j.Directory.ID, name)
		_, err := mirror.SaveUser(ctx, j, was, resource, mirror.Told{})
		return err
	}
}

func consent() flows.Consent { return flows.Consent{} }

func sorted(some []string) []string {
	slices.Sort(some)
	return some
}

// together runs functions at once and joins their errors. Lost races are none.
func together(all ...func() error) error {
	var wait sync.WaitGroup
	problems := make([]error, len(all))
	for n, do := range all {
		wait.Go(func() { problems[n] = unlessConflict(do()) })
	}
	wait.Wait()
	return errors.Join(problems...)
}

// setPolicy changes the policy of the directory.
func (o *heldWorld) setPolicy(t testing.TB, policy db.DirectoryPolicy) {
	t.Helper()
	row := o.directory
	row.Policy = policy
	require.NoError(t, db.UpdateDirectory(o.ctx, o.store, row))
}

// adds puts a change into the journal as it is.
func adds(change db.DirectoryChange) func(ctx context.Context, j *flows.Journal) error {
	return func(_ context.Context, j *flows.Journal) error {
		j.Add(change)
		return nil
	}
}

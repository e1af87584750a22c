package flows_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/config"
)

// TestTwoEditAtOnce: of several who save an object that they saw alike, one is heard and the others are told of him.
func TestTwoEditAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		other := b.second(t)
		edits := make([]flows.AdminEdit, 6)
		for n := range edits {
			edits[n] = b.edited(t, "ada", config.KindEntitlement, "editors", map[string]any{"description": fmt.Sprint("Number ", n)})
		}
		errs := make(chan error)
		for n, edit := range edits {
			f := []*flows.Flows{b.Flows, other}[n%2]
			go func() {
				_, err := f.AdminSave(b.ctx, b.people["ada"], edit)
				errs <- err
			}()
		}
		heard := 0
		for range edits {
			err := <-errs
			if err == nil {
				heard++
				continue
			}
			refusedAt(t, err, "", "Meanwhile ada@example.com changed Drive editors")
		}
		require.Equal(t, 1, heard)
		require.Equal(t, int64(2), b.shown(t, "ada", config.KindEntitlement, "editors").Revision)
	})
}

// TestFileAndSlackAtOnce: whichever of a file and an edit in Slack comes first, the other one does not overwrite it.
func TestFileAndSlackAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		for n := range 4 {
			slug := fmt.Sprint("raced", n)
			b.offer(t, slug, "Desk", "[{chain: auto}]", "editors-in", "editors-out")
			text := strings.Replace(strings.ReplaceAll(b.text, "%s", b.url), "name: More of "+slug, "name: Said by the file "+slug, 1)
			file, err := config.Parse("usher.yaml", []byte(text), b.options.Registry)
			require.NoError(t, err)
			edit := b.edited(t, "ada", config.KindEntitlement, slug, map[string]any{"name": "Said in Slack " + slug})
			applied, saved := make(chan error, 1), make(chan error, 1)
			go func() {
				_, err := b.ApplyConfig(b.ctx, file, false, "operator")
				applied <- err
			}()
			go func() {
				_, err := b.AdminSave(b.ctx, b.people["ada"], edit)
				saved <- err
			}()
			fileErr, slackErr := <-applied, <-saved
			e, err := db.EntitlementBySlug(b.ctx, b.store, slug)
			require.NoError(t, err)
			var inSlack config.InSlackError
			switch {
			case slackErr == nil:
				require.ErrorAs(t, fileErr, &inSlack)
				require.Equal(t, "Said in Slack "+slug, e.Name)
			default:
				require.NoError(t, fileErr)
				refusedAt(t, slackErr, "", "Meanwhile operator changed")
				require.Equal(t, "Said by the file "+slug, e.Name)
			}
			if slackErr == nil {
				b.text = strings.Replace(b.text, "name: More of "+slug, "name: Said in Slack "+slug, 1)
			} else {
				b.text = strings.Replace(b.text, "name: More of "+slug, "name: Said by the file "+slug, 1)
			}
		}
	})
}

// TestFileBesideSlack: what a file finds changed in Slack, and what becomes of it.
func TestFileBesideSlack(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		parsed := func(text string) config.File {
			file, err := config.Parse("usher.yaml", []byte(strings.ReplaceAll(text, "%s", b.url)), b.options.Registry)
			require.NoError(t, err)
			return file
		}
		file := parsed(b.text)
		b.saves(t, "ada", b.edited(t, "ada", config.KindEntitlement, "editors", map[string]any{"risk": "high"}))
		var out strings.Builder
		plan, err := b.PlanConfig(b.ctx, file, false)
		require.NoError(t, err)
		require.NoError(t, plan.Write(&out))
		require.Contains(t, out.String(), "! entitlement editors (changed in Slack by ada@example.com on ")
		_, err = b.ApplyConfig(b.ctx, file, false, "operator")
		var inSlack config.InSlackError
		require.ErrorAs(t, err, &inSlack)
		require.Equal(t, "high", b.risk(t, "editors"))
		require.Equal(t, db.FromSlack, b.shown(t, "ada", config.KindEntitlement, "editors").Origin)

		// At the start of a process such an object is left, the rest is applied, and it is remembered.
		changes, err := b.ApplyConfig(b.ctx, parsed(strings.Replace(b.text, "name: Open drive", "name: Opened drive", 1)), false, "USHER_CONFIG", config.Plan.Leave)
		require.NoError(t, err)
		require.Equal(t, "open", changes[len(changes)-1].Name)
		for _, change := range changes {
			require.NotEqual(t, "editors", change.Name)
		}
		health, err := b.SystemHealth(b.ctx, b.people["ada"])
		require.NoError(t, err)
		require.Len(t, health.Differing, 1)
		require.Equal(t, "editors", health.Differing[0].Slug)
		require.Equal(t, "high", b.risk(t, "editors"))

		// A file that says the same makes it the file's again.
		exported, err := config.Export(b.ctx, b.store, b.options.Registry)
		require.NoError(t, err)
		changes, err = b.ApplyConfig(b.ctx, parsed(string(exported)), true, "operator")
		require.NoError(t, err)
		require.Empty(t, changes)
		object := b.shown(t, "ada", config.KindEntitlement, "editors")
		require.Equal(t, db.FromFile, object.Origin)
		require.Equal(t, int64(2), object.Revision, "nothing was written")
		health, err = b.SystemHealth(b.ctx, b.people["ada"])
		require.NoError(t, err)
		require.Empty(t, health.Differing)
		_, err = b.ApplyConfig(b.ctx, file, false, "operator")
		require.NoError(t, err)
		require.Equal(t, "medium", b.risk(t, "editors"))

		// Overwriting is said.
		b.saves(t, "ada", b.edited(t, "ada", config.KindEntitlement, "editors", map[string]any{"risk": "high"}))
		_, err = b.ApplyConfig(b.ctx, file, false, "operator", config.Plan.Overwrite)
		require.NoError(t, err)
		require.Equal(t, "medium", b.risk(t, "editors"))
		require.Equal(t, db.FromFile, b.shown(t, "ada", config.KindEntitlement, "editors").Origin)
		// What was made in Slack is not pruned unseen either.
		b.saves(t, "ada", flows.AdminEdit{Kind: config.KindApprovalChain, Values: map[string]any{"slug": "fresh", "steps": []any{}}})
		_, err = b.ApplyConfig(b.ctx, file, true, "operator")
		require.ErrorAs(t, err, &inSlack)
		require.Equal(t, "fresh", inSlack[0].Slug)
	})
}

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

// TestAppliedMeanwhile: who edits a workflow that a file changes meanwhile is told so, and the other way round the
// file's plan shows what it would replace.
func TestAppliedMeanwhile(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		chain, err := db.ActionChainBySlug(b.ctx, b.store, "editors-out")
		require.NoError(t, err)
		sheet, err := b.ReadWorkflow(b.ctx, b.people["ada"], chain.ID, "")
		require.NoError(t, err)
		b.reconfigure(t, "retry: {attempts: 2, backoff: 1s}", "retry: {attempts: 4, backoff: 1s}")
		_, err = b.FixStep(b.ctx, flows.Fix{Edit: b.edit("ada", sheet.Newest), Step: 1, Type: "none"})
		refusal, ok := flows.Refusal(err)
		require.True(t, ok, "%v", err)
		require.Contains(t, refusal.Text, "saved version 2")

		sheet, err = b.ReadWorkflow(b.ctx, b.people["ada"], chain.ID, "")
		require.NoError(t, err)
		v, err := b.FixStep(b.ctx, flows.Fix{Edit: b.edit("ada", sheet.Newest), Step: 1, Type: "none", Name: "leave"})
		require.NoError(t, err)
		require.Empty(t, v.Steps, "what was written as scripts stays so")
		require.Equal(t, 4, v.Scripts[0].Retry.Attempts, "what the form does not show stays")
		test, err := b.TestWorkflow(b.ctx, b.edit("ada", v), "", b.people["ana"])
		require.NoError(t, err)
		require.NoError(t, b.PublishWorkflow(b.ctx, b.edit("ada", test.Version)))
		file, err := config.Parse("usher.yaml", []byte(strings.ReplaceAll(b.text, "%s", b.url)), b.options.Registry)
		require.NoError(t, err)
		plan, err := b.PlanConfig(b.ctx, file, false)
		require.NoError(t, err)
		require.Len(t, plan.Changes, 1)
		require.Equal(t, "editors-out", plan.Changes[0].Name)
	})
}

// TestTwoSaveAtOnce: of two who save on the same version at the same moment, one is told who was faster.
func TestTwoSaveAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		v := b.write(t, "ada", db.Provision, "Together", "Wait 1 minute")
		errs := make(chan error, 4)
		for n := range cap(errs) {
			go func() {
				_, err := b.WriteWorkflow(b.ctx, flows.Words{Edit: b.edit("ada", v), Name: "Together", Text: text(db.Provision, fmt.Sprintf("Wait %d minutes", n+2))})
				errs <- err
			}()
		}
		saved := 0
		for range cap(errs) {
			if err := <-errs; err != nil {
				refusedAt(t, err, flows.FieldWords, "saved version 2")
			} else {
				saved++
			}
		}
		require.Equal(t, 1, saved)
		_, versions, err := b.WorkflowVersions(b.ctx, b.people["ada"], v.ChainID)
		require.NoError(t, err)
		require.Len(t, versions, 2)
	})
}

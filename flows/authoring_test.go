package flows_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo/target"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/workflow"
)

// write begins a workflow for Drive editors.
func (b *bundle) write(t testing.TB, by, kind, name string, steps ...string) db.ActionChainVersion {
	t.Helper()
	version, err := b.WriteWorkflow(b.ctx, flows.Words{
		Edit: flows.Edit{By: b.people[by]}, EntitlementID: b.entitlement("editors"), Kind: kind, Name: name, Text: text(kind, steps...),
	})
	require.NoError(t, err)
	return version
}

func text(kind string, steps ...string) string {
	lines := []string{workflow.Line(kind)}
	for n, step := range steps {
		lines = append(lines, string(rune('1'+n))+". "+step)
	}
	return strings.Join(lines, "\n")
}

func (b *bundle) edit(by string, v db.ActionChainVersion) flows.Edit {
	return flows.Edit{By: b.people[by], ChainID: v.ChainID, Number: v.Number}
}

// joining is a published workflow that puts people into a group.
func (b *bundle) joinsTested(t testing.TB, by, name, group string) db.ActionChainVersion {
	t.Helper()
	v := b.write(t, by, db.Provision, name, "Wait 1 minute")
	v, err := b.FixStep(b.ctx, flows.Fix{
		Edit: b.edit(by, v), Step: 1, Type: "drive_api_add_user_to_group", Name: "join", Args: map[string]string{"group": group},
	})
	require.NoError(t, err)
	b.account(t, "ana@example.com")
	test, err := b.TestWorkflow(b.ctx, b.edit(by, v), "", b.people["ana"])
	require.NoError(t, err)
	require.True(t, test.Passed, "%+v", test.Tried)
	require.Equal(t, db.Tested, test.Version.Status)
	return test.Version
}

// account makes somebody an account at the target, unless he has one.
func (b *bundle) account(t testing.TB, email string) {
	t.Helper()
	if _, has := b.target.User(email); has {
		return
	}
	body := `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"` + email + `","active":true}`
	request, err := http.NewRequestWithContext(b.ctx, http.MethodPost, b.url+"/Users", strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+testToken)
	request.Header.Set("Content-Type", "application/scim+json")
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusCreated, answer.StatusCode)
}

// own gives an entitlement and its provider owners.
func (b *bundle) own(t testing.TB, slug, owner, provider string) {
	t.Helper()
	_, err := b.store.NewUpdate().Model((*db.Entitlement)(nil)).Set("owner_email = ?", owner).Where("slug = ?", slug).Exec(b.ctx)
	require.NoError(t, err)
	_, err = b.store.NewUpdate().Model((*db.Provider)(nil)).Set("owner_email = ?", provider).Where("slug = 'drive'").Exec(b.ctx)
	require.NoError(t, err)
}

func refusedAt(t testing.TB, err error, field, words string) {
	t.Helper()
	refusal, ok := flows.Refusal(err)
	require.True(t, ok, "not a refusal: %v", err)
	require.Equal(t, field, refusal.Field)
	require.Contains(t, refusal.Text, words)
}

func TestWordsAreCheckedBeforeTheyAreSaved(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.write(t, "ada", db.Provision, "Taken", "Wait 1 minute")
		for name, c := range map[string]struct {
			wish         flows.Words
			field, words string
		}{
			"no name":       {flows.Words{Name: " ", Text: text(db.Provision, "Wait 1 minute")}, flows.FieldName, "name"},
			"name is taken": {flows.Words{Name: "tAKEN", Text: text(db.Provision, "Wait 1 minute")}, flows.FieldName, "already"},
			"long name":     {flows.Words{Name: strings.Repeat("n", 61), Text: text(db.Provision, "Wait 1 minute")}, flows.FieldName, "60"},
			"long text":     {flows.Words{Name: "Long", Text: text(db.Provision, strings.Repeat("w", 3000))}, flows.FieldWords, "3000"},
			"no line":       {flows.Words{Name: "Bare", Text: "1. Wait 1 minute"}, flows.FieldWords, "line"},
			"other line":    {flows.Words{Name: "Other", Text: text(db.Deprovision, "Wait 1 minute")}, flows.FieldWords, workflow.ProvisionLine},
			"no steps":      {flows.Words{Name: "Empty", Text: text(db.Provision)}, flows.FieldWords, "step"},
			"not text":      {flows.Words{Name: "Odd", Text: text(db.Provision, "a\x00b")}, flows.FieldWords, "plain text"},
		} {
			t.Run(name, func(t *testing.T) {
				c.wish.By, c.wish.Kind, c.wish.EntitlementID = b.people["ada"], db.Provision, b.entitlement("editors")
				_, err := b.WriteWorkflow(b.ctx, c.wish)
				refusedAt(t, err, c.field, c.words)
			})
		}
	})
}

func TestWhatIsUnclearIsNeitherTestedNorPublished(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		v := b.write(t, "ada", db.Provision, "Club", "Wait 1 minute", "Make them feel at home in the club")
		require.Equal(t, db.Draft, v.Status)
		require.NotEmpty(t, v.Steps[1].Unclear)
		_, err := b.TestWorkflow(b.ctx, b.edit("ada", v), "", b.people["ana"])
		refused(t, err, "Not everything in this workflow is clear")
		refused(t, b.PublishWorkflow(b.ctx, b.edit("ada", v)), "Not everything in this workflow is clear")

		v, err = b.FixStep(b.ctx, flows.Fix{Edit: b.edit("ada", v), Step: 2, Type: "none"})
		require.NoError(t, err)
		require.True(t, v.Steps[1].Fixed)
		require.Empty(t, v.Steps[1].Unclear)
		refused(t, b.PublishWorkflow(b.ctx, b.edit("ada", v)), "Test version 2 for a person first")

		again, err := b.WriteWorkflow(b.ctx, flows.Words{Edit: b.edit("ada", v), Name: "Club", Text: text(db.Provision, "Wait 2 minutes", "Make them feel at home in the club")})
		require.NoError(t, err)
		require.True(t, again.Steps[1].Fixed, "what was chosen by hand stays with its words")
		require.Equal(t, "none", again.Steps[1].Scripts[0].Type)
		same, err := b.WriteWorkflow(b.ctx, flows.Words{Edit: b.edit("ada", again), Name: "Our club", Text: again.Text})
		require.NoError(t, err)
		require.Equal(t, again.ID, same.ID, "words that change nothing make no version")
		chain, err := db.ActionChainByID(b.ctx, b.store, v.ChainID)
		require.NoError(t, err)
		require.Equal(t, "Our club", chain.Name)
	})
}

func TestAFixIsCheckedAtItsFields(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		v := b.write(t, "ada", db.Provision, "Fixed", "Wait 1 minute", "Make them feel at home in the club")
		for name, c := range map[string]struct {
			fix          flows.Fix
			field, words string
		}{
			"no such type":  {flows.Fix{Type: "drive_api_dance"}, flows.FieldScriptType, "dance"},
			"missing":       {flows.Fix{Type: "sleep"}, flows.FieldArgument + "for", "missing"},
			"not a length":  {flows.Fix{Type: "sleep", Args: map[string]string{"for": "soon"}}, flows.FieldArgument + "for", "duration"},
			"placeholder":   {flows.Fix{Type: "slack_notification", Args: map[string]string{"to": "ana@example.com", "text": "{{ subjct.name }}"}}, flows.FieldArgument + "text", "subjct"},
			"condition":     {flows.Fix{Type: "none", When: "later.done"}, flows.FieldWhen, "later"},
			"name":          {flows.Fix{Type: "none", Name: "Not a name"}, flows.FieldScriptName, "name"},
			"reserved name": {flows.Fix{Type: "none", Name: "subject"}, flows.FieldScriptName, "subject"},
			"not JSON":      {flows.Fix{Type: "drive_api_create_user", Args: map[string]string{"attributes": "{"}}, flows.FieldArgument + "attributes", "JSON"},
		} {
			t.Run(name, func(t *testing.T) {
				c.fix.Edit, c.fix.Step = b.edit("ada", v), 2
				_, err := b.FixStep(b.ctx, c.fix)
				refusedAt(t, err, c.field, c.words)
			})
		}
		v, err := b.FixStep(b.ctx, flows.Fix{Edit: b.edit("ada", v), Step: 2, Type: "none"})
		require.NoError(t, err)
		more, err := b.FixStep(b.ctx, flows.Fix{Edit: b.edit("ada", v), Step: 2, At: 1, Type: "drive_api_create_user", Args: map[string]string{"attributes": `{"title":"x"}`}})
		require.NoError(t, err)
		require.Len(t, more.Scripts, 3)
		require.Equal(t, "create_user", more.Scripts[2].Name)
		require.Equal(t, map[string]any{"title": "x"}, more.Scripts[2].Args["attributes"])
		less, err := b.DropScript(b.ctx, b.edit("ada", more), 2, 0)
		require.NoError(t, err)
		require.Len(t, less.Scripts, 2)
		_, err = b.DropScript(b.ctx, b.edit("ada", less), 2, 0)
		refused(t, err, "only script")
		_, err = b.FixStep(b.ctx, flows.Fix{Edit: b.edit("ada", v), Step: 2, Type: "none"})
		refusedAt(t, err, flows.FieldWords, "ada@example.com saved version 4")
	})
}

func TestATestReadsAndWritesNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		v := b.write(t, "ada", db.Provision, "Tried", "Wait 1 minute", "Wait 2 minutes", "Wait 3 minutes", "Wait 4 minutes", "Wait 5 minutes")
		for n, fix := range []flows.Fix{
			{Type: "drive_api_get_user", Name: "find"},
			{Type: "drive_api_create_user", Name: "account", When: "!find.exists"},
			{Type: "drive_api_add_user_to_group", Name: "join"},
			{Type: "slack_approval", Name: "ask", Args: map[string]string{"to": "manager", "text": "Is {{ subject.name }} welcome?"}},
			{Type: "slack_notification", Name: "tell", When: "ask.approved", Args: map[string]string{"to": "#access", "text": "Welcome"}},
		} {
			fix.Edit, fix.Step = b.edit("ada", v), n+1
			var err error
			v, err = b.FixStep(b.ctx, fix)
			require.NoError(t, err)
		}
		calls := b.target.Mutations()
		states := func(test flows.Test) (found []string) {
			for _, tried := range test.Tried {
				found = append(found, tried.State)
			}
			return found
		}
		test, err := b.TestWorkflow(b.ctx, b.edit("ada", v), "", b.people["ana"])
		require.NoError(t, err)
		require.Equal(t, []string{flows.WouldRead, flows.WouldDo, flows.Depends, flows.WouldDo, flows.Depends}, states(test), "%+v", test.Tried)
		require.Equal(t, "Would ask manager: Is ana welcome?", test.Tried[3].Found)
		require.True(t, test.Passed)
		require.Equal(t, calls, b.target.Mutations(), "nothing was written")

		b.account(t, "ana@example.com")
		test, err = b.TestWorkflow(b.ctx, b.edit("ada", v), "", b.people["ana"])
		require.NoError(t, err)
		require.Equal(t, []string{flows.WouldRead, flows.WouldSkip, flows.WouldDo, flows.WouldDo, flows.Depends}, states(test), "%+v", test.Tried)

		b.target.SetMode(target.Offline)
		again := b.write(t, "ada", db.Provision, "Offline", "Wait 1 minute")
		again, err = b.FixStep(b.ctx, flows.Fix{Edit: b.edit("ada", again), Step: 1, Type: "drive_api_get_user"})
		require.NoError(t, err)
		test, err = b.TestWorkflow(b.ctx, b.edit("ada", again), "", b.people["ana"])
		require.NoError(t, err)
		require.False(t, test.Passed)
		require.Equal(t, []string{flows.CannotTell}, states(test))
		refused(t, b.PublishWorkflow(b.ctx, b.edit("ada", again)), "Test version")
	})
}

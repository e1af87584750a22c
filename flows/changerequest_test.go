package flows_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/config"
)

// fourEyes has edits go through a chain in which Eve or Dana decides, and whoever made them too if that were possible.
func (b *bundle) fourEyes(t testing.TB) {
	t.Helper()
	b.approvals(t, "four", "{name: Another, approvers: [eve@example.com, dana@example.com, ada@example.com], self: true}")
	b.reconfigure(t, `channel: "#access"`, "channel: \"#access\"\nfour_eyes: four\nadmins: [carl@example.com]")
}

// riskier asks for another risk of an entitlement, and returns the request's id.
func (b *bundle) riskier(t testing.TB, name, slug, risk string) string {
	t.Helper()
	result := b.saves(t, name, b.edited(t, name, config.KindEntitlement, slug, map[string]any{"risk": risk}))
	require.False(t, result.Applied)
	require.NotEmpty(t, result.RequestID)
	return result.RequestID
}

func (b *bundle) risk(t testing.TB, slug string) string {
	t.Helper()
	e, err := db.EntitlementBySlug(b.ctx, b.store, slug)
	require.NoError(t, err)
	return e.Risk
}

func TestEditNeedsASecondPairOfEyes(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.fourEyes(t)
		edit := b.edited(t, "ada", config.KindEntitlement, "editors", map[string]any{"risk": "high"})
		silent := edit
		silent.Reason = " "
		b.saveRefused(t, "ada", silent, flows.FieldReason, "Write a reason")
		result := b.saves(t, "ada", edit)
		require.False(t, result.Applied)
		require.Equal(t, result.RequestID, b.saves(t, "ada", edit).RequestID, "the same submission twice is one request")
		require.Equal(t, int64(1), b.rows(t, "config_changes"))
		require.Equal(t, "medium", b.risk(t, "editors"))
		require.Len(t, b.shown(t, "ada", config.KindEntitlement, "editors").Waiting, 1)

		sheet := b.sheet(t, result.RequestID)
		require.Equal(t, db.ForChange, sheet.Request.Kind)
		require.Equal(t, "entitlement Drive editors", sheet.Change.Title)
		require.Equal(t, []db.FieldChange{{Key: "risk", Old: "medium", New: "high"}}, sheet.Change.Diff)
		step := b.step(t, result.RequestID)
		require.Error(t, b.Approve(b.ctx, step, b.people["ada"], flows.Consent{}), "whoever made it never decides on it")
		require.ErrorContains(t, b.ChangeDuration(b.ctx, step, b.people["eve"], db.Duration(time.Hour), ""), "has no duration")
		require.NoError(t, b.Approve(b.ctx, step, b.people["eve"], flows.Consent{}))
		require.Equal(t, "high", b.risk(t, "editors"))
		event, _ := b.lastConfigChange(t)
		require.Equal(t, "ada@example.com", event.Actor)
		require.Equal(t, result.RequestID, event.Request)
		require.Equal(t, []string{"request.created", "step.opened", "click.refused", "click.refused", "decision.approved", "flow.approved", "config.changed", "change.applied"}, b.actions(t, result.RequestID))
		sheet = b.sheet(t, result.RequestID)
		require.Equal(t, db.ChangeApplied, sheet.Change.Status)
		require.Equal(t, db.Approved, sheet.Request.Status)
		require.Nil(t, sheet.Items[0].Grant, "nothing is given to anybody")
		require.Zero(t, b.rows(t, "grants"))
	})
}

func TestEditThatNobodyApproves(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.fourEyes(t)
		for name, end := range map[string]func(requestID string) error{
			"denied":    func(id string) error { return b.Deny(b.ctx, b.step(t, id), b.people["eve"], "No") },
			"cancelled": func(id string) error { return b.Cancel(b.ctx, id, b.people["ada"]) },
			"lapsed": func(id string) error {
				b.clock.Advance(8 * 24 * hour)
				b.drive(t)
				return nil
			},
		} {
			id := b.riskier(t, "ada", "editors", "high")
			require.NoError(t, end(id), name)
			sheet := b.sheet(t, id)
			require.Equal(t, name, sheet.Request.Status)
			require.Equal(t, db.ChangeEnded, sheet.Change.Status)
			require.Equal(t, "medium", b.risk(t, "editors"))
			require.Empty(t, b.shown(t, "ada", config.KindEntitlement, "editors").Waiting)
		}
	})
}

func TestApprovedEditIsCheckedAnew(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.fourEyes(t)
		first, second := b.riskier(t, "ada", "editors", "high"), b.riskier(t, "carl", "editors", "low")
		require.NoError(t, b.Approve(b.ctx, b.step(t, first), b.people["eve"], flows.Consent{}))
		require.NoError(t, b.Approve(b.ctx, b.step(t, second), b.people["eve"], flows.Consent{}))
		require.Equal(t, "high", b.risk(t, "editors"), "what was changed meanwhile is not overwritten")
		sheet := b.sheet(t, second)
		require.Equal(t, db.ChangeStale, sheet.Change.Status)
		require.Contains(t, sheet.Change.Error, "Meanwhile ada@example.com changed")
		require.Equal(t, "change.stale", b.actions(t, second)[len(b.actions(t, second))-1])

		third := b.riskier(t, "carl", "open", "high")
		b.reconfigure(t, "admins: [carl@example.com]", "admins: []", "risk: medium", "risk: high")
		require.NoError(t, b.Approve(b.ctx, b.step(t, third), b.people["dana"], flows.Consent{}))
		require.Equal(t, "low", b.risk(t, "open"), "whoever lost the power changes nothing any more")
		require.Equal(t, db.ChangeRefused, b.sheet(t, third).Change.Status)
		require.Contains(t, b.sheet(t, third).Change.Error, "none of them")
	})
}

func TestFourEyesGuardThemselves(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.fourEyes(t)
		b.saveRefused(t, "ada", b.edited(t, "ada", config.KindApprovalChain, "four", map[string]any{"steps": []any{}}), "steps", "keep a step")
		b.saveRefused(t, "ada", flows.AdminEdit{Kind: config.KindApprovalChain, Slug: "four", Revision: 1, Reason: "Off"}, "", "four_eyes")
		mine := b.saves(t, "ada", b.edited(t, "ada", config.KindApprovalChain, "four", map[string]any{
			"steps": []any{map[string]any{"name": "Me", "approvers": []any{"ben@example.com"}}},
		}))
		require.Error(t, b.Approve(b.ctx, b.step(t, mine.RequestID), b.people["ben"], flows.Consent{}), "the steps before decide")
		require.NoError(t, b.Approve(b.ctx, b.step(t, mine.RequestID), b.people["eve"], flows.Consent{}))
		off := b.saves(t, "ada", b.edited(t, "ada", config.KindSettings, config.KindSettings, map[string]any{"four_eyes": ""}))
		require.False(t, off.Applied)
		require.NoError(t, b.Approve(b.ctx, b.step(t, off.RequestID), b.people["ben"], flows.Consent{}))
		require.True(t, b.saves(t, "ada", b.edited(t, "ada", config.KindEntitlement, "editors", map[string]any{"risk": "high"})).Applied)
	})
}

func TestAddedAndOwnedWithFourEyes(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.fourEyes(t)
		fresh := flows.AdminEdit{Kind: config.KindApprovalChain, Reason: "New", Values: map[string]any{"slug": "fresh", "steps": []any{}}}
		first, second := b.saves(t, "ada", fresh), b.saves(t, "carl", fresh)
		require.NotEqual(t, first.RequestID, second.RequestID)
		require.NoError(t, b.Approve(b.ctx, b.step(t, first.RequestID), b.people["eve"], flows.Consent{}))
		require.NoError(t, b.Approve(b.ctx, b.step(t, second.RequestID), b.people["eve"], flows.Consent{}))
		require.Equal(t, db.ChangeApplied, b.sheet(t, first.RequestID).Change.Status)
		require.Equal(t, db.ChangeStale, b.sheet(t, second.RequestID).Change.Status)

		owners := b.saves(t, "dana", b.edited(t, "dana", config.KindEntitlement, "open", map[string]any{"description": "Mine"}))
		require.Error(t, b.Approve(b.ctx, b.step(t, owners.RequestID), b.people["dana"], flows.Consent{}))
		require.NoError(t, b.Approve(b.ctx, b.step(t, owners.RequestID), b.people["eve"], flows.Consent{}))
		require.Equal(t, "Mine", b.shown(t, "ada", config.KindEntitlement, "open").Values["description"])
	})
}

func TestWorkflowsNeedASecondPairOfEyes(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.fourEyes(t)
		version := b.joinsTested(t, "ada", "Another way", "Editors")
		chain, err := db.VersionByID(b.ctx, b.store, version.ID)
		require.NoError(t, err)
		slug := chain.Chain.Slug
		published := func() bool {
			_, err := db.PublishedVersion(b.ctx, b.store, slug)
			return err == nil
		}
		waiting := func(kind, slug string) string {
			rows, err := db.PendingConfigChanges(b.ctx, b.store, kind, slug)
			require.NoError(t, err)
			require.Len(t, rows, 1)
			return rows[0].RequestID
		}
		refused(t, b.PublishWorkflow(b.ctx, b.edit("ada", version)), "somebody else's approval")
		refused(t, b.PublishWorkflow(b.ctx, b.edit("ada", version)), "somebody else's approval")
		require.False(t, published())
		id := waiting(config.KindActionChain, slug)
		require.Error(t, b.Approve(b.ctx, b.step(t, id), b.people["ada"], flows.Consent{}))
		require.NoError(t, b.Approve(b.ctx, b.step(t, id), b.people["eve"], flows.Consent{}))
		require.True(t, published())
		require.Equal(t, db.ChangeApplied, b.sheet(t, id).Change.Status)
		require.Contains(t, b.actions(t, id), "config.changed")

		wish := flows.LinkWish{
			By: b.people["ada"], EntitlementID: b.entitlement("editors"), Read: true,
			Provision: slug, Deprovision: "editors-out", WasProvision: "editors-in", WasDeprovision: "editors-out",
		}
		_, err = b.LinkWorkflows(b.ctx, wish)
		refused(t, err, "somebody else's approval")
		links := func() string {
			e, err := db.EntitlementBySlug(b.ctx, b.store, "editors")
			require.NoError(t, err)
			return e.ProvisionChain
		}
		require.Equal(t, "editors-in", links())
		require.NoError(t, b.Approve(b.ctx, b.step(t, waiting(config.KindEntitlement, "editors")), b.people["eve"], flows.Consent{}))
		require.Equal(t, slug, links())

		// A version that was replaced meanwhile is not published.
		older := b.joinsTested(t, "ada", "A third way", "Editors")
		refused(t, b.PublishWorkflow(b.ctx, b.edit("ada", older)), "somebody else's approval")
		third, err := db.VersionByID(b.ctx, b.store, older.ID)
		require.NoError(t, err)
		_, err = b.FixStep(b.ctx, flows.Fix{Edit: b.edit("ada", older), Step: 1, Type: "none", Name: "nothing"})
		require.NoError(t, err)
		id = waiting(config.KindActionChain, third.Chain.Slug)
		require.NoError(t, b.Approve(b.ctx, b.step(t, id), b.people["eve"], flows.Consent{}))
		require.Equal(t, db.ChangeStale, b.sheet(t, id).Change.Status)
	})
}

// TestWorkflowsCount: what is published, named or linked in Slack is Slack's, so that a file does not replace it unseen.
func TestWorkflowsCount(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		version := b.joinsTested(t, "ada", "Another way", "Editors")
		require.NoError(t, b.PublishWorkflow(b.ctx, b.edit("ada", version)))
		chain, err := db.VersionByID(b.ctx, b.store, version.ID)
		require.NoError(t, err)
		slug := chain.Chain.Slug
		require.Equal(t, db.FromSlack, b.shown(t, "ada", config.KindActionChain, slug).Origin)
		_, err = b.LinkWorkflows(b.ctx, flows.LinkWish{
			By: b.people["ada"], EntitlementID: b.entitlement("editors"), Read: true,
			Provision: slug, Deprovision: "editors-out", WasProvision: "editors-in", WasDeprovision: "editors-out",
		})
		require.NoError(t, err)
		editors := b.shown(t, "ada", config.KindEntitlement, "editors")
		require.Equal(t, db.FromSlack, editors.Origin)
		require.Equal(t, int64(2), editors.Revision)
		file, err := config.Parse("usher.yaml", []byte(strings.ReplaceAll(b.text, "%s", b.url)), b.options.Registry)
		require.NoError(t, err)
		_, err = b.ApplyConfig(b.ctx, file, false, "operator")
		var inSlack config.InSlackError
		require.ErrorAs(t, err, &inSlack)
	})
}

// TestNobodyChoosesTheOwnerWhoDecides: where the chain names the owner, it is who owned it before the edit.
func TestNobodyChoosesTheOwnerWhoDecides(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.approvals(t, "four", "{name: Owner, approvers: [owner]}")
		b.reconfigure(t, `channel: "#access"`, "channel: \"#access\"\nfour_eyes: four\nadmins: [carl@example.com]")
		values := b.edited(t, "ada", config.KindEntitlement, "editors", nil).Values
		values["slug"], values["name"], values["owner"] = "mine", "Mine", "eve@example.com"
		made := b.saves(t, "ada", flows.AdminEdit{Kind: config.KindEntitlement, Reason: "New", Values: values})
		require.Equal(t, []string{"dana"}, b.asked(t, made.RequestID), "the owner of the provider")
		refused(t, b.Approve(b.ctx, b.step(t, made.RequestID), b.people["eve"], flows.Consent{}), "not one of the people")

		provider := b.edited(t, "ada", config.KindProvider, "drive", nil).Values
		provider["slug"], provider["name"], provider["owner"] = "mine", "Mine", "eve@example.com"
		made = b.saves(t, "ada", flows.AdminEdit{Kind: config.KindProvider, Reason: "New", Values: provider})
		require.Equal(t, []string{"carl"}, b.asked(t, made.RequestID), "the other admin")

		other := b.saves(t, "ada", b.edited(t, "ada", config.KindEntitlement, "open", map[string]any{"owner": "eve@example.com"}))
		require.Equal(t, []string{"dana"}, b.asked(t, other.RequestID))
	})
}

// TestNamesNeedASecondPairOfEyes: the name of a workflow in use stays, one of a draft is its author's.
func TestNamesNeedASecondPairOfEyes(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		version := b.joinsTested(t, "ada", "Another way", "Editors")
		require.NoError(t, b.PublishWorkflow(b.ctx, b.edit("ada", version)))
		draft := b.write(t, "ada", db.Provision, "Not used", "Wait 1 minute")
		b.fourEyes(t)
		name := func(v db.ActionChainVersion, name string) error {
			_, err := b.WriteWorkflow(b.ctx, flows.Words{Edit: b.edit("ada", v), Name: name, Text: text(db.Provision, "Wait 1 minute")})
			return err
		}
		refusedAt(t, name(version, "By another name"), flows.FieldName, "Keep the name Another way")
		require.NoError(t, name(version, "Another way"), "other words are a draft")
		require.NoError(t, name(draft, "By another name"))
	})
}

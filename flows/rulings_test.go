package flows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// also adds sections to the end of the configuration.
func (b *bundle) also(t testing.TB, text string) {
	t.Helper()
	b.apply(t, b.text+text)
}

// fact reads the details of the only event of a request with an action.
func (b *bundle) fact(t testing.TB, requestID, action string) db.Details {
	t.Helper()
	require.Equal(t, 1, b.count(t, requestID, action), action)
	for _, event := range b.events(t, requestID) {
		if event.Action == action {
			facts, err := event.Facts()
			require.NoError(t, err)
			return facts
		}
	}
	return db.Details{}
}

// refused asks, and returns what the refusal says.
func (b *bundle) refused(t testing.TB, ask flows.Ask) string {
	t.Helper()
	_, err := b.Request(b.ctx, ask)
	refusal, ok := flows.Refusal(err)
	require.True(t, ok, "%v", err)
	return refusal.Text
}

func TestARuleApprovesUntilItEnds(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		until := b.Now().Add(24 * hour).Format("2006-01-02T15:04:05Z")
		b.also(t, `approval_rules:
  - {slug: sales, name: Sales edits, effect: approve, entitlements: [editors], when: "subject.department == 'Sales'", until: "`+until+`"}
`)
		preview, err := b.Preview(b.ctx, b.form(t, "carl", "editors", "8h"))
		require.NoError(t, err)
		require.Equal(t, "Sales edits", preview.Ruled)
		require.Empty(t, preview.Steps)

		sheet := b.ask(t, "carl", "editors", "8h")
		require.Equal(t, db.Approved, sheet.Request.Status)
		require.Equal(t, "sales", sheet.Items[0].Flow.Ruled)
		require.Equal(t, "manager", sheet.Items[0].Flow.Chain, "whom it spared")
		require.Empty(t, sheet.Items[0].Steps)
		require.Equal(t, "sales", b.fact(t, sheet.Request.ID, "flow.approved").Ruled)

		b.pass(t, 25*hour)
		later := b.ask(t, "carl", "editors", "8h")
		require.Equal(t, db.Pending, later.Request.Status)
		require.Empty(t, later.Items[0].Flow.Ruled)
	})
}

func TestARuleThatDeniesGoesBeforeOneThatApproves(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.also(t, `approval_rules:
  - {slug: always, effect: approve, entitlements: [editors, open]}
  - {slug: closed, name: Books are closed, effect: deny, entitlements: [editors], when: "subject.department == 'Sales'", reason: Ask in March}
`)
		ask := b.form(t, "carl", "editors", "8h")
		preview, err := b.Preview(b.ctx, ask)
		require.NoError(t, err)
		require.Equal(t, `The rule "Books are closed" denies this: Ask in March.`, preview.Denied)
		require.Empty(t, preview.Steps)

		ask.Items = append(ask.Items, b.form(t, "carl", "open", "8h").Items...)
		request, err := b.Request(b.ctx, ask)
		require.NoError(t, err)
		sheet := b.sheet(t, request.ID)
		require.Equal(t, db.Approved, sheet.Request.Status, "the other item goes on")
		require.Equal(t, db.Denied, sheet.Items[0].Status)
		require.Nil(t, sheet.Items[0].Grant)
		require.Equal(t, preview.Denied, sheet.Items[0].Refusal)
		require.Equal(t, db.Approved, sheet.Items[1].Status)
		require.Equal(t, "closed", b.fact(t, request.ID, "flow.denied").Ruled)

		alone := b.ask(t, "carl", "editors", "8h")
		require.Equal(t, db.Denied, alone.Request.Status)
		require.Equal(t, db.Approved, b.ask(t, "ana", "editors", "8h").Request.Status)
	})
}

func TestARuleWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.also(t, `approval_rules:
  - {slug: trusted, effect: approve, when: "subject.attributes.level > 3"}
`)
		require.Equal(t, db.Pending, b.ask(t, "carl", "editors", "8h").Request.Status, "it never approves")
		pending := b.ask(t, "ben", "editors", "8h")
		b.reconfigure(t, "{slug: trusted, effect: approve", "{slug: trusted, name: Trust, effect: deny")
		require.Contains(t, b.refused(t, b.form(t, "carl", "crowded", "8h")), `The rule "Trust" has no answer for this request`)
		b.approve(t, pending.Request.ID, "dana")
		sheet := b.sheet(t, pending.Request.ID)
		require.Equal(t, db.Denied, sheet.Request.Status, "it is no endless error for the approver")
		require.Contains(t, sheet.Items[0].Refusal, `The rule "Trust" has no answer`)
	})
}

func TestARuleIsAskedAgainBeforeAccessIsGiven(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.ask(t, "carl", "editors", "8h").Request
		b.also(t, `approval_rules:
  - {slug: closed, name: Closed, effect: deny, entitlements: [editors], when: "!request.emergency"}
`)
		b.approve(t, request.ID, "ben")
		sheet := b.sheet(t, request.ID)
		require.Equal(t, db.Denied, sheet.Request.Status)
		require.Nil(t, sheet.Items[0].Grant)
		facts := b.fact(t, request.ID, "flow.denied")
		require.Equal(t, "closed", facts.Ruled)
		require.Equal(t, `The rule "Closed" denies this.`, facts.Error)
		require.Zero(t, b.target.Mutations())
	})
}

func TestTheShortestLimitOfItsChains(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.reconfigure(t, "channel: \"#access\"\n", "channel: \"#access\"\npending: 5d\n", "- slug: two\n", "- slug: two\n    pending: 2d\n")
		ask := b.form(t, "carl", "editors", "8h")
		require.InDelta(t, 5*24, b.limitOf(t, ask), 0.1)
		ask.Submission, ask.Items = db.NewID("sub"), append(ask.Items, b.form(t, "carl", "admins", "8h").Items...)
		require.InDelta(t, 2*24, b.limitOf(t, ask), 0.1)
	})
}

// limitOf asks and returns for how many hours the request may wait.
func (b *bundle) limitOf(t testing.TB, ask flows.Ask) float64 {
	t.Helper()
	request, err := b.Request(b.ctx, ask)
	require.NoError(t, err)
	return request.LapsesAt.Sub(request.CreatedAt).Hours()
}

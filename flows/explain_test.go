package flows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// explained is what somebody is told of the only item of a request.
func (b *bundle) explained(t testing.TB, requestID, who string) flows.ExplainedItem {
	t.Helper()
	before := b.everything(t)
	told, err := b.Explain(b.ctx, requestID, b.people[who])
	require.NoError(t, err)
	require.Len(t, told.Items, 1)
	require.Equal(t, before, b.everything(t), "to explain changes nothing")
	return told.Items[0]
}

func namesOf(people []flows.Decider) map[string]string {
	all := map[string]string{}
	for _, one := range people {
		all[one.Person.Name] = one.Why
	}
	return all
}

func TestWhoCanDecideAndWhy(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.apply(t, b.text) // the names that people have there
		sheet := b.ask(t, "carl", "admins", "1h")
		told := b.explained(t, sheet.Request.ID, "carl")
		require.Equal(t, "The approval chain two decides: it is the usual one for Drive admins.", told.Why)
		require.Equal(t, "It is open: one approval is needed.", told.Steps[0].Stands)
		require.Equal(t, map[string]string{"Ben": "Manager of Carl."}, namesOf(told.Steps[0].People))
		require.Equal(t, "Its turn comes later.", told.Steps[1].Stands)
		require.Equal(t, map[string]string{"Dana": "Owner of Drive admins.", "eve": "Named by the step."}, namesOf(told.Steps[1].People))
		require.Equal(t, map[string]string{"Carl": "Carl asks for it."}, namesOf(told.Steps[1].Barred))
		require.Equal(t, "Next comes the step Owners.", told.Next)
		require.Equal(t, "You can't decide on your own request. Somebody else who may decide has to.", told.Not)
		require.Equal(t, sheet.Items[0].Plan, told.Will)
		require.Equal(t, sheet.Request.LapsesAt, told.Lapses)
		require.Empty(t, b.explained(t, sheet.Request.ID, "ben").Not)
		require.Equal(t, "You are not one of the people who may decide here. It waits for Ben.", b.explained(t, sheet.Request.ID, "dana").Not)
		_, err := b.Explain(b.ctx, sheet.Request.ID, b.people["ana"])
		require.ErrorContains(t, err, "does not concern you")
		b.reconfigure(t, "channel: \"#access\"\n", "channel: \"#access\"\nauditors: [ana@example.com]\n")
		require.NotEmpty(t, b.explained(t, sheet.Request.ID, "ana").Not, "an auditor reads everything and decides nothing")

		b.approve(t, sheet.Request.ID, "ben", "dana")
		told = b.explained(t, sheet.Request.ID, "dana")
		require.Equal(t, "It was approved by Ben.", told.Steps[0].Stands)
		require.Equal(t, "It is open: it has 1 of 2 approvals.", told.Steps[1].Stands)
		require.Equal(t, "Decided already.", namesOf(told.Steps[1].Barred)["Dana"])
		require.Equal(t, "Then it is given, unless a rule has come up against it.", told.Next)
		b.approve(t, sheet.Request.ID, "eve")
		told = b.explained(t, sheet.Request.ID, "carl")
		require.Equal(t, "The access is held. When its time is over, it is taken back.", told.Next)
		require.Empty(t, told.Not)
		require.True(t, told.Lapses.IsZero())
	})
}

func TestWhyItWentThatWay(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.approvals(t, "conditional", `{name: Long, approvers: [owner], when: "duration > duration('8h')"}`, `{name: Manager, approvers: [manager], timeout: 4h, on_timeout: {deny: true}}`, `{name: Longer, approvers: [owner], when: "duration > duration('9h')"}`)
		b.offer(t, "conditional", "Desk", "[{chain: conditional}]", "editors-in", "editors-out")
		b.urgent(t, "")
		b.also(t, `separations: [{slug: apart, name: Apart, entitlements: [editors, crowded], effect: ask, step: {name: Two hands, approvers: [dana@example.com]}}]
approval_rules: [{slug: no, name: Closed, effect: deny, entitlements: [open], reason: Ask in March}, {slug: yes, name: Open, effect: approve, entitlements: [crossed]}]
`)
		told := b.explained(t, b.ask(t, "carl", "conditional", "8h").Request.ID, "carl")
		require.Equal(t, "It was passed over. It is asked only if it is for longer than 8 hours.", told.Steps[0].Stands)
		require.Equal(t, "It would be passed over. It is asked only if it is for longer than 9 hours.", told.Steps[2].Stands)
		require.Empty(t, told.Steps[2].People)
		require.Equal(t, "Then it is given, unless a rule has come up against it. If nobody decides within 4 hours, it is denied.", told.Next)

		told = b.explained(t, b.ask(t, "ana", "editors", "1h").Request.ID, "ana")
		require.Equal(t, "The approval chain auto decides, because this holds: subject.department == 'Design' && duration <= duration('1h').", told.Why)
		told = b.explained(t, b.ask(t, "carl", "open", "8h").Request.ID, "carl")
		require.Equal(t, `The rule "Closed" denied it. Ask in March.`, told.Why)
		require.Equal(t, `It is denied. The rule "Closed" denies this: Ask in March.`, told.Next)
		told = b.explained(t, b.ask(t, "carl", "crossed", "8h").Request.ID, "carl")
		require.Equal(t, `The rule "Open" approved it, in place of the approval chain.`, told.Why)
		request, err := b.Request(b.ctx, b.emergency(t, "carl", "admins", "1h"))
		require.NoError(t, err)
		require.Equal(t, "It was asked for as an emergency, which nobody has to approve beforehand.", b.explained(t, request.ID, "carl").Why)
		b.held(t, "carl", "8h")
		told = b.explained(t, b.ask(t, "carl", "crowded", "8h").Request.ID, "carl")
		require.Contains(t, told.Why, `The rule "Apart" keeps it apart from Drive editors, so one more step is asked.`)
	})
}

// Who is named and can't decide is told, and how the search went on.
func TestWhoCantDecideAndWhy(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.apply(t, b.text)
		b.leave(t, "ben")
		request := b.ask(t, "carl", "editors", "8h").Request
		step := b.explained(t, request.ID, "carl").Steps[0]
		require.Equal(t, map[string]string{"Dana": "Stands in, because too few were found."}, namesOf(step.People))
		require.Equal(t, map[string]string{"Ben": "Ben is deactivated."}, namesOf(step.Barred))
		require.Equal(t, []db.Hop{{From: "manager", Why: "nobody who may decide was found: Ben is deactivated", To: "owner"}}, step.Hops)
	})
}

package flows_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// What must be true is true in the schema: whoever writes past the rules is refused by the database.
func TestTheSchemaRefuses(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"a second decision of one person on a step": "INSERT INTO decisions (id, step_id, person_id, verdict, reason, decided_at) SELECT 'dec_x', step_id, person_id, 'denied', '', decided_at FROM decisions",
		"a decision that is neither":                "UPDATE decisions SET verdict = 'perhaps'",
		"a second request of one submission":        "INSERT INTO requests (id, requester_id, reason, status, submission, channel, lapses_at, created_at, decided_at) SELECT 'req_x', requester_id, reason, status, submission, channel, lapses_at, created_at, decided_at FROM requests",
		"a second approval flow of an item":         "INSERT INTO approval_flows (id, item_id, request_id, chain, chain_version, rule, status, decided_at) SELECT 'apf_x', item_id, request_id, chain, chain_version, rule, status, decided_at FROM approval_flows",
		"a second grant of an item":                 "INSERT INTO grants (id, item_id, request_id, subject_id, entitlement_id, provision_version_id, deprovision_version_id, status, duration, starts_at, active_at, expires_at, end_cause, ended_at, created_at) SELECT 'grt_x', item_id, request_id, subject_id, entitlement_id, provision_version_id, deprovision_version_id, status, duration, starts_at, active_at, expires_at, end_cause, ended_at, created_at FROM grants",
		"a second running flow of a grant":          "INSERT INTO action_flows SELECT 'run_x', grant_id, request_id, 'deprovision', version_id, 'another target', 'running', cancelling, retry_at, created_at, started_at, ended_at FROM action_flows",
		"a failed flow beside a running one":        "INSERT INTO action_flows SELECT 'run_x', grant_id, request_id, 'deprovision', version_id, 'another target', 'failed', cancelling, retry_at, created_at, started_at, ended_at FROM action_flows",
		"a second script of one name":               "INSERT INTO action_flow_scripts (id, flow_id, request_id, position, name, type, spec, status, outcome, summary, output, evidence, attempts, wake_at, claimed_by, claimed_until, verify_for, started_at, ended_at) SELECT 'scr_x', flow_id, request_id, 99, name, type, spec, status, outcome, summary, output, evidence, attempts, wake_at, claimed_by, claimed_until, verify_for, started_at, ended_at FROM action_flow_scripts WHERE position = 1",
		"a second published version":                "INSERT INTO action_chain_versions (id, chain_id, number, status, scripts, author, created_at, published_at) SELECT 'acv_x', chain_id, number + 1, 'published', scripts, author, created_at, published_at FROM action_chain_versions WHERE number = 1",
		"no time at all":                            "UPDATE request_items SET duration = 0",
		"an address in capitals":                    "UPDATE people SET email = 'Ana@example.com' WHERE email = 'ana@example.com'",
		"a second row of an audit number":           "INSERT INTO audit_events SELECT * FROM audit_events WHERE seq = 1",
		"a second head of the log":                  "INSERT INTO audit_head (id, seq, hash) VALUES (2, 0, '')",
		"a step that nobody has to approve":         "UPDATE approval_steps SET need = 0",
		"a request of nobody":                       "UPDATE requests SET requester_id = 'per_none'",
	}
	for _, table := range []string{"requests", "request_items", "approval_flows", "approval_steps", "grants", "action_flows", "action_flow_scripts", "action_chain_versions"} {
		cases["an unknown status in "+table] = "UPDATE " + table + " SET status = 'odd'"
	}
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.ask(t, "ana", "editors", "8h").Request
		require.NoError(t, b.Approve(b.ctx, b.step(t, request.ID), b.people["ben"], flows.Consent{}))
		for name, statement := range cases {
			before := b.everything(t)
			_, err := b.store.ExecContext(b.ctx, statement)
			require.Error(t, err, name)
			require.Regexp(t, "(?i)constraint", strings.ToLower(err.Error()), name)
			require.Equal(t, before, b.everything(t), name)
		}
	})
}

// Two grants of one access never have running flows at the same time.
func TestTheSchemaRefusesTwoFlowsOnATarget(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		first := b.ask(t, "ana", "editors", "1h").Request
		require.Equal(t, db.Running, b.sheet(t, first.ID).Items[0].Runs[0].Status)
		b.offer(t, "more", "Editors", "[{chain: auto}]", "editors-in", "editors-out")
		second := b.ask(t, "ana", "more", "8h").Request
		require.Equal(t, db.Queued, b.sheet(t, second.ID).Items[0].Runs[0].Status)
		_, err := b.store.ExecContext(b.ctx, "UPDATE action_flows SET status = 'running' WHERE request_id = '"+second.ID+"'")
		require.Error(t, err)
		require.Contains(t, strings.ToLower(err.Error()), "constraint")
	})
}

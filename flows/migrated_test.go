package flows_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/db/pgtest"
	"github.com/usherhq/usher/flows"
)

// What the version before wrote, in the columns that it knows. AT is a time, N a number that keeps ids apart.
const (
	oldCatalogue = `
insert into people (id, email, name, slack_id, attributes, kind, active, in_slack, manager_email, created_at, updated_at) values
    ('per_oldana', 'ana@example.com', 'Ana', 'UOLDANA', '{}', 'member', true, true, 'ben@example.com', 'AT', 'AT'),
    ('per_oldben', 'ben@example.com', 'Ben', 'UOLDBEN', '{}', 'member', true, true, 'dana@example.com', 'AT', 'AT');
insert into providers (id, slug, name, connector, owner_email, workers, settings, endpoints, active, updated_at)
    values ('prv_old', 'drive', 'Drive', 'scim', 'dana@example.com', 1, '{}', '[]', true, 'AT');
insert into approval_chains (id, slug, version, steps, active, updated_at)
    values ('apc_old', 'manager', 3, '[{"name":"Manager","approvers":["manager"],"need":1}]', true, 'AT');
insert into action_chains (id, slug, kind, active, updated_at)
    values ('ach_oldin', 'editors-in', 'provision', true, 'AT'), ('ach_oldout', 'editors-out', 'deprovision', true, 'AT');
insert into action_chain_versions (id, chain_id, number, status, scripts, author, created_at)
    values ('acv_oldin', 'ach_oldin', 1, 'published', '[]', 'operator', 'AT'), ('acv_oldout', 'ach_oldout', 1, 'published', '[]', 'operator', 'AT');
insert into entitlements (id, slug, provider_id, kind, target, name, owner_email, risk, durations, approval, provision_chain, deprovision_chain, active, updated_at)
    values ('ent_old', 'editors', 'prv_old', 'group', 'Editors', 'Editors', 'dana@example.com', 'low', '{"default":"8h","choices":["8h"]}',
            '[{"chain":"manager"}]', 'editors-in', 'editors-out', true, 'AT');
insert into settings (key, value) values ('settings', '{"channel":"#access"}');`

	oldRequest = `
insert into requests (id, requester_id, reason, status, submission, channel, lapses_at, created_at)
    values ('req_oldN', 'per_oldana', 'I need it', 'pending', 'sub_N', '#access', '2100-01-01 00:00:00+00:00', 'AT');
insert into request_items (id, request_id, position, entitlement_id, subject_id, duration, provision_version_id, deprovision_version_id, plan, status)
    values ('itm_oldN', 'req_oldN', 1, 'ent_old', 'per_oldana', 28800000000000, 'acv_oldin', 'acv_oldout', '[]', 'pending');
insert into approval_flows (id, item_id, request_id, chain, chain_version, rule, status)
    values ('apf_oldN', 'itm_oldN', 'req_oldN', 'manager', 3, 'default', 'open');
insert into approval_steps (id, flow_id, request_id, position, spec, need, status, escalated, opened_at)
    values ('stp_oldN', 'apf_oldN', 'req_oldN', 1, '{"name":"Manager","approvers":["manager"],"need":1}', 1, 'open', false, 'AT'),
           ('stp_nextN', 'apf_oldN', 'req_oldN', 2, '{"name":"Ben","approvers":["ben@example.com","dana@example.com"],"need":1}', 1, 'waiting', false, null);
insert into approvers (step_id, person_id, source) values ('stp_oldN', 'per_oldben', 'manager');`

	oldGrant = `
update requests set status = 'approved' where id = 'req_oldN';
update request_items set status = 'approved' where id = 'itm_oldN';
update approval_flows set status = 'approved' where id = 'apf_oldN';
update approval_steps set status = 'approved', opened_at = 'AT' where flow_id = 'apf_oldN';
insert into decisions (id, step_id, person_id, verdict, reason, decided_at) values ('dec_oldN', 'stp_oldN', 'per_oldben', 'approved', '', 'AT');
insert into grants (id, item_id, request_id, subject_id, entitlement_id, provision_version_id, deprovision_version_id, status, duration, starts_at, active_at, expires_at, created_at)
    values ('grt_oldN', 'itm_oldN', 'req_oldN', 'per_oldana', 'ent_old', 'acv_oldin', 'acv_oldout', 'active', 28800000000000, 'AT', 'AT', '2099-01-01 00:00:00+00:00', 'AT');
insert into lanes (name) values ('laneN');
insert into messages (id, key, lane, position, purpose, wanted, done, status, attempts, created_at)
    values ('msg_oldN', 'card:oldN', 'laneN', 1, 'card', 1, 0, 'waiting', 0, 'AT');`
)

// write runs what the version before would, statement by statement.
func write(t testing.TB, store *db.Store, text string, n int) {
	t.Helper()
	text = strings.ReplaceAll(strings.NewReplacer("'AT'", "'2026-01-02 03:04:05+00:00'").Replace(text), "N'", fmt.Sprint(n, "'"))
	for _, statement := range strings.Split(text, ";\n") {
		_, err := store.DB.DB.Exec(statement)
		require.NoError(t, err, statement)
	}
}

// A database that the version before has filled is brought up to date, and what waited there is decided; beside the new
// version the one before goes on to write.
func TestWhatTheVersionBeforeWrote(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{dbtest.SQLite, dbtest.Postgres} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			url := "sqlite:" + filepath.Join(t.TempDir(), "usher.db")
			dialect := goose.DialectSQLite3
			if kind == dbtest.Postgres {
				url, dialect = pgtest.Open(t), goose.DialectPostgres
			}
			store, err := db.Open(t.Context(), url)
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, store.Close()) })
			before, err := goose.NewProvider(dialect, store.DB.DB, os.DirFS("../db/migrations"))
			require.NoError(t, err)
			_, err = before.UpTo(t.Context(), 2)
			require.NoError(t, err)
			write(t, store, oldCatalogue, 0)
			write(t, store, oldRequest, 1)
			write(t, store, oldRequest, 2)
			write(t, store, oldGrant, 2)
			_, err = store.Migrate(t.Context())
			require.NoError(t, err)

			b := setup(t, store)
			require.Equal(t, "per_oldben", b.people["ben"])
			write(t, store, oldRequest, 3)
			write(t, store, oldRequest, 4)
			write(t, store, oldGrant, 4)
			b.drive(t)
			for _, n := range []string{"1", "3"} {
				sheet := b.sheet(t, "req_old"+n)
				require.Equal(t, db.ForAccess, sheet.Request.Kind)
				require.Equal(t, []string{"ben"}, b.asked(t, "req_old"+n))
				_, err := b.Explain(b.ctx, "req_old"+n, "per_oldana")
				require.NoError(t, err)
				require.NoError(t, b.Approve(b.ctx, "stp_old"+n, "per_oldben", flows.Consent{}))
				refused(t, b.Approve(b.ctx, "stp_next"+n, "per_oldben", flows.Consent{}), "not one of the people")
				require.NoError(t, b.Approve(b.ctx, "stp_next"+n, b.people["dana"], flows.Consent{}))
				require.Equal(t, db.Approved, b.sheet(t, "req_old"+n).Request.Status)
			}
			for _, n := range []string{"2", "4"} {
				require.NoError(t, b.Return(b.ctx, "grt_old"+n, "per_oldana"))
				due, err := db.DueMessages(b.ctx, store, "lane"+n, b.Now())
				require.NoError(t, err)
				require.Len(t, due, 1)
			}
			b.verified(t)
		})
	}
}

package config_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/flows/config"
)

func TestExportIsTheContractsFile(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		apply(t, store, parse(t, contractFile(t)), false)
		content, err := config.Export(t.Context(), store, registry())
		require.NoError(t, err)
		require.Equal(t, `channel: "#access"
admins: [ops@example.com]
people: []
providers:
  - slug: drive
    name: Acme Drive
    connector: scim
    owner: dana@example.com
    workers: 4
    rate: "10/s"
    settings: {base_url: "https://drive.example.com/scim/v2", token: "env:DRIVE_TOKEN"}
entitlements:
  - slug: drive-editors
    provider: drive
    kind: group
    target: Editors
    name: Drive editors
    description: Edit shared drives
    owner: dana@example.com
    risk: medium
    durations: {default: 8h, max: 30d, choices: [1h, 8h, 7d, 30d]}
    requestable_by: "true"
    approval:
      - {chain: auto, when: "subject.department == 'Design' && duration <= duration('8h')"}
      - {chain: manager-then-owner}
    provision: drive-editors-in
    deprovision: drive-editors-out
approval_chains:
  - slug: auto
    steps: []
  - slug: manager-then-owner
    steps:
      - {name: Manager, approvers: [manager], need: 1, remind: 4h, timeout: 1d, on_timeout: {escalate: [owner]}}
      - {name: Owners, approvers: [owner, "@drive-admins", "group:security", someone@example.com], need: 2, ask_in: "#security"}
action_chains:
  - slug: drive-editors-in
    kind: provision
    scripts:
      - {name: find, type: drive_api_get_user}
      - {name: account, type: drive_api_create_user, when: "!find.exists"}
      - {name: join, type: drive_api_add_user_to_group, args: {group: "{{ entitlement.target }}"}, retry: {attempts: 8}, on_failure: manual_task}
  - slug: drive-editors-out
    kind: deprovision
    scripts:
      - {name: leave, type: drive_api_remove_user_from_group, args: {group: "{{ entitlement.target }}"}}
approval_rules: []
separations: []
directories: []
birthrights: []
`, string(content))
	})
}

// everything is a file in which every key says something.
const everything = `
channel: "#access"
admins: []
auditors: [ada@example.com, U0AUDIT]
pending: 10d
four_eyes: rich
quiet_hours: {from: "20:00", to: "08:00", weekends: true}
people:
  - {email: ana@example.com, name: "Ana: \"the\" # one", manager: mia@example.com, attributes: {level: 3, share: 0.5, tags: [a, null, true, -1], deep: {x: {y: "no"}}}}
  - {email: mia@example.com, name: "yes", title: " spaced "}
providers:
  - {slug: drive, connector: scim, settings: {base_url: "a\\b\n\tc é 😀 \u2028 <&>", token: "file:/run/t", options: {n: 12345678901, f: 1e30, g: 2.0, s: "1e3", t: "2026-01-01", e: "", l: []}}}
entitlements:
  - {slug: account, provider: drive, kind: user, description: "- a: b", durations: {default: 90m}, approval: [{chain: auto}], provision: in, deprovision: out, emergency: {chain: rich, max: 30m, channel: "#alarm", reviewers: [provider_owner, "group:sec"], review_in: 2d, usable_by: "'on-call' in subject.groups"}}
  - {slug: other, provider: drive, kind: user, durations: {default: 90m}, approval: [{chain: rich}], provision: in, deprovision: out, emergency: {max: 90m, channel: C123, reviewers: [owner]}}
approval_chains:
  - {slug: auto, steps: [{approvers: ["@a"], timeout: 1w, on_timeout: {close: true}}]}
  - slug: rich
    name: "All of it: really"
    pending: 3d
    steps:
      - {name: one, approvers: [managers_manager, provider_owner, "on_call:drive_api_get_user"], need: all, notify: [owner, "#told", ben@example.com], when: "duration > duration('8h')", comment: true, step_up: true, same_person: true, self: true, fixed: true}
      - {name: two, approvers: [manager], timeout: 1d, on_timeout: {reassign: [owner]}}
      - {name: three, approvers: [manager], timeout: 1d, on_timeout: {deny: true}}
      - {name: four, approvers: [manager], timeout: 1d, on_timeout: {go_on: true}}
action_chains:
  - {slug: in, kind: provision, scripts: [{name: a, type: sleep, args: {for: 1m}, timeout: 5m, retry: {backoff: 10s, on: [transient, refused]}, on_failure: stop}, {name: b, type: manual_task, args: {to: "#help", text: "line\nline {{ a.until }}", due: 2d}, when: false}]}
  - {slug: out, kind: deprovision, scripts: [{name: a, type: none, on_failure: continue}]}
approval_rules:
  - {slug: freeze, name: "No: change", effect: deny, when: "subject.department == 'Sales'", reason: "Books are open\nuntil \"March\"", until: 2027-01-31}
  - {slug: low, effect: approve, entitlements: [account, other], until: "2027-02-01T18:30:05Z"}
  - {slug: always, effect: approve, when: true}
separations:
  - {slug: apart, entitlements: [account, other], reason: "one pays, one books"}
  - {slug: asked, name: Asked, entitlements: [other, account], effect: ask, step: {approvers: ["@risk"], need: 2, comment: true, timeout: 2d, on_timeout: {deny: true}}}
directories:
  - {slug: plain, kind: scim}
  - slug: okta
    name: "Okta: ours"
    kind: scim
    owner: mia@example.com
    mode: hold
    changes: {user_suspended: pass, user_created: observe, directory_deleted: hold}
    downstream: [drive]
    routes:
      - {when: "person.department == 'Finance' && change.kind != 'user_created'", chain: rich, channel: "#finance-access"}
      - {when: "change.directory == 'okta'", chain: rich}
      - {chain: auto, channel: C123}
    gather: 1m
    pending: 3d
    breaker: {changes: off, percent: 5}
    attributes: {territory: "urn:ietf:params:scim:schemas:extension:acme:2.0:User:territory", cost_center: costCenter}
  - {slug: acme-workos, kind: workos, workos: {directory_id: directory_01, api_key: "env:WORKOS_API_KEY", webhook_secret: "file:/run/s", url: "http://127.0.0.1:9/x"}, breaker: {percent: off}}
birthrights:
  - {slug: engineers, name: "Engineers: all", when: "person.department == 'Engineering'", entitlements: [account, other], chain: auto, grace: 7d, during: {cron: "0 8 28 * *", for: 3d, zone: Europe/Berlin}, adjust: {on: [attributes.territory, manager], run: in}}
  - {slug: all, when: true, entitlements: [other], during: {cron: "@monthly", for: 36h}}
`

// TestExportRoundTrip applies the export of a database to itself and to an empty one.
func TestExportRoundTrip(t *testing.T) {
	t.Parallel()
	content := everything
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		apply(t, store, parse(t, content), false)
		require.Equal(t, "Nothing to change.\n", planned(t, store, parse(t, content), true))
		exported, err := config.Export(t.Context(), store, registry())
		require.NoError(t, err)
		require.Equal(t, "Nothing to change.\n", planned(t, store, parse(t, string(exported)), true), string(exported))

		other := dbtest.Open(t, dbtest.SQLite)
		apply(t, other, parse(t, string(exported)), true)
		again, err := config.Export(t.Context(), other, registry())
		require.NoError(t, err)
		require.Equal(t, string(exported), string(again))
	})
}

func TestExportOfNothing(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		exported, err := config.Export(t.Context(), store, registry())
		require.NoError(t, err)
		require.Equal(t, "people: []\nproviders: []\nentitlements: []\napproval_chains: []\naction_chains: []\napproval_rules: []\nseparations: []\ndirectories: []\nbirthrights: []\n", string(exported))
		require.Equal(t, "Nothing to change.\n", planned(t, store, parse(t, string(exported)), true))
	})
}

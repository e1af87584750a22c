package workflow_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/workflow"
)

// TestPair compares workflows written in plain English.
func TestPair(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		in, out string
		want    []string // a part of each sentence
	}{
		"fits":                        {"Grant Slack admin access", "Remove Slack admin access", nil},
		"fits by the entitlement":     {"Add the user to the group", "Remove the user from the group", nil},
		"not taken back":              {"Grant Slack admin access", "Do nothing", []string{"adds the role admin (slack_api_add_user_to_role), and nothing in deprovisioning takes it back"}},
		"another is taken back":       {"Grant Slack admin access", "Revoke Slack member access", []string{"adds the role admin"}},
		"one of two":                  {"Add the user to Editors and Viewers in Acme Drive", "Remove the user from Editors in Acme Drive", []string{"adds the group Viewers (drive_api_add_user_to_group)"}},
		"by the account":              {"Grant Slack admin access", "Disable the account in Slack", nil},
		"an account that stays":       {"1. If the user lacks Slack access, create an account 2. Grant Slack admin access", "Remove Slack admin access", []string{"Note: provisioning adds the account (slack_api_create_user) where it is missing"}},
		"an account for all":          {"Create an account in Slack", "Do nothing", []string{"adds the account (slack_api_create_user), and nothing"}},
		"an account and its end":      {"Create an account in Slack", "Disable the account in Slack", nil},
		"deleted, and made for all":   {"Create an account in Acme Drive", "Delete the account in Acme Drive", nil},
		"deleted, and made for some":  {"If the user lacks Acme Drive access, create an account", "Delete the account in Acme Drive", []string{"deletes the account (drive_api_delete_user) for good"}},
		"deleted, and never made":     {"Do nothing", "Delete the account in Acme Drive", []string{"deletes the account (drive_api_delete_user) for good"}},
		"taken, and never given":      {"Do nothing", "Remove the user from Editors in Acme Drive", nil},
		"by name and by entitlement":  {"Add the user to the group", "Remove the user from Editors in Acme Drive", []string{"see whether the two are the same"}},
		"taken back under conditions": {"Grant Slack admin access", "If the user is in department IT, remove Slack admin access", []string{"only if subject.department == 'IT'"}},
		"sessions stay open":          {"Grant Warehouse readers", "Remove Warehouse readers", []string{"takes access at PostgreSQL and leaves open sessions open: warehouse_api_end_sessions would end them"}},
		"sessions end":                {"Grant Warehouse readers", "Remove Warehouse readers and end all sessions in PostgreSQL", nil},
		"a license":                   {"Allocate a Helpdesk license", "Release the Helpdesk license", nil},
		"a license that stays":        {"Allocate a Helpdesk license", "Do nothing", []string{"adds the license AGENT-1 (desk_api_allocate_license)"}},
		"declared":                    {"Order a badge in Helpdesk with site \"X\"", "Return the badge in Helpdesk", nil},
		"declared, and it stays":      {"Order a badge in Helpdesk with site \"X\"", "Do nothing", []string{"adds desk_api_order_badge, and nothing"}},
		"issues are no access":        {"Open a GitLab issue", "Do nothing", nil},
		"a swap":                      {"Move the user from Viewers to Editors in Acme Drive", "Remove the user from Editors in Acme Drive", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := known("drive-editors")
			in, out := workflow.Compile(text(db.Provision, tc.in), k), workflow.Compile(text(db.Deprovision, tc.out), k)
			require.True(t, in.Clear(), "%+v", in)
			require.True(t, out.Clear(), "%+v", out)
			got := workflow.Pair(in.Scripts(), out.Scripts(), k.Scripts)
			require.Len(t, got, len(tc.want), "%v", got)
			for n, part := range tc.want {
				require.Contains(t, got[n], part)
				require.True(t, strings.HasSuffix(got[n], "."))
			}
		})
	}
}

// TestPairOfUnknownTypes leaves alone what the catalogue does not know: that is said elsewhere.
func TestPairOfUnknownTypes(t *testing.T) {
	t.Parallel()
	require.Empty(t, workflow.Pair([]db.Script{{Name: "x", Type: "gone_api_create_user"}, {Name: "y", Type: "sleep"}}, nil, known("").Scripts))
}

package views_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

func TestChainWords(t *testing.T) {
	t.Parallel()
	manager := db.Step{Name: "Manager", Approvers: []string{"manager"}, Need: 1}
	admins := db.Step{Name: "Admins", Approvers: []string{"@drive-admins"}, Need: 2, Timeout: hours(24)}
	again := admins
	again.Repeat = true
	for want, steps := range map[string][]db.Step{
		"nobody is asked: it is approved at once": nil,
		"the manager of whoever it is for":        {manager},
		"the manager of whoever it is for, then two of @drive-admins within 1 day; who approved before does not count again": {manager, admins},
		"the manager of whoever it is for, then two of @drive-admins within 1 day (who approved before counts again)":        {manager, again},
		"the owner of the access or one of the group security":                                                               {{Approvers: []string{"owner", "group:security"}, Need: 1}},
		"each of the owner of the provider and someone@example.com if `subject.department == 'Sales'`": {
			{Approvers: []string{"provider_owner", "someone@example.com"}, All: true, When: "subject.department == 'Sales'"},
		},
		"whoever is on call by `pager_api_on_call` (who approves says why; who approves proves anew who it is; #loud are told; after that the owner of the access decides instead)": {
			{Approvers: []string{"on_call:pager_api_on_call"}, Comment: true, StepUp: true, Notify: []string{"#loud"}, OnTimeout: db.OnTimeout{Reassign: []string{"owner"}}},
		},
		"nobody is named (after that it is denied)":          {{OnTimeout: db.OnTimeout{Deny: true}}},
		"one of @\u2060channel &lt;∗x∗&gt; (asked in #here)": {{Approvers: []string{"@channel <*x*>"}, AskIn: "#here"}},
	} {
		require.Equal(t, want, views.ChainWords(steps))
	}
}

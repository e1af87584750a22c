package views_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

func adminRows(n int) []views.AdminRow {
	var rows []views.AdminRow
	for i := range n {
		rows = append(rows, views.AdminRow{Slug: fmt.Sprintf("drive-%d", i), Title: fmt.Sprintf("Drive %d *<!here>*", i), Note: "Acme Drive · low risk", Active: i%3 != 2})
	}
	return rows
}

func chainSteps() []db.Step {
	return []db.Step{
		{Name: "Manager", Approvers: []string{"manager"}, Need: 1, Remind: hours(4), Timeout: hours(24), OnTimeout: db.OnTimeout{Escalate: []string{"owner"}}},
		{Name: "Drive admins", Approvers: []string{"@drive-admins", "group:security"}, Need: 2, When: "entitlement.risk == 'high'", Comment: true},
		{Name: "", Approvers: []string{"eve@example.com"}, All: true, StepUp: true, Notify: []string{"#loud"}},
	}
}

// adminScreens are all screens of the administration.
func adminScreens() map[string]slack.ModalViewRequest {
	list := views.AdminState{Screen: views.AdminAtList, Kind: "entitlement", Text: "drive", Page: 1}
	object := views.AdminState{Screen: views.AdminAtObject, Kind: "approval_chain", Slug: "manager-then-admins", Seen: 4}
	form := views.AdminState{Screen: views.AdminAtForm, Kind: "entitlement", Slug: "drive-editors", Draft: "dft_1"}
	person := views.AdminRow{Slug: "dana@example.com", Title: "Dana", Note: "dana@example.com"}
	filled := views.AdminForm{
		State: form, Fields: views.AdminFields("entitlement", views.AdminRoom{Rules: 2, Emergency: true}), Room: views.AdminRoom{Rules: 2, Emergency: true},
		Typed:  map[string]string{"name": "Drive editors", "risk": "medium", "durations.choices": "1h, 8h", "approval.2.when": "subject.department == 'Design'"},
		Chosen: map[string][]views.AdminRow{"owner": {person}, "emergency.reviewers": {person}},
		Notice: "Somebody else was faster",
	}
	owners := filled
	owners.Only, owners.Notice = []string{"description", "risk"}, ""
	step := views.AdminForm{
		State: views.AdminState{Screen: views.AdminAtStep, Kind: "approval_chain", Draft: "dft_1", Step: 1}, Fields: views.StepFields(),
		Typed: map[string]string{"step.name": "Drive admins", "step.need": "2", "step.late": "escalate"}, Flags: map[string]bool{"step.comment": true},
		Chosen: map[string][]views.AdminRow{"step.approvers": {{Slug: "@drive-admins", Title: "@drive-admins"}}},
	}
	chain := views.AdminState{Screen: views.AdminAtSteps, Kind: "approval_chain", Slug: "manager-then-admins", Draft: "dft_1"}
	steps := views.AdminForm{State: chain, Fields: views.AdminFields("approval_chain", views.AdminRoom{}), Typed: map[string]string{"name": "Manager, then admins"}}
	review := views.AdminState{Screen: views.AdminAtReview, Kind: "approval_chain", Slug: "manager-then-admins", Draft: "dft_1"}
	group := db.Group{ID: "grp_1", Source: "slack", Handle: "drive-admins", Name: "Drive admins"}
	system := views.System{Version: "1.2.3", Sockets: 2, Wanted: 2}
	return map[string]slack.ModalViewRequest{
		"start_admin":   views.AdminStartModal(views.AdminStart{Admin: true}),
		"start_auditor": views.AdminStartModal(views.AdminStart{Auditor: true}),
		"start_owner":   views.AdminStartModal(views.AdminStart{Owner: true}),
		"list":          views.AdminListModal(views.AdminList{State: list, Rows: adminRows(10), Pages: 3, Total: 25, MayAdd: true}),
		"list_empty":    views.AdminListModal(views.AdminList{State: views.AdminState{Screen: views.AdminAtList, Kind: "person"}, Pages: 1}),
		"object_chain": views.AdminObjectModal(views.AdminObject{
			State: object, Title: "Manager, then admins", Active: true, MayEdit: true, CanDisable: true, Steps: chainSteps(), WrittenBy: "ana@example.com",
			WrittenAt: now, Origin: db.FromSlack, Lines: [][2]string{{"Slug", "manager-then-admins"}}, Notice: "Saved",
			Waiting: []db.ConfigChange{{RequestID: "req_9", CreatedAt: now}},
		}),
		"object_read": views.AdminObjectModal(views.AdminObject{
			State: views.AdminState{Kind: "entitlement", Slug: "drive-editors"}, Title: "Drive editors", WhyNot: "Only its owner and admins change it",
			Lines: [][2]string{{"Name", "Drive editors"}, {"Who may ask", "`true`"}}, HasWorkflow: true,
		}),
		"form_entitlement": views.AdminFormModal(filled),
		"form_owner":       views.AdminFormModal(owners),
		"form_settings": views.AdminFormModal(views.AdminForm{
			State: views.AdminState{Screen: views.AdminAtForm, Kind: "settings", Slug: "settings"}, Fields: views.AdminFields("settings", views.AdminRoom{}),
			Flags: map[string]bool{"quiet_hours.weekends": true}, Chosen: map[string][]views.AdminRow{"admins": {person}},
		}),
		"form_separation": views.AdminFormModal(views.AdminForm{
			State: views.AdminState{Screen: views.AdminAtForm, Kind: "separation"}, Fields: views.AdminFields("separation", views.AdminRoom{Step: true}),
		}),
		"form_directory": views.AdminFormModal(views.AdminForm{
			State: views.AdminState{Screen: views.AdminAtForm, Kind: "directory"}, Fields: views.AdminFields("directory", views.AdminRoom{}),
		}),
		"form_birthright": views.AdminFormModal(views.AdminForm{
			State: views.AdminState{Screen: views.AdminAtForm, Kind: "birthright", Slug: "engineers"}, Fields: views.AdminFields("birthright", views.AdminRoom{}),
			Typed: map[string]string{"when": "person.department == 'Engineering'"},
		}),
		"object_directory": views.AdminObjectModal(views.AdminObject{
			State: views.AdminState{Kind: "directory", Slug: "okta"}, Title: "Okta", Active: true, MayEdit: true, CanDisable: true,
			Lines: views.AdminDirectoryState(db.DirectoryState{
				Directory: db.Directory{Slug: "okta", Kind: db.SCIMDirectory}, WroteAt: now, Waiting: 3, Drifts: 1,
				Stop:  &db.DirectoryStop{Why: "63 *suspensions* within an hour", CreatedAt: now},
				Token: db.DirectoryToken{ID: "dtk_1", CreatedAt: now, UsedAt: now},
			}),
		}),
		"object_directory_new": views.AdminObjectModal(views.AdminObject{
			State: views.AdminState{Kind: "directory", Slug: "okta"}, Title: "Okta", Active: true,
			Lines: views.AdminDirectoryState(db.DirectoryState{Directory: db.Directory{Slug: "okta", Kind: db.SCIMDirectory}}),
		}),
		"object_directory_workos": views.AdminObjectModal(views.AdminObject{
			State: views.AdminState{Kind: "directory", Slug: "acme"}, Title: "Acme", Active: true,
			Lines: views.AdminDirectoryState(db.DirectoryState{Directory: db.Directory{
				Slug: "acme", Kind: db.WorkOSDirectory, PolledAt: now, PollError: "the key of WorkOS is refused",
			}}),
		}),
		"steps":     views.AdminStepsModal(views.AdminSteps{Form: steps, Steps: chainSteps(), Problem: "Step 3 has no name"}),
		"steps_new": views.AdminStepsModal(views.AdminSteps{Form: views.AdminForm{State: views.AdminState{Kind: "approval_chain"}, Fields: views.AdminFields("approval_chain", views.AdminRoom{})}}),
		"step":      views.AdminStepModal(step),
		"review_chain": views.AdminReviewModal(views.AdminReview{
			State: review, Title: "Manager, then admins", Differs: true, Changes: []views.AdminChange{{Label: "Name", Old: "Old name", New: "New name"}},
			Old: chainSteps()[:1], Steps: chainSteps(), Lines: []views.Difference{{Text: "*Manager*: the manager"}, {Sign: "+", Text: "*Drive admins*: two"}},
			Replay: &views.AdminReplay{
				Days: 90, Requests: 40, Of: 40, Now: views.AdminCount{ByRule: 3, Asked: 40, Most: 1}, New: views.AdminCount{Nobody: 2, Asked: 80, Most: 2},
				Sample: []string{"Drive editors for Ana (req_1): too few people for Drive admins"},
			},
		}),
		"review_rule": views.AdminReviewModal(views.AdminReview{
			State: views.AdminState{Kind: "birthright", Slug: "engineers"}, Title: "Engineers", Differs: true, Changes: []views.AdminChange{{Label: "Who gets it", Old: "true", New: "person.active"}},
			Rule: &views.AdminRule{Gain: 21, Lose: 1, Gains: []string{"Ana <!channel>", "Ben"}, Losses: []string{"Carl"}, NotGiven: []string{"old-drive"}, WithoutAnAnswer: 3},
		}),
		"review_rule_large": views.AdminReviewModal(views.AdminReview{
			State: views.AdminState{Kind: "birthright"}, Title: "Engineers", New: true, Rule: &views.AdminRule{Uncounted: true},
		}),
		"review_rule_nobody": views.AdminReviewModal(views.AdminReview{
			State: views.AdminState{Kind: "birthright", Slug: "engineers", Off: true}, Title: "Engineers", Off: true, Rule: &views.AdminRule{},
		}),
		"review_eyes": views.AdminReviewModal(views.AdminReview{
			State: views.AdminState{Kind: "entitlement", Slug: "drive-editors"}, Title: "Drive editors", Eyes: true, Differs: true, Changes: []views.AdminChange{{Label: "Risk", Old: "low", New: "high"}},
		}),
		"review_stale": views.AdminReviewModal(views.AdminReview{
			State: views.AdminState{Kind: "provider", Slug: "drive"}, Title: "Acme Drive", Fresh: true, Problem: "Ben was faster",
			Changes: []views.AdminChange{{Label: "Rate", Old: "1/s", New: "2/s"}},
		}),
		"review_off":     views.AdminReviewModal(views.AdminReview{State: views.AdminState{Kind: "provider", Slug: "drive", Off: true}, Title: "Acme Drive", Off: true}),
		"review_nothing": views.AdminReviewModal(views.AdminReview{State: views.AdminState{Kind: "provider", Slug: "drive"}, Title: "Acme Drive"}),
		"directory": views.AdminDirectoryModal(views.AdminDirectory{
			State: views.AdminState{Screen: views.AdminAtDirectory}, Groups: []views.AdminGroup{{Group: group, Members: 1}}, People: 40, Lonely: 3, Synced: now, Pages: 1, Total: 1,
		}),
		"directory_group": views.AdminPeopleModal(views.AdminDirectory{
			State: views.AdminState{Screen: views.AdminAtGroup, Group: "grp_1"}, Members: []db.Person{*ana, *ben}, Pages: 1, Total: 2, Title: "Members of drive-admins",
		}),
		"system": views.AdminSystemModal(system, now),
		"notice": views.AdminNotice(object, "Not done", "Only admins can do this."),
	}
}

func TestAdminScreens(t *testing.T) {
	t.Parallel()
	for name, modal := range adminScreens() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			takesView(t, modal)
			golden(t, "admin_"+name, modal)
		})
	}
}

// TestAdminIsLarge: long lists, chains and values stay inside Slack's limits and say what is left out.
func TestAdminIsLarge(t *testing.T) {
	t.Parallel()
	takesView(t, views.AdminListModal(views.AdminList{State: views.AdminState{Kind: "entitlement"}, Rows: adminRows(400), Pages: 1000, Total: 10_000}))
	steps := make([]db.Step, 0, 200)
	for n := range 200 {
		step := chainSteps()[n%3]
		step.Name = strings.Repeat(fmt.Sprint("Step ", n, " "), 40)
		steps = append(steps, step)
	}
	takesView(t, views.AdminStepsModal(views.AdminSteps{Form: views.AdminForm{Fields: views.AdminFields("approval_chain", views.AdminRoom{})}, Steps: steps}))
	var lines [][2]string
	var changes []views.AdminChange
	for n := range 300 {
		lines = append(lines, [2]string{fmt.Sprint("Key ", n), strings.Repeat("x", 500)})
		changes = append(changes, views.AdminChange{Label: fmt.Sprint("Key ", n), Old: strings.Repeat("y", 2000), New: strings.Repeat("z", 2000)})
	}
	takesView(t, views.AdminObjectModal(views.AdminObject{State: views.AdminState{Kind: "approval_chain"}, Title: "Long", Lines: lines, Steps: steps}))
	takesView(t, views.AdminReviewModal(views.AdminReview{State: views.AdminState{Kind: "approval_chain"}, Old: steps, Steps: steps, Changes: changes, Title: "Long"}))
	var people []db.Person
	for range 400 {
		people = append(people, *ana)
	}
	takesView(t, views.AdminPeopleModal(views.AdminDirectory{Members: people}))
	full := views.AdminForm{State: views.AdminState{Kind: "entitlement"}, Fields: views.AdminFields("entitlement", views.AdminRoom{Rules: 99, Emergency: true})}
	takesView(t, views.AdminFormModal(full))
	many := views.AdminForm{State: views.AdminState{Kind: "approval_rule"}, Fields: views.AdminFields("approval_rule", views.AdminRoom{}), Chosen: map[string][]views.AdminRow{"entitlements": adminRows(300)}}
	takesView(t, views.AdminFormModal(many))
}

// TestAdminShowsWhatOneMay: auditors and owners get no button that is not for them.
func TestAdminShowsWhatOneMay(t *testing.T) {
	t.Parallel()
	screens := adminScreens()
	ids := func(name string) string { return strings.Join(actionIDs(screens[name].Blocks.BlockSet), " ") }
	require.NotContains(t, ids("object_read"), views.ActionAdminEdit)
	require.NotContains(t, ids("object_read"), views.ActionAdminDisable)
	require.NotContains(t, ids("list_empty"), views.ActionAdminNew)
	require.NotContains(t, ids("start_auditor"), views.ActionWorkflowList)
	require.NotContains(t, ids("start_owner"), views.ActionAdminSystem)
	for _, name := range []string{"review_stale", "review_nothing"} {
		require.Nil(t, screens[name].Submit, "there is nothing to save")
	}
	require.Equal(t, "Send for approval", screens["review_eyes"].Submit.Text)
	text := fmt.Sprint(written(t, views.Message{Blocks: screens["form_owner"].Blocks.BlockSet}))
	require.Contains(t, text, "Risk")
	require.NotContains(t, text, "Workflow that gives it")
}

func TestReadAdminState(t *testing.T) {
	t.Parallel()
	state := views.AdminState{Screen: views.AdminAtStep, Kind: "approval_chain", Slug: "x", Draft: "dft_1", Step: 3, Page: 2, Text: "a", Seen: 4, Off: true, Notice: true, Group: "g", Round: 3}
	modal := views.AdminNotice(state, "Not done", "No.")
	read, err := views.ReadAdminState(slack.View{PrivateMetadata: modal.PrivateMetadata})
	require.NoError(t, err)
	require.Equal(t, state, read)
	workflow, err := views.ReadWorkflowState(slack.View{PrivateMetadata: modal.PrivateMetadata})
	require.NoError(t, err, "the workflows open from here")
	require.Equal(t, views.WorkflowState{Version: 1}, workflow)
	read, err = views.ReadAdminState(slack.View{PrivateMetadata: views.WorkflowNotice(views.WorkflowState{Chain: "act_1"}, "x", "y").PrivateMetadata})
	require.NoError(t, err, "and lead back to here")
	require.Equal(t, views.AdminState{}, read)
	for _, metadata := range []string{"{", `{"v":2}`, `{"v":1,"admin":{"p":-1}}`, `{"v":1,"admin":{"n":-1}}`} {
		_, err := views.ReadAdminState(slack.View{PrivateMetadata: metadata})
		require.Error(t, err, metadata)
	}
}

package views_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

func chainOf(kind string) db.ActionChain {
	return db.ActionChain{ID: "act_" + kind, Slug: "editors-" + kind, Name: "Editors with care", Kind: kind, Active: true, WrittenFor: "drive-editors"}
}

func versionOf(number int, status string) db.ActionChainVersion {
	v := db.ActionChainVersion{ID: fmt.Sprintf("ver_%d", number), Number: number, Status: status, Author: "dana@example.com", CreatedAt: now.Add(-time.Hour)}
	if status == db.Tested || status == db.Published {
		v.TestedAt, v.TestedBy = now.Add(-30*time.Minute), "dana@example.com"
	}
	if status == db.Published {
		v.PublishedAt, v.PublishedBy = now.Add(-10*time.Minute), "ben@example.com"
	}
	return v
}

func workflowRow(kind, status string) views.Workflow {
	row := views.Workflow{Chain: chainOf(kind), Newest: versionOf(3, status)}
	if status == db.Published {
		row.Published = &row.Newest
	}
	return row
}

func steps() []views.WorkflowStep {
	find := db.Script{Name: "find", Type: "drive_api_get_user"}
	return []views.WorkflowStep{
		{
			WorkflowStep: db.WorkflowStep{Number: 1, Words: "Check if the user has an account at *Acme* Drive <!channel>", Scripts: []db.Script{find}},
			Plan:         []string{"find: get user at Acme Drive"}, Code: []string{"find: drive_api_get_user"},
		},
		{
			WorkflowStep: db.WorkflowStep{Number: 2, Words: "Add them to the club", Unclear: "There is no access called club", Options: []string{"Add the user to Drive editors", "Add the user to Drive viewers"}},
		},
		{
			WorkflowStep: db.WorkflowStep{Number: 3, Words: "Wait a bit", Scripts: []db.Script{{Name: "wait", Type: "sleep"}}, Fixed: true},
			Plan:         []string{"wait: wait "}, Code: []string{"wait: sleep"}, Problems: []string{"script wait, argument \"for\": it is missing"},
		},
	}
}

func planOf(status string, placed bool) views.WorkflowPlan {
	plan := views.WorkflowPlan{
		Workflow: workflowRow(db.Provision, status), For: drive(), Steps: steps(), Clear: placed, MayEdit: true,
		State: views.WorkflowState{Chain: "act_provision", Number: 3, Entitlement: "ent_drive", From: views.FromEntitlement},
	}
	if placed {
		plan.Steps = plan.Steps[:1]
	}
	return plan
}

func TestWorkflowList(t *testing.T) {
	t.Parallel()
	linked := workflowRow(db.Provision, db.Published)
	linked.Linked, linked.Links = []db.Entitlement{*drive(), *drive(), *drive()}, 9
	again := workflowRow(db.Deprovision, db.Draft)
	before := versionOf(2, db.Published)
	again.Published = &before
	list := views.WorkflowList(views.WorkflowState{Text: "care", Page: 1}, []views.Workflow{linked, again, workflowRow(db.Provision, db.Tested)}, 40)
	takesView(t, list)
	golden(t, "workflow_list", list)
	takesView(t, views.WorkflowList(views.WorkflowState{}, nil, 0))

	var many []views.Workflow
	for range 300 {
		many = append(many, linked)
	}
	takesView(t, views.WorkflowList(views.WorkflowState{}, many, 300))
}

func TestWorkflowPlan(t *testing.T) {
	t.Parallel()
	tested := planOf(db.Tested, true)
	tested.Warnings = []string{"Provisioning adds drive_api_add_user_to_group Editors, and nothing in deprovisioning takes it back."}
	published := planOf(db.Published, true)
	published.Notice = "Version 3 is published"
	others := planOf(db.Draft, false)
	others.MayEdit, others.For = false, nil
	for name, plan := range map[string]views.WorkflowPlan{
		"unclear": planOf(db.Draft, false), "clear": planOf(db.Draft, true), "tested": tested, "published": published, "others": others,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			modal := views.WorkflowPlanModal(plan)
			takesView(t, modal)
			golden(t, "workflow_plan_"+name, modal)
		})
	}
}

func TestOnlyAClearAndTestedWorkflowHasPublish(t *testing.T) {
	t.Parallel()
	for _, status := range []string{db.Draft, db.Tested, db.Published, db.Retired} {
		for _, placed := range []bool{true, false} {
			ids := actionIDs(views.WorkflowPlanModal(planOf(status, placed)).Blocks.BlockSet)
			require.Equal(t, status == db.Tested && placed, strings.Contains(strings.Join(ids, " "), views.ActionWorkflowPublish), "%s %v", status, placed)
			require.Equal(t, placed, strings.Contains(strings.Join(ids, " "), views.ActionWorkflowTest), "%s %v", status, placed)
		}
	}
}

func TestAPlanOfManySteps(t *testing.T) {
	t.Parallel()
	plan := planOf(db.Draft, false)
	for len(plan.Steps) < 400 {
		step := plan.Steps[1]
		step.Number = len(plan.Steps) + 1
		plan.Steps = append(plan.Steps, step)
	}
	modal := views.WorkflowPlanModal(plan)
	takesView(t, modal)
	require.Contains(t, fmt.Sprint(written(t, views.Message{Blocks: modal.Blocks.BlockSet})), "and 360 more")
}

func TestWorkflowForms(t *testing.T) {
	t.Parallel()
	state := views.WorkflowState{Entitlement: "ent_drive", Kind: db.Provision, From: views.FromEntitlement}
	words := views.WorkflowWords{State: state, For: drive(), Text: "Create a custom provisioning workflow with the following steps.\n1. "}
	golden(t, "workflow_words_new", views.WorkflowWordsModal(words))
	takesView(t, views.WorkflowWordsModal(words))
	words.State.Chain, words.Name, words.CanDraft, words.Notice = "act_1", "Editors", true, "It was written as scripts"
	golden(t, "workflow_words_edit", views.WorkflowWordsModal(words))
	takesView(t, views.WorkflowWordsModal(words))

	fix := views.WorkflowFix{
		State: views.WorkflowState{Chain: "act_1", Step: 2, At: 1}, Words: "Add them", Scripts: []string{"find", "join"}, Name: "join", When: "!find.exists",
		Type: &views.ScriptType{Name: "drive_api_add_user_to_group", Doc: "Adds a person to a group", Args: []views.ScriptArg{
			{Name: "group", Doc: "the group", Required: true}, {Name: "loud", Doc: "whether it is told", Bool: true},
		}},
		Typed: map[string]string{"group": "Editors", "loud": "true"},
	}
	golden(t, "workflow_fix", views.WorkflowFixModal(fix))
	takesView(t, views.WorkflowFixModal(fix))
	takesView(t, views.WorkflowFixModal(views.WorkflowFix{State: views.WorkflowState{Step: 1}}))

	in, out := chainOf(db.Provision), chainOf(db.Deprovision)
	links := views.WorkflowLinks{State: views.WorkflowState{Entitlement: "ent_drive"}, Entitlement: *drive(), Provision: &in, Deprovision: &out}
	golden(t, "workflow_links", views.WorkflowLinksModal(links))
	takesView(t, views.WorkflowLinksModal(links))
	links.Warnings = []string{"Provisioning adds a group, and nothing in deprovisioning takes it back."}
	golden(t, "workflow_links_warned", views.WorkflowLinksModal(links))
	takesView(t, views.WorkflowLinksModal(links))
}

func TestWorkflowTestModal(t *testing.T) {
	t.Parallel()
	test := views.WorkflowTest{State: views.WorkflowState{Chain: "act_1", Number: 3, Inner: true}, Chain: chainOf(db.Provision), Version: versionOf(3, db.Draft), For: drive()}
	golden(t, "workflow_test_open", views.WorkflowTestModal(test))
	takesView(t, views.WorkflowTestModal(test))
	test.Subject, test.Busy = ana, true
	golden(t, "workflow_test_busy", views.WorkflowTestModal(test))
	test.Busy, test.Passed, test.Version.Status = false, true, db.Tested
	for _, state := range []string{"would_read", "would_skip", "would_do", "already", "depends"} {
		test.Lines = append(test.Lines, views.TestLine{Plan: state + ": a script", Found: "ana@example.com is not there", State: state})
	}
	golden(t, "workflow_test_passed", views.WorkflowTestModal(test))
	takesView(t, views.WorkflowTestModal(test))
	test.Passed, test.Lines = false, append(test.Lines, views.TestLine{Plan: "x: y", Found: "drive did not answer within 6s", State: "cannot_tell"})
	golden(t, "workflow_test_failed", views.WorkflowTestModal(test))
}

func TestWorkflowVersions(t *testing.T) {
	t.Parallel()
	replaced := versionOf(2, db.Retired)
	versions := []db.ActionChainVersion{versionOf(4, db.Draft), versionOf(3, db.Published), replaced}
	modal := views.WorkflowVersionsModal(views.WorkflowState{Chain: "act_1", Number: 4, Inner: true}, chainOf(db.Deprovision), versions)
	takesView(t, modal)
	golden(t, "workflow_versions", modal)

	compare := views.WorkflowComparison{
		State: views.WorkflowState{Chain: "act_1", Number: 4}, Chain: chainOf(db.Deprovision), Version: replaced, Other: versions[1], MayRestore: true,
		Words:   []views.Difference{{Text: "Stay"}, {Sign: "+", Text: "Come"}, {Sign: "-", Text: "Go"}},
		Scripts: []views.Difference{{Sign: "+", Text: "leave: drive_api_remove_user_from_group group={{ entitlement.target }}"}},
	}
	takesView(t, views.WorkflowCompareModal(compare))
	golden(t, "workflow_compare", views.WorkflowCompareModal(compare))
}

func TestReadWorkflowState(t *testing.T) {
	t.Parallel()
	state := views.WorkflowState{Chain: "act_1", Number: 4, Entitlement: "ent_1", Kind: db.Provision, Step: 2, At: 1, Inner: true, From: views.FromEntitlement}
	modal := views.WorkflowNotice(state, "Not done", "No.")
	takesView(t, modal)
	read, err := views.ReadWorkflowState(slack.View{PrivateMetadata: modal.PrivateMetadata})
	require.NoError(t, err)
	read.Version = 0
	require.Equal(t, state, read)
	for _, metadata := range []string{"", "{", "per_1", `{"v":2}`, `{"v":1,"p":-1}`, `{"v":1,"s":-1}`} {
		_, err := views.ReadWorkflowState(slack.View{PrivateMetadata: metadata})
		require.Error(t, err, metadata)
	}
}

package views_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

func anyWorkflow(t *rapid.T) views.Workflow {
	statuses := rapid.SampledFrom([]string{db.Draft, db.Tested, db.Published, db.Retired, "*odd*"})
	version := func() db.ActionChainVersion {
		return db.ActionChainVersion{
			ID: "ver_1", Number: rapid.IntRange(0, 1<<40).Draw(t, "number"), Status: statuses.Draw(t, "status"), Author: nasty().Draw(t, "author"),
			CreatedAt: anyMoment(t), TestedAt: anyMoment(t), TestedBy: nasty().Draw(t, "tester"), PublishedAt: anyMoment(t), PublishedBy: nasty().Draw(t, "publisher"),
		}
	}
	row := views.Workflow{
		Chain:  db.ActionChain{ID: "act_1", Slug: "editors-in", Name: nasty().Draw(t, "name"), Kind: rapid.SampledFrom([]string{db.Provision, db.Deprovision}).Draw(t, "kind")},
		Newest: version(), Links: rapid.Int64Range(0, 10_000).Draw(t, "links"),
	}
	if rapid.Bool().Draw(t, "published") {
		other := version()
		row.Published = &other
	}
	for range rapid.IntRange(0, 3).Draw(t, "linked") {
		if e := anyEntitlement(t); e != nil {
			row.Linked = append(row.Linked, *e)
		}
	}
	return row
}

func anyPlan(t *rapid.T) views.WorkflowPlan {
	plan := views.WorkflowPlan{
		Workflow: anyWorkflow(t), For: anyEntitlement(t), State: anyState(t), Warnings: rapid.SliceOfN(nasty(), 0, 5).Draw(t, "warnings"),
		Clear: rapid.Bool().Draw(t, "clear"), MayEdit: rapid.Bool().Draw(t, "edit"), Notice: nasty().Draw(t, "notice"),
	}
	for n := range rapid.SampledFrom([]int{0, 1, 3, 60}).Draw(t, "steps") {
		plan.Steps = append(plan.Steps, views.WorkflowStep{
			WorkflowStep: db.WorkflowStep{
				Number: n + 1, Words: nasty().Draw(t, "words"), Unclear: nasty().Draw(t, "unclear"),
				Options: rapid.SliceOfN(nasty(), 0, 4).Draw(t, "options"), Fixed: rapid.Bool().Draw(t, "fixed"),
			},
			Plan: rapid.SliceOfN(nasty(), 0, 3).Draw(t, "plan"), Code: rapid.SliceOfN(nasty(), 0, 3).Draw(t, "code"),
			Problems: rapid.SliceOfN(nasty(), 0, 2).Draw(t, "problems"),
		})
	}
	return plan
}

func anyState(t *rapid.T) views.WorkflowState {
	return views.WorkflowState{
		Chain: "act_1", Entitlement: "ent_1", Text: nasty().Draw(t, "search"), Kind: db.Provision,
		Step: rapid.IntRange(0, 400).Draw(t, "step"), At: rapid.IntRange(0, 5).Draw(t, "at"), Page: rapid.IntRange(0, 99).Draw(t, "page"),
	}
}

func anyFix(t *rapid.T) views.WorkflowFix {
	fix := views.WorkflowFix{
		State: anyState(t), Words: nasty().Draw(t, "words"), Scripts: rapid.SliceOfN(nasty(), 0, 5).Draw(t, "scripts"),
		Name: nasty().Draw(t, "name"), When: nasty().Draw(t, "when"), Typed: map[string]string{"a": nasty().Draw(t, "typed")},
	}
	if rapid.Bool().Draw(t, "typed") {
		fix.Type = &views.ScriptType{Name: "drive_api_x", Doc: nasty().Draw(t, "doc"), Args: []views.ScriptArg{
			{Name: "a", Doc: nasty().Draw(t, "doc")}, {Name: "b", Doc: nasty().Draw(t, "doc"), Bool: true},
		}}
	}
	return fix
}

func TestWorkflowViewsSurviveHostileRows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		row, plan, fix := anyWorkflow(t), anyPlan(t), anyFix(t)
		e := drive()
		if made := anyEntitlement(t); made != nil {
			e = made
		}
		words := views.WorkflowWords{
			State: fix.State, For: e, Name: nasty().Draw(t, "name"), Text: nasty().Draw(t, "text"), Notice: nasty().Draw(t, "notice"),
			CanDraft: rapid.Bool().Draw(t, "draft"), Drafting: rapid.Bool().Draw(t, "drafting"),
		}
		test := views.WorkflowTest{
			State: fix.State, Chain: row.Chain, Version: row.Newest, For: e, Subject: anyPerson(t), Failure: nasty().Draw(t, "failure"), Passed: rapid.Bool().Draw(t, "passed"),
		}
		for range rapid.SampledFrom([]int{0, 2, 80}).Draw(t, "lines") {
			test.Lines = append(test.Lines, views.TestLine{Plan: nasty().Draw(t, "plan"), Found: nasty().Draw(t, "found"), State: nasty().Draw(t, "state")})
		}
		differences := []views.Difference{{Sign: "+", Text: nasty().Draw(t, "more")}, {Sign: "-", Text: nasty().Draw(t, "less")}, {Text: nasty().Draw(t, "same")}}
		for _, view := range []any{
			views.WorkflowList(plan.State, []views.Workflow{row, row}, 70), views.WorkflowPlanModal(plan), views.WorkflowFixModal(fix),
			views.WorkflowWordsModal(words), views.WorkflowTestModal(test), views.WorkflowNotice(fix.State, row.Chain.Name, words.Notice),
			views.WorkflowLinksModal(views.WorkflowLinks{State: fix.State, Entitlement: *e, Provision: &row.Chain, Deprovision: &row.Chain, Warnings: plan.Warnings, Notice: words.Notice}),
			views.WorkflowVersionsModal(fix.State, row.Chain, []db.ActionChainVersion{row.Newest, row.Newest}),
			views.WorkflowCompareModal(views.WorkflowComparison{State: fix.State, Chain: row.Chain, Version: row.Newest, Other: row.Newest, MayRestore: true, Words: differences, Scripts: differences}),
		} {
			takesView(t, view)
			harmlessBlocks(t, view)
		}
		require.LessOrEqual(t, len(views.WorkflowOptions(make([]db.ActionChain, 130))), 100)
	})
}

package views_test

import (
	"testing"

	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

func anyChainStep(t *rapid.T) db.Step {
	texts := rapid.SliceOfN(nasty(), 0, 4)
	return db.Step{
		Name: nasty().Draw(t, "name"), Approvers: texts.Draw(t, "approvers"), Need: rapid.IntRange(-1, 200).Draw(t, "need"), All: rapid.Bool().Draw(t, "all"),
		Notify: texts.Draw(t, "notify"), When: nasty().Draw(t, "when"), AskIn: nasty().Draw(t, "in"), Remind: db.Duration(rapid.Int64().Draw(t, "remind")),
		Timeout: db.Duration(rapid.Int64().Draw(t, "timeout")), OnTimeout: db.OnTimeout{Escalate: texts.Draw(t, "escalate"), Reassign: texts.Draw(t, "reassign")},
	}
}

// TestAdminSurvivesHostileRows: whatever people typed into the configuration can neither mention, link nor format.
func TestAdminSurvivesHostileRows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := func() string { return nasty().Draw(t, "text") }
		steps := rapid.SliceOfN(rapid.Custom(anyChainStep), 0, 5).Draw(t, "steps")
		row := views.AdminRow{Slug: text(), Title: text(), Note: text(), Active: rapid.Bool().Draw(t, "active")}
		state := views.AdminState{Screen: views.AdminAtObject, Kind: "approval_chain", Slug: text(), Text: text(), Draft: "dft_1"}
		form := views.AdminForm{
			State: state, Fields: views.AdminFields("entitlement", views.AdminRoom{Rules: 2, Emergency: true}), Notice: text(),
			Typed: map[string]string{"name": text(), "durations.max": text(), "approval.1.when": text()}, Chosen: map[string][]views.AdminRow{"owner": {row}},
		}
		person := anyPerson(t)
		if person == nil {
			person = ana
		}
		for _, modal := range []slack.ModalViewRequest{
			views.AdminListModal(views.AdminList{State: views.AdminState{Kind: "person", Text: text()}, Rows: []views.AdminRow{row}, Total: 1}),
			views.AdminObjectModal(views.AdminObject{
				State: state, Title: text(), MayEdit: true, CanDisable: true, WhyNot: text(), Steps: steps, WrittenBy: text(), Notice: text(),
				Lines: [][2]string{{"Key", views.AdminValue(views.AdminField{As: views.AsRule}, text())}, {"Key", views.AdminValue(views.AdminField{As: views.AsText}, text())}},
			}),
			views.AdminFormModal(form),
			views.AdminStepsModal(views.AdminSteps{Form: views.AdminForm{State: state, Notice: text()}, Steps: steps, Problem: text()}),
			views.AdminReviewModal(views.AdminReview{
				State: state, Title: text(), Old: steps, Steps: steps, Changes: []views.AdminChange{{Label: text(), Old: text(), New: text()}}, Problem: text(),
				Lines:  []views.Difference{{Sign: "+", Text: views.StepLines(append(steps, db.Step{}))[0]}},
				Replay: &views.AdminReplay{Requests: 1, Sample: []string{text()}},
			}),
			views.AdminDirectoryModal(views.AdminDirectory{Groups: []views.AdminGroup{{Group: db.Group{ID: "grp_1", Handle: text(), Name: text(), Source: "slack"}}}}),
			views.AdminPeopleModal(views.AdminDirectory{Members: []db.Person{*person}, Title: text()}),
			views.AdminNotice(state, "Not done", text()),
		} {
			takesView(t, modal)
			harmlessBlocks(t, modal.Blocks)
		}
	})
}

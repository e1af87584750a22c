package views_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// TestAskSaysForWhom: a delegate learns in whose place he is asked, and whoever is not asked any more who is.
func TestAskSaysForWhom(t *testing.T) {
	t.Parallel()
	delegate := views.Ask(stoodIn(), "step_1b", cleo.ID, now)
	takes(t, delegate)
	require.Contains(t, written(t, delegate), "You are asked in place of <@U0BEN>.")
	require.Equal(t, decisionButtons, actionIDs(delegate.Blocks))
	require.NotContains(t, written(t, views.Ask(stoodIn(), "step_1b", dana.ID, now)), "in place of")

	away := views.Ask(handedOver(), "step_1a", ben.ID, now)
	takes(t, away)
	require.Empty(t, actionIDs(away.Blocks))
	require.Contains(t, away.Text, "Somebody else decides now: <@U0DANA>.")
	golden(t, "ask_handed_over", away)
	require.NotEmpty(t, actionIDs(views.Ask(handedOver(), "step_1a", "", now).Blocks), "in a channel the buttons are for whoever may")
}

// TestAskWarns: what an approver should not miss stands in what he is asked, and in the forms.
func TestAskWarns(t *testing.T) {
	t.Parallel()
	asked := views.Ask(conflicting(), "step_1a", ben.ID, now)
	takes(t, asked)
	require.Contains(t, written(t, asked), "Separation of duties")
	require.Contains(t, written(t, views.Reminder(conflicting(), "step_1a", ben.ID, now)), "Separation of duties")
	require.Contains(t, written(t, views.Ask(demanding(), "step_1a", ben.ID, now)), "approving needs a comment and a second factor")
	golden(t, "ask_change", views.Ask(changing(), "step_1a", ben.ID, now))
	golden(t, "modal_deny_conflict", views.DenyModal("step_1a", conflicting()))
}

func TestTold(t *testing.T) {
	t.Parallel()
	told := views.Told(pending(), "step_1a", now)
	takes(t, told)
	require.Empty(t, actionIDs(told.Blocks))
	golden(t, "told", told)
	require.Empty(t, views.Told(pending(), "step_gone", now))
}

func TestRequestQuestion(t *testing.T) {
	t.Parallel()
	for name, id := range map[string]string{"open": "qst_A", "answered": "qst_W"} {
		made := views.RequestQuestion(questioned(), id, now)
		takes(t, made)
		require.Equal(t, name == "open", len(actionIDs(made.Blocks)) == 1)
		golden(t, "inquiry_"+name, made)
	}
	late := questioned()
	late.Items[0].Status = db.Cancelled
	require.Empty(t, actionIDs(views.RequestQuestion(late, "qst_A", now).Blocks))
	require.Empty(t, views.RequestQuestion(questioned(), "qst_none", now))
}

func TestAlarm(t *testing.T) {
	t.Parallel()
	told := event("ana@example.com", "request.emergency", db.Details{Item: "item_1", Reason: "The site is *down*", Duration: "1h"})
	made := views.Alarm(emergency(), told, "https://example.slack.com/archives/C1/p1", views.Names{})
	takes(t, made)
	require.Contains(t, made.Text, "🚨")
	golden(t, "alarm", made)
}

// TestApproveModal: the form asks for what the step wants, and no more.
func TestApproveModal(t *testing.T) {
	t.Parallel()
	signIn := &db.SignIn{ID: "sig_1", VerifyURL: "https://example.slack.com/device?user_code=ABCD-EFGH", UserCode: "ABCD-EFGH", EndsAt: now}
	for name, asks := range map[string]views.Consent{
		"comment": {Comment: true}, "code": {Code: true}, "both": {Comment: true, Code: true}, "sign_in": {SignIn: signIn},
	} {
		modal := views.ApproveModal("step_1a", conflicting(), asks)
		takesView(t, modal)
		golden(t, "modal_approve_"+name, modal)
	}
	step, id := views.ReadApprove(views.ApproveModal("step_1a", pending(), views.Consent{SignIn: signIn}).PrivateMetadata)
	require.Equal(t, []string{"step_1a", "sig_1"}, []string{step, id})
	step, id = views.ReadApprove(views.ApproveModal("step_1a", pending(), views.Consent{Code: true}).PrivateMetadata)
	require.Equal(t, []string{"step_1a", ""}, []string{step, id})
}

func TestFormsOfWhoeverDecides(t *testing.T) {
	t.Parallel()
	for name, modal := range map[string]any{
		"change_code": views.ChangeModal("step_1a", pending(), views.Consent{Code: true}, true),
		"change_only": views.ChangeModal("step_1a", pending(), views.Consent{}, false),
		"hand_over":   views.HandOverModal("step_1a", pending()), "question": views.QuestionModal("step_1a", pending()),
		"answer": views.AnswerModal(questioned().Questions[3]),
	} {
		takesView(t, modal)
		golden(t, "modal_"+name, modal)
	}
	verb, step := views.ReadMore("hand_over:step_1a")
	require.Equal(t, []string{views.MoreHandOver, "step_1a"}, []string{verb, step})
}

// TestWhy explains a request in a message and in a modal.
func TestWhy(t *testing.T) {
	t.Parallel()
	sheet := fellBack()
	steps := sheet.Items[0].Steps
	told := views.Explanation{Sheet: sheet, Items: []views.ExplainedItem{{
		Item: sheet.Items[0], Why: "The chain manager-then-owner decides: it is the default", Next: "Owners are asked next",
		Not: "You asked for it yourself", Will: []string{"join: add ana@example.com to *Editors*"}, Lapses: now,
		Steps: []views.ExplainedStep{
			{
				Step: steps[0], Stands: "open since this morning", Hops: steps[0].Hops,
				People: []views.ExplainedPerson{{Person: *cleo, For: dana, Why: "Dana is away until <!channel>"}},
				Barred: []views.ExplainedPerson{{Person: *ana, Why: "Ana asked for it"}},
			},
			{Step: steps[1], Stands: "later"},
		},
	}}}
	takes(t, views.Why(told, now))
	golden(t, "why", views.Why(told, now))
	takesView(t, views.WhyModal(told, now))
	harmlessMessage(t, views.Why(told, now))

	many := views.Explanation{Sheet: largest()}
	for _, item := range many.Sheet.Items {
		one := views.ExplainedItem{Item: item, Why: largest().Request.Reason, Next: largest().Request.Reason}
		for range 20 {
			one.Steps = append(one.Steps, views.ExplainedStep{Step: item.Steps[0], Stands: largest().Request.Reason, Hops: item.Steps[0].Hops})
		}
		many.Items = append(many.Items, one)
	}
	takes(t, views.Why(many, now))
	takesView(t, views.WhyModal(many, now))
}

func TestWhat(t *testing.T) {
	t.Parallel()
	pick := views.Pick{Duration: hours(8), Applies: &views.Applies{
		Entitlement: *drive(), Deciders: []views.Decider{{Spec: db.Step{Name: "Manager", Approvers: []string{"manager"}}, Need: 1, People: []db.Person{*ben}}},
	}}
	takes(t, views.What(pick))
	require.Contains(t, views.What(pick).Text, "Who would decide: 1. Manager: <@U0BEN>")
	golden(t, "what", views.What(pick))
	pick.Applies.Refusal = "It is kept apart from Payments."
	require.Contains(t, views.What(pick).Text, "You cannot ask for this: It is kept apart from Payments.")
}

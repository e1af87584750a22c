package views_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// TestCardOfRicherChains draws what approval chains in full bring onto a card.
func TestCardOfRicherChains(t *testing.T) {
	t.Parallel()
	for name, state := range chainStates() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			card := views.Card(state.sheet, now)
			takes(t, card)
			require.Equal(t, state.buttons, actionIDs(card.Blocks))
			require.Contains(t, written(t, card), state.says)
			golden(t, "card_"+name, card)
		})
	}
}

func chainStates() map[string]cardState {
	none := []string{}
	return map[string]cardState{
		"all_of":       {allOf(), decisionButtons, "each of these 2 must approve: <@U0DANA> and <@U0CLEO>"},
		"skipped":      {skipped(), decisionButtons, "passed over. It asks only for more than a day."},
		"fallback":     {fellBack(), decisionButtons, "For the manager: Ben is away until 3 December. Asked instead: the owner."},
		"handed_over":  {handedOver(), decisionButtons, "<@U0BEN> handed the decision to <@U0DANA>"},
		"stood_in":     {stoodIn(), decisionButtons, "approved by <@U0DANA> for <@U0BEN> <!date^1795255200^{date_short_pretty} at {time}|2026-11-21 10:00 UTC> with a code"},
		"signed_in":    {signedIn(), decisionButtons, "with a sign-in at login.example.com"},
		"demanding":    {demanding(), decisionButtons, "Approving needs a comment and a second factor."},
		"quiet":        {quiet(), decisionButtons, "<@U0BEN> is asked <!date^1795291200^{date_short_pretty} at {time}|2026-11-21 20:00 UTC>, when the quiet hours are over."},
		"conflict":     {conflicting(), decisionButtons, "*Separation of duties*: <@U0ANA> has or asks for *Payments* besides"},
		"emergency":    {emergency(), none, "*Approved* as an emergency. *Active*"},
		"ruled":        {ruled(), none, "*Approved* by the approval rule `weekend-designers`"},
		"ruled_out":    {ruledOut(), none, "*Denied* by the approval rule `freeze`. Nothing is given before the audit."},
		"asked":        {questioned(), decisionButtons, "<@U0ANA> answered: “Until Friday”"},
		"not_renewed":  {notRenewed(), decisionButtons, "*Not to be renewed*, says a review: Nobody used it."},
		"change":       {changing(), []string{views.ActionRequestApprove, views.ActionRequestDeny}, "Change to the configuration: entitlement Drive editors"},
		"change_stale": {stale(), none, "*Not carried out*: somebody else changed it meanwhile."},
		"out_of_time":  {outOfTime(), none, "*Denied*. Nobody decided in time."},
	}
}

func allOf() db.Sheet {
	sheet := secondStep()
	step := &sheet.Items[0].Steps[1]
	step.Spec.All, step.Need, step.Spec.Need, step.Must = true, 1, 0, []string{dana.ID, cleo.ID}
	step.Approvers = step.Approvers[:2]
	return sheet
}

func skipped() db.Sheet {
	sheet := secondStep()
	step := &sheet.Items[0].Steps[0]
	step.Decisions, step.Skipped = nil, "It asks only for more than a day"
	return sheet
}

func fellBack() db.Sheet {
	sheet := pending()
	step := &sheet.Items[0].Steps[0]
	step.Hops = []db.Hop{
		{From: "manager", Why: "Ben is away until 3 December", To: "owner"}, {From: "owner", Why: "Dana asked for it", To: "provider_owner"},
	}
	step.Approvers = []db.Approver{{Person: cleo, PersonID: cleo.ID, Source: "provider_owner"}}
	return sheet
}

func handedOver() db.Sheet {
	sheet := pending()
	step := &sheet.Items[0].Steps[0]
	step.Handed = []db.HandOver{{From: ben.ID, To: dana.ID, By: ben.ID, Reason: "Dana knows the *drive*", At: now}}
	step.Approvers = []db.Approver{{Person: dana, PersonID: dana.ID, Source: "handed over"}}
	sheet.People = map[string]*db.Person{ben.ID: ben, dana.ID: dana}
	return sheet
}

// stoodIn is the request with a delegate who approved the first step, and one who is asked on the second.
func stoodIn() db.Sheet {
	sheet := secondStep()
	steps := sheet.Items[0].Steps
	steps[0].Decisions = []db.Decision{{
		ID: "dec_1", PersonID: dana.ID, Person: dana, ForID: ben.ID, For: ben, Verdict: db.Approved, DecidedAt: now, Reason: "Fine",
		Proof: &db.Proof{Kind: "totp", At: now},
	}}
	steps[1].Approvers[1].ForID, steps[1].Approvers[1].For = ben.ID, ben
	return sheet
}

func signedIn() db.Sheet {
	sheet := stoodIn()
	sheet.Items[0].Steps[0].Decisions[0].Proof = &db.Proof{Kind: "oidc", At: now, Issuer: "https://login.example.com"}
	return sheet
}

func demanding() db.Sheet {
	sheet := pending()
	spec := &sheet.Items[0].Steps[0].Spec
	spec.Comment, spec.StepUp, spec.Self, spec.Fixed = true, true, true, true
	spec.Notify = []string{"owner", "#audit", "@finance"}
	spec.Approvers = []string{"manager", "on_call:pager_api_who"}
	sheet.Items[0].Steps[0].Short = true
	return sheet
}

func quiet() db.Sheet {
	sheet := pending()
	sheet.Later = map[string]time.Time{ben.ID: now.Add(10 * time.Hour)}
	return sheet
}

func conflicting() db.Sheet {
	sheet := pending()
	sheet.Items[0].Flow.Conflicts = []db.Conflict{{Rule: "pay", Name: "Four hands on money", Holds: []string{"Payments"}, Reason: "Who orders does not pay"}}
	return sheet
}

func emergency() db.Sheet {
	sheet := granted(db.Active)
	sheet.Request.Emergency = true
	sheet.Items[0].Steps, sheet.Items[0].Flow.Rule = nil, "emergency"
	return sheet
}

func ruled() db.Sheet {
	sheet := granted(db.Active)
	sheet.Items[0].Steps, sheet.Items[0].Flow.Ruled = nil, "weekend-designers"
	return sheet
}

func ruledOut() db.Sheet {
	sheet := closed(db.Denied)
	one := &sheet.Items[0]
	one.Steps, one.Flow.Ruled, one.Refusal = nil, "freeze", "Nothing is given before the audit"
	return sheet
}

func outOfTime() db.Sheet {
	sheet := closed(db.Denied)
	one := &sheet.Items[0]
	one.Steps[0].Decisions, one.Refusal = nil, "Nobody decided in time."
	return sheet
}

func questioned() db.Sheet {
	sheet := pending()
	for n, text := range []string{"Which drive?", "For how long?", "Is a *copy* enough?", "And then?"} {
		question := db.Question{ID: "qst_" + text[:1], ItemID: "item_1", StepID: "step_1a", Asker: ben, Text: text, AskedAt: now.Add(time.Duration(n) * time.Minute)}
		if n < 3 {
			question.Answerer, question.Answer, question.AnsweredAt = ana, "Until Friday", now
		}
		sheet.Questions = append(sheet.Questions, question)
	}
	return sheet
}

func notRenewed() db.Sheet {
	sheet := pending()
	sheet.Items[0].ExtendsGrantID, sheet.Items[0].Grant = "grant_1", granted(db.Active).Items[0].Grant
	sheet.Items[0].Grant.DoNotRenew = "Nobody used it"
	return sheet
}

// changing is an edit of the configuration that waits for somebody else.
func changing() db.Sheet {
	sheet := pending()
	sheet.Request.Kind, sheet.Request.Reason = db.ForChange, "Shorter is safer"
	named := *drive()
	named.Name, named.Provider = "entitlement Drive editors", &db.Provider{Name: "Usher"}
	sheet.Items[0].Entitlement, sheet.Items[0].Plan = &named, nil
	sheet.Change = &db.ConfigChange{
		ID: "chg_1", Kind: "entitlement", Slug: "drive-editors", Title: named.Name, Status: db.Pending, After: map[string]any{},
		Diff: []db.FieldChange{
			{Key: "durations", Old: "{default: 8h, max: 30d}", New: "{default: 1h, max: 8h}"}, {Key: "description", New: "Edit <!channel> `drives`"},
		},
	}
	return sheet
}

func stale() db.Sheet {
	sheet := changing()
	one := approved().Items[0]
	sheet.Items[0].Flow, sheet.Items[0].Steps, sheet.Items[0].Status = one.Flow, one.Steps, db.Approved
	sheet.Request.Status, sheet.Change.Status, sheet.Change.EndedAt = db.Approved, db.ChangeStale, now
	return sheet
}

// TestLargestCard stays below what Slack was seen to take, with five items that have everything at its longest.
func TestLargestCard(t *testing.T) {
	t.Parallel()
	card := views.Card(largest(), now)
	takes(t, card)
	require.LessOrEqual(t, len(card.Blocks), 50)
	require.Less(t, textSize(t, card), 13_000)
	require.Len(t, buttons(card.Blocks), 15, "each item can be decided by itself")
	golden(t, "card_largest", card)
	takes(t, views.Ask(largest(), "step_1a", ben.ID, now))
	takesView(t, views.ChangeModal("step_1a", largest(), views.Consent{Code: true}, true))
}

func largest() db.Sheet {
	long := strings.Repeat("endless words ", 80)
	sheet := questioned()
	sheet.Request.Reason, sheet.Request.Emergency = long, true
	for n := range sheet.Questions {
		sheet.Questions[n].Text, sheet.Questions[n].Answer = long, long
	}
	sheet.Items = nil
	for _, n := range []string{"1", "2", "3", "4", "5"} {
		one := item(n)
		one.Entitlement.Name, one.Entitlement.Provider.Name = long, long
		one.Flow.Conflicts = []db.Conflict{{Name: long, Holds: []string{long, long, long, long, long}, Reason: long}, {Name: long, Reason: long}}
		one.Plan = []string{long, long, long, long, long, long, long, long}
		step := &one.Steps[0]
		step.Spec.Name, step.Spec.Comment, step.Spec.StepUp, step.Spec.Self = long, true, true, true
		step.Spec.Notify = []string{long, long, long, long, long, long, long}
		step.Hops = []db.Hop{{From: long, Why: long, To: long}, {From: long, Why: long, To: long}}
		sheet.Items = append(sheet.Items, one)
		for _, question := range sheet.Questions[:4] {
			question.ItemID = one.ID
			sheet.Questions = append(sheet.Questions, question)
		}
	}
	return sheet
}

// textSize counts the characters of all texts of a message's blocks.
func textSize(t *testing.T, m views.Message) int {
	t.Helper()
	text, err := json.Marshal(slack.Blocks{BlockSet: m.Blocks})
	require.NoError(t, err)
	var tree any
	require.NoError(t, json.Unmarshal(text, &tree))
	size := 0
	var count func(any)
	count = func(tree any) {
		switch tree := tree.(type) {
		case []any:
			for _, branch := range tree {
				count(branch)
			}
		case map[string]any:
			if text, is := tree["text"].(string); is {
				size += len([]rune(text))
			}
			for _, branch := range tree {
				count(branch)
			}
		}
	}
	count(tree)
	return size
}

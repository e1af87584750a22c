package views_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

var decisionButtons = []string{views.ActionRequestApprove, views.ActionRequestDeny, views.ActionRequestChange}

func TestCardInEveryState(t *testing.T) {
	t.Parallel()
	for name, state := range cardStates() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			card := views.Card(state.sheet, now)
			takes(t, card)
			require.Equal(t, state.buttons, actionIDs(card.Blocks))
			require.Contains(t, card.Text, state.says)
			require.Contains(t, card.Text, "<@U0ANA> asks for")
			require.Contains(t, card.Text, "8 hours")
			golden(t, "card_"+name, card)
		})
	}
}

type cardState struct {
	sheet   db.Sheet
	buttons []string
	says    string
}

func cardStates() map[string]cardState {
	none := []string{}
	states := map[string]cardState{
		"pending":     {pending(), decisionButtons, "Waiting for Manager*: 0 of 1 approval"},
		"second_step": {secondStep(), decisionButtons, "Waiting for Owners*: 1 of 2 approvals"},
		"approved":    {approved(), none, "*Approved* by <@U0BEN>, <@U0DANA> and <@U0CLEO>"},
		"scheduled":   {granted(db.Scheduled), none, "access starts <!date^"},
		"active":      {granted(db.Active), none, "*Active* until <!date^"},
		"ended":       {granted(db.Ended), none, "*Access has ended* <!date^"},
		"denied":      {closed(db.Denied), none, "*Denied* by <@U0BEN>"},
		"cancelled":   {closed(db.Cancelled), none, "*Cancelled* before it was decided"},
		"lapsed":      {closed(db.Lapsed), none, "nobody decided in time"},
		"by_rule":     {byRule(), none, "*Approved* by rule"},
		"several":     {several(), append(append([]string{}, decisionButtons...), decisionButtons...), "Drive editors"},
		"extension":   {extension(), none, "with the time that this request added"},
		"for_other":   {forOther(), decisionButtons, "on behalf of <@U0CLEO>"},
	}
	states["provisioning"] = cardState{running(db.Provision, db.Running, script("scr_1", "join", db.Running, "", "")), none, "access is being given"}
	states["failed"] = cardState{failed(), none, "step *join* failed and waits for the owner"}
	states["ending"] = cardState{running(db.Deprovision, db.Running, script("scr_1", "leave", db.Waiting, "", "")), none, "because its time was over"}
	return states
}

// closed is the request that ended on its first step.
func closed(status string) db.Sheet {
	sheet := pending()
	one := &sheet.Items[0]
	sheet.Request.Status, one.Status, one.Flow.Status = status, status, status
	one.Steps[0].Status, one.Steps[1].Status = status, status
	if status == db.Denied {
		one.Steps[0].Decisions = []db.Decision{{ID: "dec_1", PersonID: ben.ID, Person: ben, Verdict: db.Denied, Reason: "Not _needed_ & <@U0EVE>", DecidedAt: now}}
		one.Steps[1].Status = db.Cancelled
	}
	return sheet
}

func byRule() db.Sheet {
	sheet := granted(db.Active)
	one := &sheet.Items[0]
	one.Steps, one.Flow.Chain, one.Flow.Rule = nil, "auto", "subject.department == 'Design' && duration <= duration('8h')"
	return sheet
}

func several() db.Sheet {
	sheet := pending()
	second := item("2")
	second.Entitlement.Name, second.StartsAt = "Drive viewers", now.Add(26*time.Hour)
	sheet.Items = append(sheet.Items, second)
	return sheet
}

func extension() db.Sheet {
	sheet := granted(db.Active)
	sheet.Items[0].ExtendsGrantID = "grant_1"
	return sheet
}

func forOther() db.Sheet {
	sheet := pending()
	sheet.Items[0].SubjectID, sheet.Items[0].Subject = cleo.ID, cleo
	return sheet
}

func failed() db.Sheet {
	return running(db.Provision, db.Failed, ended(script("scr_1", "join", db.Failed, "refused", "The group Editors is not there"), time.Second))
}

func TestCardButtonsCarryTheStep(t *testing.T) {
	t.Parallel()
	made := buttons(views.Card(several(), now).Blocks)
	require.Len(t, made, 6)
	require.Equal(t, "step_1a", made[0].Value)
	require.Equal(t, "step_2a", made[3].Value)
	require.Equal(t, []string{"Approve", "Deny", "Change…"}, []string{made[0].Text.Text, made[1].Text.Text, made[2].Text.Text})
	require.Equal(t, []string{"primary", "danger"}, []string{string(made[0].Style), string(made[1].Style)})
	require.Equal(t, "Approve Drive viewers", made[3].AccessibilityLabel)
}

func TestStatusHasNoDecisionButtons(t *testing.T) {
	t.Parallel()
	status := views.Status(pending(), ben.ID, now)
	takes(t, status)
	require.Empty(t, actionIDs(status.Blocks))
	require.Contains(t, written(t, status), "/access cancel req_1")
	mine := views.Status(pending(), ana.ID, now)
	takes(t, mine)
	require.Equal(t, []string{views.ActionRequestNudge, views.ActionRequestCancel}, actionIDs(mine.Blocks))
}

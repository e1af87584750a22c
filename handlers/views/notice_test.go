package views_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

func TestNotice(t *testing.T) {
	t.Parallel()
	later := approved()
	later.Items[0].StartsAt = now.Add(26 * time.Hour)
	scheduled := granted(db.Scheduled)
	scheduled.Items[0].StartsAt = now.Add(26 * time.Hour)
	for action, notice := range map[string]struct {
		sheet   db.Sheet
		buttons []string
	}{
		"flow.denied":        {closed(db.Denied), []string{}},
		"flow.approved":      {later, []string{}},
		"grant.scheduled":    {scheduled, []string{}},
		"grant.revoked":      {running(db.Deprovision, db.Running), []string{}},
		"grant.activated":    {granted(db.Active), []string{views.ActionGrantExtend, views.ActionGrantReturn}},
		"grant.extended":     {extension(), []string{views.ActionGrantExtend, views.ActionGrantReturn}},
		"grant.ended":        {granted(db.Ended), []string{}},
		"request.lapsed":     {closed(db.Lapsed), []string{}},
		"request.cancelled":  {closed(db.Cancelled), []string{}},
		"action_flow.failed": {failed(), []string{}},
		"question.answered":  {questioned(), []string{}},
		"change.stale":       {stale(), []string{}},
	} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			made := views.Notice(notice.sheet, event("usher", action, db.Details{Item: "item_1", Reason: "Until *Friday*"}), ana.ID, names, now)
			takes(t, made)
			require.Equal(t, notice.buttons, actionIDs(made.Blocks))
			golden(t, "notice_"+action, made)
		})
	}
}

func TestNoticeIsEmptyWhenThereIsNothingToTell(t *testing.T) {
	t.Parallel()
	for _, action := range []string{"flow.approved", "grant.created", "script.succeeded", "step.opened", "unheard.of"} {
		require.Empty(t, views.Notice(granted(db.Active), event("usher", action, db.Details{}), ana.ID, views.Names{}, now), action)
	}
	require.Empty(t, views.Notice(db.Sheet{}, event("usher", "flow.denied", db.Details{}), ana.ID, views.Names{}, now))
}

func TestNoticeOfTroubleSaysWhichWayAndWho(t *testing.T) {
	t.Parallel()
	stopped := event("usher", "action_flow.failed", db.Details{Approvers: []string{"dana@example.com"}})
	stopped.Flow = "run_1"
	giving := views.Notice(failed(), stopped, ana.ID, views.Names{}, now).Text
	require.Contains(t, giving, "Giving access to *Drive editors*")
	require.Contains(t, giving, "looked after by dana@example.com;")
	taking := views.Notice(running(db.Deprovision, db.Failed, script("scr_1", "leave", db.Failed, "refused", "")), stopped, ana.ID, views.Names{}, now).Text
	require.Contains(t, taking, "Taking back access to *Drive editors*")
}

func TestNoticeSaysWhoseAccessItIs(t *testing.T) {
	t.Parallel()
	sheet := granted(db.Active)
	sheet.Request.RequesterID, sheet.Request.Requester = ben.ID, ben
	active := event("usher", "grant.activated", db.Details{})
	holder, requester := views.Notice(sheet, active, ana.ID, names, now), views.Notice(sheet, active, ben.ID, names, now)
	require.Contains(t, holder.Text, "You have *Drive editors*")
	require.Equal(t, []string{views.ActionGrantExtend, views.ActionGrantReturn}, actionIDs(holder.Blocks))
	require.Contains(t, requester.Text, "<@U0ANA> has *Drive editors*")
	require.Empty(t, actionIDs(requester.Blocks), "only who holds it can use the buttons")
	over := views.Notice(granted(db.Ended), active, ana.ID, names, now)
	require.Contains(t, over.Text, "You had *Drive editors*")
	require.Empty(t, actionIDs(over.Blocks))
	denied := event("ben@example.com", "flow.denied", db.Details{})
	require.Contains(t, views.Notice(sheet, denied, ana.ID, names, now).Text, "The request of <@U0BEN> for you")
	require.Contains(t, views.Notice(sheet, event("usher", "grant.ended", db.Details{}), ben.ID, names, now).Text, " of <@U0ANA>: ")
}

func TestGrantThatAnotherCoversIsNotSaidToEndTheAccess(t *testing.T) {
	t.Parallel()
	sheet := granted(db.Ended)
	sheet.Items[0].Runs = []db.SheetRun{{ActionFlow: db.ActionFlow{ID: "run_2", Kind: db.Deprovision, Status: db.Cancelled}}}
	for _, message := range []views.Message{views.Card(sheet, now), views.Notice(sheet, event("usher", "grant.ended", db.Details{}), ana.ID, views.Names{}, now)} {
		takes(t, message)
		require.Contains(t, message.Text, "The access itself stays, through another grant.")
		require.NotContains(t, message.Text, "Access has ended")
	}
}

func TestNoticeIsAboutTheRightItem(t *testing.T) {
	t.Parallel()
	sheet := several()
	denied := event("ben@example.com", "flow.denied", db.Details{Item: "item_2"})
	require.Contains(t, views.Notice(sheet, denied, ana.ID, views.Names{}, now).Text, "Drive viewers")
}

func TestGrantModals(t *testing.T) {
	t.Parallel()
	grant := *granted(db.Active).Items[0].Grant
	extend := views.ExtendModal(grant, *drive())
	takesView(t, extend)
	require.Equal(t, "grant_1", extend.PrivateMetadata)
	golden(t, "modal_extend", extend)
	takesView(t, views.RevokeModal(grant))
	golden(t, "modal_revoke", views.RevokeModal(grant))
	takesView(t, views.CancelModal(pending()))
	golden(t, "modal_cancel", views.CancelModal(pending()))
	takesView(t, views.ExtendModal(db.Grant{}, db.Entitlement{}))
}

package views_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

func TestTrouble(t *testing.T) {
	t.Parallel()
	asked := views.Trouble(failed(), "run_1", now)
	takes(t, asked)
	require.Equal(t, []string{views.ActionScriptRetry, views.ActionScriptSkip, views.ActionScriptByHand, views.ActionScriptCancel}, actionIDs(asked.Blocks))
	require.Equal(t, "scr_1", buttons(asked.Blocks)[0].Value)
	require.Contains(t, asked.Text, "The group Editors is not there.")
	golden(t, "trouble_failed", asked)

	manual := views.Trouble(running(db.Provision, db.Running, script("scr_1", "badge", db.Paused, "", "Hand out a badge")), "run_1", now)
	takes(t, manual)
	require.Equal(t, []string{views.ActionScriptByHand, views.ActionScriptCancel}, actionIDs(manual.Blocks))
	golden(t, "trouble_manual", manual)

	repaired := views.Trouble(running(db.Provision, db.Succeeded, script("scr_1", "join", db.DoneByHand, "", "Done by hand by Dana.")), "run_1", now)
	takes(t, repaired)
	require.Empty(t, actionIDs(repaired.Blocks))
	require.Contains(t, written(t, repaired), "Done by hand by Dana.")
	golden(t, "trouble_repaired", repaired)
	require.Empty(t, views.Trouble(failed(), "run_gone", now))
}

func TestRepairModals(t *testing.T) {
	t.Parallel()
	one := script("scr_1", "join", db.Failed, "refused", "")
	takesView(t, views.ByHandModal(one))
	takesView(t, views.SkipModal(one))
	golden(t, "modal_by_hand", views.ByHandModal(one))
	golden(t, "modal_skip", views.SkipModal(one))
	one.FlowID = "run_1"
	access := views.GiveUpModal(failed(), one)
	takesView(t, access)
	golden(t, "modal_give_up", access)
}

// What a directory caused is no access: it is given up, and the words say what is so then.
func TestGivingUpWork(t *testing.T) {
	t.Parallel()
	breaks := script("scr_1", "suspend", db.Failed, "refused", "Read only")
	breaks.FlowID = "run_1"
	sheet := ran(decided(holding(1), db.Approved, db.Approved), db.Failed, breaks)
	asked := views.Trouble(sheet, "run_1", now)
	takes(t, asked)
	last := buttons(asked.Blocks)[3]
	require.Equal(t, "Give up…", last.Text.Text)
	require.Equal(t, views.ActionScriptCancel, last.ActionID)
	for origin, says := range map[string]string{
		db.FromHeld: "listed among the differences", db.FromDeparture: "may still have this account", db.FromReturn: "The person is here",
		db.FromAdjustment: "may not fit the person any more",
	} {
		sheet.Request.Origin = origin
		modal := views.GiveUpModal(sheet, breaks)
		takesView(t, modal)
		shown := written(t, views.Message{Blocks: modal.Blocks.BlockSet})
		require.NotContains(t, shown, "access is not given", origin)
		require.Contains(t, shown, says)
	}
}

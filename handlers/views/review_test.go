package views_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

func TestAskWhileOpenAndAfterwards(t *testing.T) {
	t.Parallel()
	open := views.Ask(pending(), "step_1a", ben.ID, now)
	takes(t, open)
	require.Equal(t, decisionButtons, actionIDs(open.Blocks))
	golden(t, "ask_open", open)

	for name, sheet := range map[string]db.Sheet{"approved": approved(), "denied": closed(db.Denied), "cancelled": closed(db.Cancelled)} {
		after := views.Ask(sheet, "step_1a", ben.ID, now)
		takes(t, after)
		require.Empty(t, actionIDs(after.Blocks), name)
		golden(t, "ask_"+name, after)
	}
	require.Contains(t, views.Ask(approved(), "step_1a", ben.ID, now).Text, "approved by <@U0BEN>")
	require.Empty(t, views.Ask(pending(), "step_gone", ben.ID, now))
}

func TestReminder(t *testing.T) {
	t.Parallel()
	reminder := views.Reminder(pending(), "step_1a", ben.ID, now)
	takes(t, reminder)
	require.Equal(t, decisionButtons, actionIDs(reminder.Blocks))
	golden(t, "reminder", reminder)
	late := views.Reminder(approved(), "step_1a", ben.ID, now)
	takes(t, late)
	require.Empty(t, actionIDs(late.Blocks))
}

func TestDenyModal(t *testing.T) {
	t.Parallel()
	modal := views.DenyModal("step_1a", pending())
	takesView(t, modal)
	require.Equal(t, "step_1a", modal.PrivateMetadata)
	golden(t, "modal_deny", modal)
	takesView(t, views.DenyModal("step_gone", pending()))
}

func TestChangeModal(t *testing.T) {
	t.Parallel()
	modal := views.ChangeModal("step_1a", pending(), views.Consent{}, true)
	takesView(t, modal)
	golden(t, "modal_change", modal)
	takesView(t, views.ChangeModal("step_gone", pending(), views.Consent{}, true))
}

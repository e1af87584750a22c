package views_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// question is a script that waits for an answer.
func question() db.FlowScript {
	q := script("scr_1", "ask", db.Paused, "", "Is the badge ready?")
	q.Type, q.WaitsFor, q.DueAt = "slack_approval", db.WaitsAnswer, now.Add(24*time.Hour)
	q.Args = map[string]any{"text": "Is the badge ready? <!channel> *now*", "buttons": []any{
		map[string]any{"text": "Ready", "style": "green", "value": "ready"},
		map[string]any{"text": "Not yet", "style": "red", "value": "no"},
		map[string]any{"text": "Ask security", "style": "plain", "value": "security"},
	}}
	q.Output = map[string]any{"asked": []any{"Ben", "Cleo"}}
	return q
}

func TestQuestion(t *testing.T) {
	t.Parallel()
	open := views.Question(running(db.Provision, db.Running, question()), "scr_1", now)
	takes(t, open)
	require.Equal(t, []string{"script_answer_1", "script_answer_2", "script_answer_3"}, actionIDs(open.Blocks))
	golden(t, "question_open", open)
	progress := views.Progress(running(db.Provision, db.Running, question()), "run_1", now)
	require.Contains(t, written(t, progress), "waits for an answer of Ben or Cleo until")
	require.NotContains(t, written(t, progress), "Waits for a person to do")

	answered := question()
	answered.Status, answered.WaitsFor = db.Failed, ""
	answered.Output = map[string]any{"by": "ben@example.com", "name": "Ben", "button": "Not yet"}
	closed := views.Question(running(db.Provision, db.Failed, answered), "scr_1", now)
	takes(t, closed)
	require.Empty(t, actionIDs(closed.Blocks))
	golden(t, "question_answered", closed)
	require.Equal(t, []string{views.ActionScriptRetry, views.ActionScriptCancel},
		actionIDs(views.Trouble(running(db.Provision, db.Failed, answered), "run_1", now).Blocks))
	said := views.Trouble(running(db.Provision, db.Failed, answered), "run_1", now)
	require.Contains(t, said.Text, "step *ask* was not approved.")
	require.NotContains(t, written(t, said), "provider refused")
	answered.StartedAt, answered.EndedAt = now.Add(-3*time.Second), now
	require.Contains(t, written(t, views.Progress(running(db.Provision, db.Failed, answered), "run_1", now)), "*ask*: not approved. Ben answered “Not yet” after 3.0 s.")
	require.Equal(t, []string{views.ActionScriptRetry},
		actionIDs(views.Trouble(running(db.Deprovision, db.Failed, answered), "run_1", now).Blocks))

	given := views.Question(running(db.Provision, db.Cancelled, question()), "scr_1", now)
	require.Empty(t, actionIDs(given.Blocks))
	require.Contains(t, given.Text, "It was given up.")
	require.Empty(t, views.Question(running(db.Provision, db.Running), "scr_gone", now))
}

func TestAnswerOf(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]int{"script_answer_1": 0, "script_answer_5": 4} {
		n, known := views.AnswerOf(id)
		require.True(t, known)
		require.Equal(t, want, n)
	}
	for _, id := range []string{"script_answer_0", "script_answer_6", "script_answer_", "script_answer_1x", "script_retry"} {
		_, known := views.AnswerOf(id)
		require.False(t, known, id)
	}
}

func TestProgressLeadsToWhatWasMade(t *testing.T) {
	t.Parallel()
	made := ended(script("scr_1", "open", db.Succeeded, "applied", "Opened issue 7"), time.Second)
	made.Output = map[string]any{"url": "https://gitlab.example.com/it/access/-/issues/7?a=1&b=2"}
	require.Contains(t, written(t, views.Progress(running(db.Provision, db.Succeeded, made), "run_1", now)),
		"<https://gitlab.example.com/it/access/-/issues/7?a=1&amp;b=2|Open it>")
	made.Output["url"] = "javascript:alert(1)"
	require.NotContains(t, written(t, views.Progress(running(db.Provision, db.Succeeded, made), "run_1", now)), "Open it")
}

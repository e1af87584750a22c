package slack_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

func TestAnswersToASubmission(t *testing.T) {
	t.Parallel()
	a := setupModal(t, quick)
	trouble := slack.Result{Result: "error", Warning: "We had some trouble connecting. Try again?"}
	next := map[string]any{"type": "modal", "title": plain("Next"), "blocks": []any{}}
	for _, test := range []struct {
		name   string
		answer any
		want   slack.Result
		left   int
	}{
		{"empty closes", nil, slack.Result{Result: "closed"}, 0},
		{"update", map[string]any{"response_action": "update", "view": next}, slack.Result{Result: "updated"}, 1},
		{"push", map[string]any{"response_action": "push", "view": next}, slack.Result{Result: "pushed"}, 2},
		{"clear", map[string]any{"response_action": "clear"}, slack.Result{Result: "cleared"}, 0},
		{
			"errors",
			map[string]any{"response_action": "errors", "errors": map[string]string{"why": "No."}},
			slack.Result{Result: "errors", Errors: map[string]string{"why": "No."}},
			1,
		},
		{
			"errors of another block",
			map[string]any{"response_action": "errors", "errors": map[string]string{"more": "No."}},
			trouble, 1,
		},
		{"ok true", map[string]any{"ok": true}, trouble, 1},
		{"a view that is none", map[string]any{"response_action": "update", "view": map[string]any{"type": "modal"}}, trouble, 1},
		{"none", noAck{}, trouble, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			a.Forget()
			v := a.open()
			require.NoError(t, a.ana.Type(v.Target(), "Why", "because"))
			a.answers <- test.answer
			got, err := a.ana.Submit(v)
			require.NoError(t, err)
			require.Equal(t, test.want, got)
			require.Len(t, a.ana.Views(), test.left)
			require.Equal(t, test.want.Result == "error", len(a.Errors()) > 0, "%+v", a.Errors())
			require.Equal(t, "because", (<-a.got).View.State.Values["why"]["why_type"].Value)
		})
	}
}

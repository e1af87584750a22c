package slack_test

import (
	"strings"
	"testing"

	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"github.com/stretchr/testify/require"
)

func TestSuggestionsThatSlackRefuses(t *testing.T) {
	t.Parallel()
	b := setup(t, quick)
	answers := make(chan any, 1)
	b.connect(func(evt socketmode.Event) any {
		if cmd, ok := evt.Data.(slackgo.SlashCommand); ok {
			_, err := b.api.OpenViewContext(b.ctx, cmd.TriggerID, requestModal())
			require.NoError(t, err)
			return nil
		}
		return <-answers
	})
	_, err := b.ana.Command("access", "/echo", "")
	require.NoError(t, err)
	modal, _ := b.ana.Top()
	good := object{"text": plain("One"), "value": "1"}
	for name, answer := range map[string]any{
		"nothing":       nil,
		"both":          object{"options": []any{good}, "option_groups": []any{}},
		"long text":     object{"options": []any{object{"text": plain(strings.Repeat("x", 76)), "value": "1"}}},
		"no value":      object{"options": []any{object{"text": plain("One")}}},
		"a hundred one": object{"options": repeat(good, 101)},
		"none in time":  noAck{},
	} {
		b.Forget()
		answers <- answer
		_, err := b.ana.Suggest(modal.Target(), "Access", "dr")
		require.Error(t, err, name)
		require.NotEmpty(t, b.Errors(), name)
	}
	b.Forget()
	answers <- object{"option_groups": []any{object{"label": plain("All"), "options": []any{good}}}}
	options, err := b.ana.Suggest(modal.Target(), "Access", "dr")
	require.NoError(t, err)
	require.Equal(t, "All", options[0].Group)
	b.noErrors()
}

func repeat(item any, n int) []any {
	items := make([]any, n)
	for i := range items {
		items[i] = item
	}
	return items
}

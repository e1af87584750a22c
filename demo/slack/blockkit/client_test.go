package blockkit_test

import (
	"encoding/json"
	"testing"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack/blockkit"
)

// TestClientPayloads takes what the Slack client of Go writes: empty and false properties that it sends or leaves
// out must not be refused.
func TestClientPayloads(t *testing.T) {
	t.Parallel()
	text := func(s string) *slack.TextBlockObject {
		return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
	}
	button := slack.NewButtonBlockElement("approve", "1", text("Approve")).WithStyle(slack.StylePrimary).
		WithConfirm(slack.NewConfirmationBlockObject(text("Sure?"), text("Really?"), text("Yes"), text("No")))
	choice := slack.NewOptionBlockObject("1", text("One"), nil)
	menu := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, text("Pick"), "pick", choice)
	menu.InitialOption = choice
	reason := slack.NewPlainTextInputBlockElement(text("Why"), "why").WithMultiline(true).WithMaxLength(500)
	shared := []slack.Block{
		slack.NewHeaderBlock(text("Request")),
		slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, "*a*", true, false),
			[]*slack.TextBlockObject{text("b")}, slack.NewAccessory(menu)),
		slack.NewContextBlock("", slack.NewTextBlockObject(slack.MarkdownType, "c", false, true), slack.NewImageBlockElement("https://example.com/a.png", "a")),
		slack.NewDividerBlock(),
		slack.NewActionBlock("acts", button, slack.NewOverflowBlockElement("more", choice), slack.NewDatePickerBlockElement("day")),
		slack.NewRichTextBlock("rich", slack.NewRichTextSection(slack.NewRichTextSectionTextElement("d", nil))),
		slack.NewInputBlock("why", text("Reason"), text("hint"), reason),
		slack.NewInputBlock("what", text("What"), nil, slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, nil, "what")),
		slack.NewInputBlock("long", text("How long"), nil, slack.NewRadioButtonsBlockElement("long", choice)),
	}
	blocks := encoded(t, slack.Blocks{BlockSet: shared})
	require.Empty(t, blockkit.Errors(blockkit.Message(blocks)))
	require.Empty(t, blockkit.Errors(blockkit.View(encoded(t, slack.HomeTabViewRequest{
		Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: shared},
	}))))
	modal := slack.ModalViewRequest{
		Type: slack.VTModal, Title: text("Ask"), Submit: text("Send"), Close: text("Cancel"), NotifyOnClose: true,
		PrivateMetadata: "{}", CallbackID: "request_submit", Blocks: slack.Blocks{BlockSet: shared},
	}
	require.Empty(t, blockkit.Errors(blockkit.View(encoded(t, modal))))
	require.Equal(t, map[string]bool{"why": true, "what": true, "long": true}, blockkit.InputBlocks(encoded(t, modal)))
}

func encoded(t *testing.T, value any) json.RawMessage {
	t.Helper()
	raw, err := json.Marshal(value)
	require.NoError(t, err)
	return raw
}

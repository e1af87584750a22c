package views_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack/blockkit"
	"github.com/usherhq/usher/handlers/views"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares what is drawn with testdata/NAME.json.
func golden(t *testing.T, name string, drawn any) {
	t.Helper()
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	require.NoError(t, encoder.Encode(drawn))
	path := filepath.Join("testdata", name+".json")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, text.Bytes(), 0o644))
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "run go test with -update to write it")
	require.Equal(t, string(want), text.String())
}

// failer is what *testing.T and *rapid.T have in common.
type failer interface {
	require.TestingT
	Helper()
}

// takes requires that Slack takes the message and that its text stands for it.
func takes(t failer, m views.Message) {
	t.Helper()
	require.NotEmpty(t, strings.TrimSpace(m.Text), "a message needs a text")
	require.LessOrEqual(t, utf8.RuneCountInString(m.Text), 4000)
	require.NotEmpty(t, m.Blocks)
	text, err := json.Marshal(slack.Blocks{BlockSet: m.Blocks})
	require.NoError(t, err)
	require.Empty(t, blockkit.Errors(blockkit.Message(text)))
	onlyPlainBlocks(t, m.Blocks)
}

// takesView requires that Slack takes the view.
func takesView(t failer, view any) {
	t.Helper()
	text, err := json.Marshal(view)
	require.NoError(t, err)
	require.Empty(t, blockkit.Errors(blockkit.View(text)))
	require.Less(t, len(text), 250_000)
	switch view := view.(type) {
	case slack.ModalViewRequest:
		onlyPlainBlocks(t, view.Blocks.BlockSet)
	case slack.HomeTabViewRequest:
		onlyPlainBlocks(t, view.Blocks.BlockSet)
	}
}

// onlyPlainBlocks allows the blocks that every Slack client draws, and one header.
func onlyPlainBlocks(t failer, blocks []slack.Block) {
	t.Helper()
	headers := 0
	for _, block := range blocks {
		switch block.BlockType() {
		case slack.MBTHeader:
			headers++
		case slack.MBTSection, slack.MBTContext, slack.MBTAction, slack.MBTDivider, slack.MBTInput:
		default:
			require.Fail(t, "unexpected block", string(block.BlockType()))
		}
	}
	require.LessOrEqual(t, headers, 1, "one header at most")
}

// actionIDs are the ids of all buttons of a message, in order.
func actionIDs(blocks []slack.Block) []string {
	ids := []string{}
	for _, button := range buttons(blocks) {
		ids = append(ids, button.ActionID)
	}
	return ids
}

func buttons(blocks []slack.Block) []*slack.ButtonBlockElement {
	var found []*slack.ButtonBlockElement
	for _, block := range blocks {
		switch block := block.(type) {
		case *slack.ActionBlock:
			for _, element := range block.Elements.ElementSet {
				if button, is := element.(*slack.ButtonBlockElement); is {
					found = append(found, button)
				}
			}
		case *slack.SectionBlock:
			if block.Accessory != nil && block.Accessory.ButtonElement != nil {
				found = append(found, block.Accessory.ButtonElement)
			}
		}
	}
	return found
}

// written is everything that a message says.
func written(t failer, m views.Message) string {
	t.Helper()
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	require.NoError(t, encoder.Encode(m))
	return text.String()
}

package blockkit_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack/blockkit"
)

// refusal is a payload and the lines it must give, all of them; none means Slack takes it.
type refusal struct {
	name    string
	payload string
	lines   []string
}

// checkMessages runs cases whose payload is the inside of a blocks array.
func checkMessages(t *testing.T, cases []refusal) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.True(t, json.Valid([]byte("["+c.payload+"]")), c.payload)
			require.Equal(t, lines(c.lines), blockkit.Errors(blockkit.Message(json.RawMessage("["+c.payload+"]"))))
		})
	}
}

// checkViews runs cases whose payload is a whole view.
func checkViews(t *testing.T, cases []refusal) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.True(t, json.Valid([]byte(c.payload)), c.payload)
			require.Equal(t, lines(c.lines), blockkit.Errors(blockkit.View(json.RawMessage(c.payload))))
		})
	}
}

func lines(expected []string) []string {
	if expected == nil {
		return []string{}
	}
	return expected
}

// x is a text of n characters.
func x(n int) string { return strings.Repeat("x", n) }

// times writes a JSON fragment n times, with %d replaced by the turn.
func times(n int, fragment string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = strings.ReplaceAll(fragment, "%d", fmt.Sprint(i))
	}
	return strings.Join(all, ",")
}

func plainText(text string) string { return `{"type":"plain_text","text":"` + text + `"}` }
func mrkdwn(text string) string    { return `{"type":"mrkdwn","text":"` + text + `"}` }
func option(value string) string {
	return `{"text":` + plainText("Option "+value) + `,"value":"` + value + `"}`
}

func actionsOf(elements ...string) string {
	return `{"type":"actions","elements":[` + strings.Join(elements, ",") + `]}`
}

func accessory(element string) string {
	return `{"type":"section","text":` + mrkdwn("a") + `,"accessory":` + element + `}`
}

func inputOf(element string) string {
	return `{"type":"input","block_id":"in","label":` + plainText("Label") + `,"element":` + element + `}`
}

// modalOf is a modal with a submit button.
func modalOf(blocks ...string) string {
	return `{"type":"modal","title":` + plainText("Title") + `,"submit":` + plainText("Send") +
		`,"blocks":[` + strings.Join(blocks, ",") + `]}`
}

func homeOf(blocks ...string) string {
	return `{"type":"home","blocks":[` + strings.Join(blocks, ",") + `]}`
}

const (
	divider   = `{"type":"divider"}`
	wholeView = "failed to match all allowed schemas [json-pointer:/view]"
)

func allOf(at string) string { return "failed to match all allowed schemas [json-pointer:" + at + "]" }

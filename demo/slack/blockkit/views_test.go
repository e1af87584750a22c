package blockkit_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack/blockkit"
)

func TestModal(t *testing.T) {
	t.Parallel()
	with := func(rest string) string {
		return `{"type":"modal","title":` + plainText("a") + `,"blocks":[` + divider + `]` + rest + `}`
	}
	long := func(name string) []string {
		return []string{wholeView, allOf("/view/" + name), "must be less than 25 characters [json-pointer:/view/" + name + "/text]"}
	}
	checkViews(t, []refusal{
		{"full", with(`,"submit":` + plainText(x(24)) + `,"close":` + plainText(x(24)) + `,"private_metadata":"` + x(3000) +
			`","callback_id":"` + x(255) + `","external_id":"e","clear_on_close":true,"notify_on_close":true`), nil},
		{"no title", `{"type":"modal","blocks":[]}`, []string{wholeView, "missing required field: title [json-pointer:/view]"}},
		{"no blocks", `{"type":"modal","title":` + plainText("a") + `}`, []string{wholeView, "missing required field: blocks [json-pointer:/view]"}},
		{"no type", `{}`, []string{wholeView, "missing required field: type [json-pointer:/view]"}},
		{"other type", `{"type":"page"}`, []string{wholeView, "unsupported type: page [json-pointer:/view/type]"}},
		{"not an object", `[]`, []string{wholeView, "must provide an object [json-pointer:/view]"}},
		{"long title", `{"type":"modal","title":` + plainText(x(25)) + `,"blocks":[]}`, long("title")},
		{"long submit", with(`,"submit":` + plainText(x(25))), long("submit")},
		{"long close", with(`,"close":` + plainText(x(25))), long("close")},
		{"submit null", with(`,"submit":null`), []string{
			wholeView, allOf("/view/submit"), "must provide an object [json-pointer:/view/submit]", "must provide an object [json-pointer:/view/submit]",
		}},
		{"mrkdwn title", `{"type":"modal","title":` + mrkdwn("a") + `,"blocks":[]}`, []string{
			wholeView, allOf("/view/title"), "must be a valid enum value [json-pointer:/view/title/type]",
		}},
		{"long private_metadata", with(`,"private_metadata":"` + x(3001) + `"`), []string{wholeView, "must be less than 3001 characters [json-pointer:/view/private_metadata]"}},
		{"long callback_id", with(`,"callback_id":"` + x(256) + `"`), []string{wholeView, "must be less than 256 characters [json-pointer:/view/callback_id]"}},
		{"unknown property", with(`,"submit_disabled":false`), []string{wholeView, "invalid additional property: submit_disabled [json-pointer:/view]"}},
		{"hundred blocks", modalOf(times(100, divider)), nil},
		{"hundred and one blocks", modalOf(times(101, divider)), []string{wholeView, "no more than 100 items allowed [json-pointer:/view/blocks]"}},
		{"empty select", modalOf(times(9, divider), accessory(`{"type":"static_select","options":[]}`)), []string{
			wholeView, "must provide at least 1 items [json-pointer:/view/blocks/9/accessory/options]",
		}},
	})
}

func TestModalRules(t *testing.T) {
	t.Parallel()
	text := `{"type":"plain_text_input","focus_on_load":true}`
	without := func(blocks string) string {
		return `{"type":"modal","title":` + plainText("a") + `,"blocks":[` + blocks + `]}`
	}
	other := strings.Replace(inputOf(text), `"in"`, `"in2"`, 1)
	checkViews(t, []refusal{
		{"input with submit", modalOf(inputOf(text)), nil},
		{"input without submit", without(divider + `,` + inputOf(text)), []string{"must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/1/input]"}},
		{"two in focus", modalOf(inputOf(text), other), []string{"only one element can have `focus_on_load` [json-pointer:/view/blocks/1/element/focus_on_load]"}},
		{"equal block_ids", modalOf(inputOf(`{"type":"datepicker"}`), inputOf(`{"type":"datepicker"}`)), []string{
			"`block_id` \"in\" already exists [json-pointer:/view/blocks/1/block_id]",
		}},
		{"files", modalOf(inputOf(`{"type":"file_input","max_files":10,"filetypes":["pdf"]}`)), nil},
		{"eleven files", modalOf(inputOf(`{"type":"file_input","max_files":11}`)), []string{wholeView, "must be less than 10 [json-pointer:/view/blocks/0/element/max_files]"}},
		{"response_url", modalOf(inputOf(`{"type":"channels_select","response_url_enabled":true}`)), nil},
		{"response_url outside an input", modalOf(accessory(`{"type":"channels_select","response_url_enabled":true}`)), []string{
			"can only be used in an `input` block in modals [json-pointer:/view/blocks/0/accessory/response_url_enabled]",
		}},
		{"start not among options", modalOf(inputOf(`{"type":"static_select","options":[` + option("a") + `],"initial_option":` + option("b") + `}`)), []string{
			"must be one of the provided options [json-pointer:/view/blocks/0/element/initial_option]",
		}},
	})
}

func TestHome(t *testing.T) {
	t.Parallel()
	checkViews(t, []refusal{
		{"hundred blocks", homeOf(times(100, divider)), nil},
		{"empty", homeOf(), nil},
		{"hundred and one blocks", homeOf(times(101, divider)), []string{wholeView, "no more than 100 items allowed [json-pointer:/view/blocks]"}},
		{"title", `{"type":"home","title":` + plainText("a") + `,"blocks":[]}`, []string{wholeView, "invalid additional property: title [json-pointer:/view]"}},
		{"notify_on_close", `{"type":"home","notify_on_close":true,"blocks":[]}`, []string{wholeView, "invalid additional property: notify_on_close [json-pointer:/view]"}},
		{"input needs no submit", homeOf(inputOf(`{"type":"plain_text_input"}`)), nil},
		{"files", homeOf(inputOf(`{"type":"file_input"}`)), []string{wholeView, "unsupported type: file_input [json-pointer:/view/blocks/0/element/type]"}},
		{"bare image", homeOf(accessory(`{"type":"image"}`)), []string{
			wholeView, "missing required field: image_url [json-pointer:/view/blocks/0/accessory]", "missing required field: alt_text [json-pointer:/view/blocks/0/accessory]",
		}},
	})
}

func TestInputBlocks(t *testing.T) {
	t.Parallel()
	view := modalOf(divider, inputOf(`{"type":"plain_text_input"}`), `{"type":"section","block_id":"s","text":`+mrkdwn("a")+`}`)
	require.Equal(t, map[string]bool{"in": true}, blockkit.InputBlocks(json.RawMessage(view)))
	require.Empty(t, blockkit.InputBlocks(json.RawMessage(`{`)))
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	require.False(t, blockkit.TooLarge(json.RawMessage(`"`+x(249_998)+`"`)))
	require.True(t, blockkit.TooLarge(json.RawMessage(`"`+x(249_999)+`"`)))
	require.False(t, blockkit.TooLarge(json.RawMessage(strings.Repeat(" ", 250_001)+`{}`)))
}

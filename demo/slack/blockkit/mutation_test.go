package blockkit_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack/blockkit"
)

// sampleView holds one of nearly everything that a modal may hold, all of it right.
func sampleView() string {
	confirm := `{"title":` + plainText("a") + `,"text":` + mrkdwn("a") + `,"confirm":` + plainText("a") + `,"deny":` + plainText("a") + `}`
	button := `{"type":"button","action_id":"b","value":"1","style":"primary","text":` + plainText("a") + `,"confirm":` + confirm + `}`
	menu := `{"type":"static_select","option_groups":[{"label":` + plainText("a") + `,"options":[` + option("a") + `]}],"initial_option":` + option("a") + `}`
	return modalOf(
		`{"type":"header","text":`+plainText("a")+`}`,
		`{"type":"section","block_id":"s","text":`+mrkdwn("a")+`,"fields":[`+mrkdwn("a")+`],"accessory":`+menu+`}`,
		`{"type":"context","elements":[`+mrkdwn("a")+`,{"type":"image","image_url":"https://example.com/a","alt_text":"a"}]}`,
		actionsOf(button, `{"type":"overflow","options":[`+option("a")+`]}`),
		divider,
		`{"type":"image","image_url":"https://example.com/a","alt_text":"a","title":`+plainText("a")+`}`,
		`{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a","style":{"bold":true}}]}]}`,
		inputOf(`{"type":"plain_text_input","multiline":true,"max_length":10,"placeholder":`+plainText("a")+
			`,"dispatch_action_config":{"trigger_actions_on":["on_enter_pressed"]}}`),
	)
}

// TestEveryObjectRefusesUnknownProperties adds one unknown property at a time.
func TestEveryObjectRefusesUnknownProperties(t *testing.T) {
	t.Parallel()
	require.Empty(t, blockkit.Errors(blockkit.View(json.RawMessage(sampleView()))))
	objects := 0
	mutate(t, sampleView(), func(at string, value any, check func()) {
		object, ok := value.(map[string]any)
		if !ok {
			return
		}
		objects++
		object["surprise"] = true
		check()
		delete(object, "surprise")
	}, func(at string, lines []string) {
		require.Contains(t, lines, "invalid additional property: surprise [json-pointer:"+at+"]")
	})
	require.Greater(t, objects, 40)
}

// TestEveryValueHasOneType puts a value of a wrong type into every place.
func TestEveryValueHasOneType(t *testing.T) {
	t.Parallel()
	values := 0
	mutate(t, sampleView(), func(at string, value any, check func()) {
		object, ok := value.(map[string]any)
		if !ok {
			return
		}
		for _, name := range slices.Sorted(maps.Keys(object)) {
			right := object[name]
			for _, wrong := range []any{nil, []any{[]any{}}, map[string]any{"a": true}, json.Number("-1.5")} {
				values++
				object[name] = wrong
				check()
			}
			object[name] = right
		}
	}, func(at string, lines []string) {
		require.True(t, slices.ContainsFunc(lines[1:], func(line string) bool {
			return strings.Contains(line, "[json-pointer:"+at)
		}), "%s: %v", at, lines)
	})
	require.Greater(t, values, 300)
}

// mutate visits every value of a view; change alters it in place and calls its check, and verify gets the lines
// of the altered view.
func mutate(t *testing.T, view string, change func(at string, value any, check func()), verify func(at string, lines []string)) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(view))
	decoder.UseNumber()
	var root any
	require.NoError(t, decoder.Decode(&root))
	visit("/view", root, func(at string, value any) {
		change(at, value, func() {
			raw, err := json.Marshal(root)
			require.NoError(t, err)
			lines := blockkit.Errors(blockkit.View(raw))
			require.NotEmpty(t, lines, "at %s: %s", at, raw)
			verify(at, lines)
		})
	})
}

func visit(at string, value any, see func(at string, value any)) {
	see(at, value)
	switch held := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(held)) {
			visit(at+"/"+name, held[name], see)
		}
	case []any:
		for i, item := range held {
			visit(fmt.Sprintf("%s/%d", at, i), item, see)
		}
	}
}

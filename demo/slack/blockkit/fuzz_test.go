package blockkit_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack/blockkit"
)

// FuzzAnything lets every entry point take any bytes: none may panic, and what one refuses it must explain.
func FuzzAnything(f *testing.F) {
	menu := `{"type":"static_select","option_groups":[{"label":` + plainText("a") + `,"options":[` + option("a") + `]}],"initial_option":` + option("b") + `}`
	for _, seed := range []string{
		``, `null`, `[null]`, `{`, `[[[[[[`, `{"type":null}`, `[{"type":"section","text":[],"fields":{},"accessory":1}]`,
		modalOf(inputOf(`{"type":"plain_text_input","min_length":3,"max_length":1e400}`)), homeOf(divider),
		`[` + accessory(menu) + `,` + actionsOf(`{"type":"button","text":`+plainText("a")+`}`) + `]`,
		`[{"type":"container","title":` + plainText("a") + `,"child_blocks":[{"type":"section"}]}]`,
		`[{"type":"table","rows":[[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a"}]}]}]]}]`,
		`[` + inputOf(`{"type":"number_input","is_decimal_allowed":true,"min_value":"1","max_value":"-1"}`) + `]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, problems := range [][]blockkit.Problem{blockkit.Message(raw), blockkit.View(raw)} {
			for _, problem := range problems {
				require.NotEmpty(t, problem.Message)
				require.NotEmpty(t, problem.Code)
			}
			require.Len(t, blockkit.Errors(problems), len(problems))
		}
		for _, kind := range []string{"blocks", "message", "view", ""} {
			_, err := json.Marshal(blockkit.Validate(kind, raw))
			require.NoError(t, err)
		}
		blockkit.InputBlocks(raw)
		blockkit.TooLarge(raw)
	})
}

// TestDeepNesting shows that deep input ends soon and without harm.
func TestDeepNesting(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`[{"type":"container","child_blocks":`, 4000) + `[]` + strings.Repeat(`}]`, 4000)
	require.NotEmpty(t, blockkit.Message(json.RawMessage(deep)))
	require.Empty(t, blockkit.InputBlocks(json.RawMessage(`{"blocks":`+deep+`}`)))
}

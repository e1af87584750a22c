package blockkit_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack/blockkit"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	ok := `{"ok":true}`
	cases := []struct {
		name, kind, payload, answer string
	}{
		{"blocks", "blocks", `[{"type":"section","text":` + plainText("Hello world") + `}]`, ok},
		{"other text type", "blocks", `[{"type":"section","text":{"type":"markdown","text":"a"}}]`, `{"ok":false,"error":"invalid_blocks","errors":[
			{"code":"failed_constraint","message":"failed to match all allowed schemas","pointer":"/0/text","constraint":{"type":"all_of"}},
			{"code":"failed_constraint","message":"unsupported type: markdown","pointer":"/0/text/type",
				"constraint":{"type":"enum","expected":["plain_text","mrkdwn"],"got":"markdown"}}]}`},
		{"missing field", "blocks", `[{"type":"actions"}]`, `{"ok":false,"error":"invalid_blocks","errors":[
			{"code":"missing_field","message":"missing required field: elements","pointer":"/0","field":"elements"}]}`},
		{"wrong type", "blocks", `{}`, `{"ok":false,"error":"invalid_blocks","errors":[
			{"code":"invalid_type","message":"must provide an array","pointer":""}]}`},
		{"length", "blocks", `[{"type":"divider","block_id":"` + x(256) + `"}]`, `{"ok":false,"error":"invalid_blocks","errors":[
			{"code":"failed_constraint","message":"must be less than 256 characters","pointer":"/0/block_id",
				"constraint":{"type":"max_length","expected":255,"got":256}}]}`},
		{"blocks of any surface", "blocks", `[{"type":"alert","text":` + plainText("a") + `},{"type":"markdown","text":"a"}]`, ok},
		{"message", "message", `{"blocks":[` + divider + `],"attachments":[{"blocks":[` + divider + `]}]}`, ok},
		{"message with text", "message", `{"text":"a","blocks":[]}`, `{"ok":false,"error":"invalid_message","errors":[
			{"code":"failed_constraint","message":"invalid additional property: text","pointer":"",
				"constraint":{"type":"additional_properties","got":"text"}}]}`},
		{"message with a wrong attachment", "message", `{"attachments":[{"color":"red"},{"blocks":[{"type":"section"}]}]}`, `{"ok":false,"error":"invalid_message","errors":[
			{"code":"failed_constraint","message":"must define either ` + "`text` or `fields`" + `","pointer":"/attachments/1/blocks/0/type"}]}`},
		{"view", "view", homeOf(divider), ok},
		{"view without a title", "view", `{"type":"modal","blocks":[]}`, `{"ok":false,"error":"invalid_view","errors":[
			{"code":"failed_constraint","message":"failed to match all allowed schemas","pointer":"","constraint":{"type":"all_of"}},
			{"code":"missing_field","message":"missing required field: title","pointer":"","field":"title"}]}`},
		{"other kind", "modal", `{}`, `{"ok":false,"error":"invalid_arguments"}`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			answer, err := json.Marshal(blockkit.Validate(c.kind, json.RawMessage(c.payload)))
			require.NoError(t, err)
			require.JSONEq(t, c.answer, string(answer))
		})
	}
}

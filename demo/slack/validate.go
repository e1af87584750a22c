package slack

import (
	"encoding/json"
	"fmt"

	"github.com/usherhq/usher/demo/slack/blockkit"
)

// validateMost is how many characters blocks.validate takes.
const validateMost = 100000

// checkBlocks checks the blocks of a message as chat.* methods do.
func checkBlocks(raw json.RawMessage) error {
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return refuse("invalid_blocks_format")
	}
	if lines := blockkit.Errors(blockkit.Message(raw)); len(lines) > 0 {
		return refuse("invalid_blocks").with("errors", lines).messages(lines...)
	}
	return nil
}

// checkView checks a view as views.* methods do.
func checkView(raw json.RawMessage) error {
	if blockkit.TooLarge(raw) {
		return refuse("view_too_large")
	}
	if !json.Valid(raw) {
		return invalidArguments("must be a valid view [json-pointer:/view]")
	}
	if lines := blockkit.Errors(blockkit.View(raw)); len(lines) > 0 {
		return invalidArguments(lines...)
	}
	return nil
}

// blocksValidate is Slack's own validator as a method: exactly one of blocks, message and view.
func (w *Workspace) blocksValidate(c *call) (answer, error) {
	var kind string
	given := 0
	for _, key := range []string{"blocks", "message", "view"} {
		if c.args.has(key) {
			kind, given = key, given+1
		}
	}
	if given != 1 {
		return nil, invalidArguments("exactly one of blocks, message and view must be given")
	}
	raw := c.args.structure(kind)
	if len([]rune(string(raw))) > validateMost {
		return nil, invalidArguments(fmt.Sprintf("must be less than %d characters [json-pointer:/%s]", validateMost+1, kind))
	}
	return verdict(blockkit.Validate(kind, raw))
}

// verdict turns the validator's body into an answer or a refusal.
func verdict(result any) (answer, error) {
	body := answer{}
	if err := decode(mustJSON(result), &body); err != nil {
		return nil, refuse("internal_error")
	}
	ok, _ := body["ok"].(bool)
	code, _ := body["error"].(string)
	delete(body, "ok")
	delete(body, "error")
	if ok || code == "" {
		return body, nil
	}
	no := refuse(code)
	for key, value := range body {
		no.extra[key] = value
	}
	return nil, no
}

func decode(raw json.RawMessage, into any) error {
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("decode JSON: %w", err)
	}
	return nil
}

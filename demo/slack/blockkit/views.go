package blockkit

import (
	"bytes"
	"encoding/json"
)

// maxViewBytes is Slack's 250 KB in its smaller reading.
const maxViewBytes = 250_000

// InputBlocks returns the block_ids of a view's input blocks: the only keys that the errors of a submission's
// answer may have.
func InputBlocks(view json.RawMessage) map[string]bool {
	ids := map[string]bool{}
	for _, block := range place("", asList(asObject(decode(view))["blocks"])) {
		if id := asString(block.object["block_id"]); id != "" && block.object["type"] == "input" {
			ids[id] = true
		}
	}
	return ids
}

// TooLarge says whether a view is over Slack's 250 KB, blanks between its values not counted. Slack answers
// view_too_large then, whatever else is wrong with it.
func TooLarge(view json.RawMessage) bool {
	if len(view) <= maxViewBytes {
		return false
	}
	var compact bytes.Buffer
	if json.Compact(&compact, view) != nil {
		return true
	}
	return compact.Len() > maxViewBytes
}

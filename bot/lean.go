package bot

import (
	"encoding/json"
	"fmt"

	"github.com/slack-go/slack"
)

// neededFields are the parts of an interaction that handlers can ask for, by object. Everything else,
// such as the message's blocks, can be left out.
var neededFields = map[string][]string{
	"": {
		"type", "callback_id", "response_url", "trigger_id", "action_id", "block_id", "value", "is_cleared",
		"actions", "state", "team", "user", "channel", "container", "message", "view",
	},
	"team":      {"id"},
	"user":      {"id", "team_id"},
	"channel":   {"id"},
	"container": {"type", "channel_id", "message_ts", "thread_ts", "is_ephemeral"},
	"message":   {"ts", "thread_ts"},
	"view": {
		"id", "type", "hash", "callback_id", "private_metadata", "state", "root_view_id", "previous_view_id", "external_id",
	},
}

// readInteraction decodes an interaction. The client decodes all of it, and strictly: when Slack changes
// the kind of a field that nobody here needs, the rest is decoded without it, so that buttons go on
// working.
func readInteraction(payload json.RawMessage) (*slack.InteractionCallback, error) {
	var whole slack.InteractionCallback
	err := json.Unmarshal(payload, &whole)
	if err == nil {
		return &whole, nil
	}
	var lean slack.InteractionCallback
	if json.Unmarshal(pick("", payload), &lean) != nil {
		return nil, fmt.Errorf("read interaction: %w", err)
	}
	return &lean, nil
}

// pick keeps the needed fields of an object, and of the objects in it. What is no object stays as it is.
func pick(object string, value json.RawMessage) json.RawMessage {
	var fields map[string]json.RawMessage
	if json.Unmarshal(value, &fields) != nil || fields == nil {
		return value
	}
	kept := make(map[string]json.RawMessage, len(fields))
	for _, name := range neededFields[object] {
		field, there := fields[name]
		if _, deeper := neededFields[name]; there && deeper {
			field = pick(name, field)
		}
		if there {
			kept[name] = field
		}
	}
	encoded, err := json.Marshal(kept)
	if err != nil {
		return value
	}
	return encoded
}

package bot

import (
	"encoding/json"

	"github.com/slack-go/slack/socketmode"
)

// envelopeID finds the ID in a frame whose other fields are of an unexpected kind.
func envelopeID(frame []byte) string {
	var least struct {
		ID string `json:"envelope_id"`
	}
	if json.Unmarshal(frame, &least) != nil {
		return ""
	}
	return least.ID
}

func envelopeOf(sent socketmode.Request) envelope {
	return envelope{
		ID: sent.EnvelopeID, Kind: sent.Type, Payload: sent.Payload,
		AcceptsPayload: sent.AcceptsResponsePayload, RetryAttempt: sent.RetryAttempt,
	}
}

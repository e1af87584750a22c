package views

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// ReadRequestForm reads the form back from a modal as Slack sends it: fields from the state, the rest from the
// private metadata. An error means that the modal was not made by this version of RequestModal.
func ReadRequestForm(view slack.View) (RequestForm, error) {
	var kept metadata
	if err := json.Unmarshal([]byte(view.PrivateMetadata), &kept); err != nil {
		return RequestForm{}, fmt.Errorf("read metadata of the request form: %w", err)
	}
	if kept.Version != metadataVersion || len(kept.Picks) == 0 || len(kept.Picks) > MaxPicks {
		return RequestForm{}, fmt.Errorf("read the request form: metadata of version %d with %d picks", kept.Version, len(kept.Picks))
	}
	values, seen := stateOf(view), map[int]bool{}
	read := RequestForm{Choices: kept.Choices, Channel: kept.Channel}
	for _, pick := range kept.Picks {
		if seen[pick.Number] || pick.Number < 1 || pick.Number > MaxPicks {
			return RequestForm{}, fmt.Errorf("read the request form: pick number %d", pick.Number)
		}
		seen[pick.Number] = true
		filled, err := readPick(Pick{Number: pick.Number, EntitlementID: pick.EntitlementID}, values)
		if err != nil {
			return RequestForm{}, err
		}
		read.Picks = append(read.Picks, filled)
	}
	read.Subject = values[ActionRequestSubject][ActionRequestSubject].SelectedUser
	read.Emergency = len(values[ActionRequestEmergency][ActionRequestEmergency].SelectedOptions) > 0
	read.Reason = values[ActionRequestReason][ActionRequestReason].Value
	if unix := values[ActionRequestStart][ActionRequestStart].SelectedDateTime; unix > 0 {
		read.Start = time.Unix(unix, 0).UTC()
	}
	return read, nil
}

func stateOf(view slack.View) map[string]map[string]slack.BlockAction {
	if view.State == nil {
		return nil
	}
	return view.State.Values
}

func readPick(pick Pick, values map[string]map[string]slack.BlockAction) (Pick, error) {
	drawn := pick // the duration block is named after the entitlement that the modal was drawn with
	if field, shown := values[pick.EntitlementBlock()]; shown {
		pick.EntitlementID = field[pick.id(ActionRequestEntitlement)].SelectedOption.Value
	}
	if len(pick.EntitlementID) > maxID {
		return Pick{}, fmt.Errorf("read the request form: an entitlement id of %d bytes", len(pick.EntitlementID))
	}
	chosen := values[drawn.DurationBlock()][pick.id(ActionRequestDuration)].SelectedOption.Value
	if strings.TrimSpace(chosen) == "" {
		return pick, nil
	}
	length, err := db.ParseDuration(chosen)
	if err != nil {
		return Pick{}, fmt.Errorf("read the request form: %w", err)
	}
	pick.Duration = length
	return pick, nil
}

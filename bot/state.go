package bot

import (
	"cmp"
	"strconv"

	"github.com/slack-go/slack"
)

// State holds what the inputs of a view or message contain: by block ID, then by action ID.
type State map[string]map[string]slack.BlockAction

// Value is what the input holds, whatever its kind: the text, the value of the chosen option, the ID
// of the chosen user, channel or conversation, the date (2006-01-02), the time (15:04) or the Unix
// seconds. It is empty when nothing was entered.
func (s State) Value(blockID, actionID string) string {
	return chosen(s[blockID][actionID])
}

// Values are what an input for several choices holds.
func (s State) Values(blockID, actionID string) []string {
	return chosenAll(s[blockID][actionID])
}

// Option is the chosen option of a select or of radio buttons, with its visible text.
func (s State) Option(blockID, actionID string) slack.OptionBlockObject {
	return s[blockID][actionID].SelectedOption
}

func chosen(element slack.BlockAction) string {
	when := ""
	if element.SelectedDateTime != 0 {
		when = strconv.FormatInt(element.SelectedDateTime, 10)
	}
	return cmp.Or(
		element.Value, element.SelectedOption.Value, element.SelectedUser, element.SelectedChannel,
		element.SelectedConversation, element.SelectedDate, element.SelectedTime, when,
	)
}

func chosenAll(element slack.BlockAction) []string {
	all := append([]string(nil), element.SelectedUsers...)
	all = append(all, element.SelectedChannels...)
	all = append(all, element.SelectedConversations...)
	for _, option := range element.SelectedOptions {
		all = append(all, option.Value)
	}
	return all
}

func messageState(states *slack.BlockActionStates) State {
	if states == nil {
		return nil
	}
	return states.Values
}

func viewState(view *slack.View) State {
	if view.State == nil {
		return nil
	}
	return view.State.Values
}

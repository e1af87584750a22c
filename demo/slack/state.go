package slack

// values is the state of a surface: block_id -> action_id -> what the element yields.
type values map[string]map[string]object

// stateKey names the field in which an element's value stands in state.values, and what an untouched one yields.
// Elements that are not listed (buttons, overflow menus) have no state.
var stateKeys = map[string]struct {
	key   string
	empty any
}{
	"plain_text_input":           {"value", nil},
	"email_text_input":           {"value", nil},
	"url_text_input":             {"value", nil},
	"number_input":               {"value", nil},
	"rich_text_input":            {"rich_text_value", nil},
	"static_select":              {"selected_option", nil},
	"external_select":            {"selected_option", nil},
	"radio_buttons":              {"selected_option", nil},
	"users_select":               {"selected_user", nil},
	"conversations_select":       {"selected_conversation", nil},
	"channels_select":            {"selected_channel", nil},
	"datepicker":                 {"selected_date", nil},
	"timepicker":                 {"selected_time", nil},
	"datetimepicker":             {"selected_date_time", nil},
	"checkboxes":                 {"selected_options", []any{}},
	"multi_static_select":        {"selected_options", []any{}},
	"multi_external_select":      {"selected_options", []any{}},
	"multi_users_select":         {"selected_users", []any{}},
	"multi_conversations_select": {"selected_conversations", []any{}},
	"multi_channels_select":      {"selected_channels", []any{}},
	"file_input":                 {"files", []any{}},
}

// initialKeys names the field that gives an element its first value.
var initialKeys = map[string]string{
	"value": "initial_value", "rich_text_value": "initial_value",
	"selected_option": "initial_option", "selected_options": "initial_options",
	"selected_user": "initial_user", "selected_users": "initial_users",
	"selected_conversation": "initial_conversation", "selected_conversations": "initial_conversations",
	"selected_channel": "initial_channel", "selected_channels": "initial_channels",
	"selected_date": "initial_date", "selected_time": "initial_time", "selected_date_time": "initial_date_time",
}

// initialState is the state of blocks that nobody has touched yet.
func (bs blocks) initialState() values {
	state := values{}
	for _, e := range bs.elements() {
		key, ok := stateKeys[e.kind()]
		if !ok {
			continue
		}
		value := key.empty
		if initial, ok := e.object[initialKeys[key.key]]; ok {
			value = initial
		}
		state.set(e, object{"type": e.kind(), key.key: value})
	}
	return state
}

func (v values) set(e element, value object) {
	if v[e.blockID()] == nil {
		v[e.blockID()] = map[string]object{}
	}
	v[e.blockID()][e.actionID()] = value
}

// keep takes over what was typed before, where block_id, action_id and type are still the same. A choice of a
// static list survives only if the list still offers it.
func (v values) keep(bs blocks, typed values) values {
	for _, e := range bs.elements() {
		old := typed[e.blockID()][e.actionID()]
		if old == nil || str(old, "type") != e.kind() {
			continue
		}
		if e.kind() == "static_select" || e.kind() == "radio_buttons" {
			if chosen := obj(old, "selected_option"); chosen != nil && !e.offers(str(chosen, "value")) {
				continue
			}
		}
		v.set(e, old)
	}
	return v
}

// options lists an element's fixed options, those in groups included.
func (e element) options() []object {
	options := list(e.object, "options")
	for _, group := range list(e.object, "option_groups") {
		options = append(options, list(group, "options")...)
	}
	return options
}

func (e element) offers(value string) bool {
	for _, o := range e.options() {
		if str(o, "value") == value {
			return true
		}
	}
	return false
}

// merge takes what a page sent for the elements that exist, and leaves the rest.
func (v values) merge(bs blocks, sent values) {
	for _, e := range bs.elements() {
		key, ok := stateKeys[e.kind()]
		value := sent[e.blockID()][e.actionID()]
		if !ok || value == nil {
			continue
		}
		clean := object{"type": e.kind(), key.key: value[key.key]}
		if clean[key.key] == nil {
			clean[key.key] = key.empty
		}
		if key.key == "value" && clean[key.key] == "" {
			clean[key.key] = nil
		}
		v.set(e, clean)
	}
}

// copy returns a copy that later typing does not change.
func (v values) copy() values {
	twin := values{}
	for block, actions := range v {
		twin[block] = map[string]object{}
		for action, value := range actions {
			twin[block][action] = value
		}
	}
	return twin
}

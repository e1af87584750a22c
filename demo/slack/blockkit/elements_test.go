package blockkit_test

import (
	"strings"
	"testing"
)

func repeat(text string, n int) string { return strings.Repeat(text, n) }

func TestButton(t *testing.T) {
	t.Parallel()
	at := "[json-pointer:/blocks/0/elements/0"
	button := func(rest string) string { return actionsOf(`{"type":"button","text":` + plainText("a") + rest + `}`) }
	checkMessages(t, []refusal{
		{"full", button(`,"action_id":"a","value":"` + x(2000) + `","url":"slack://app?team=T1","style":"danger","accessibility_label":"` + x(75) + `"`), nil},
		{"no text", actionsOf(`{"type":"button"}`), []string{"missing required field: text " + at + "]"}},
		{"long text", actionsOf(`{"type":"button","text":` + plainText(x(76)) + `}`), []string{allOf("/blocks/0/elements/0/text"), "must be less than 76 characters " + at + "/text/text]"}},
		{"mrkdwn", actionsOf(`{"type":"button","text":` + mrkdwn("a") + `}`), []string{allOf("/blocks/0/elements/0/text"), "must be a valid enum value " + at + "/text/type]"}},
		{"style null", button(`,"style":null`), []string{"must provide a string " + at + "/style]"}},
		{"style default", button(`,"style":"default"`), []string{"must be a valid enum value " + at + "/style]"}},
		{"long value", button(`,"value":"` + x(2001) + `"`), []string{"must be less than 2001 characters " + at + "/value]"}},
		{"long action_id", button(`,"action_id":"` + x(256) + `"`), []string{"must be less than 256 characters " + at + "/action_id]"}},
		{"long label", button(`,"accessibility_label":"` + x(76) + `"`), []string{"must be less than 76 characters " + at + "/accessibility_label]"}},
		{"disabled", button(`,"disabled":true`), []string{"invalid additional property: disabled " + at + "]"}},
		{"not a url", button(`,"url":"example"`), []string{"input must be a valid: uri " + at + "/url]"}},
		{"long url", button(`,"url":"https://example.com/` + x(2981) + `"`), []string{"must be less than 3001 characters " + at + "/url]"}},
	})
}

func TestConfirm(t *testing.T) {
	t.Parallel()
	at := "/blocks/0/elements/0/confirm"
	ask := func(title, text, yes, no, rest string) string {
		return actionsOf(`{"type":"button","text":` + plainText("a") + `,"confirm":{"title":` + plainText(title) +
			`,"text":` + mrkdwn(text) + `,"confirm":` + plainText(yes) + `,"deny":` + plainText(no) + rest + `}}`)
	}
	long := func(name, characters string) []string {
		return []string{allOf(at + "/" + name), "must be less than " + characters + " characters [json-pointer:" + at + "/" + name + "/text]"}
	}
	checkMessages(t, []refusal{
		{"right", ask(x(100), x(300), x(30), x(30), `,"style":"primary"`), nil},
		{"long title", ask(x(101), "a", "a", "a", ``), long("title", "101")},
		{"long text", ask("a", x(301), "a", "a", ``), long("text", "301")},
		{"long confirm", ask("a", "a", x(31), "a", ``), long("confirm", "31")},
		{"long deny", ask("a", "a", "a", x(31), ``), long("deny", "31")},
		{"style", ask("a", "a", "a", "a", `,"style":"red"`), []string{"must be a valid enum value [json-pointer:" + at + "/style]"}},
		{"type", ask("a", "a", "a", "a", `,"type":"confirm"`), []string{"invalid additional property: type [json-pointer:" + at + "]"}},
		{"empty", actionsOf(`{"type":"button","text":` + plainText("a") + `,"confirm":{}}`), []string{
			"missing required field: title [json-pointer:" + at + "]", "missing required field: text [json-pointer:" + at + "]",
			"missing required field: confirm [json-pointer:" + at + "]", "missing required field: deny [json-pointer:" + at + "]",
		}},
	})
}

func TestPickers(t *testing.T) {
	t.Parallel()
	at := "[json-pointer:/blocks/0/elements/0"
	checkMessages(t, []refusal{
		{"date", actionsOf(`{"type":"datepicker","initial_date":"2026-02-28"}`), nil},
		{"no such date", actionsOf(`{"type":"datepicker","initial_date":"2026-02-30"}`), []string{"input must be a valid: date " + at + "/initial_date]"}},
		{"other date", actionsOf(`{"type":"datepicker","initial_date":"28.02.2026"}`), []string{"input must be a valid: date " + at + "/initial_date]"}},
		{"time", actionsOf(`{"type":"timepicker","initial_time":"09:30","timezone":"Europe/Berlin"}`), nil},
		{"late time", actionsOf(`{"type":"timepicker","initial_time":"24:00"}`), []string{"input must be a valid: time " + at + "/initial_time]"}},
		{"short time", actionsOf(`{"type":"timepicker","initial_time":"9:30"}`), []string{"input must be a valid: time " + at + "/initial_time]"}},
		{"date and time", actionsOf(`{"type":"datetimepicker","initial_date_time":1628633820}`), nil},
		{"short date and time", actionsOf(`{"type":"datetimepicker","initial_date_time":162863382}`), []string{"must be greater than 1000000000 " + at + "/initial_date_time]"}},
		{"long date and time", actionsOf(`{"type":"datetimepicker","initial_date_time":16286338200}`), []string{"must be less than 9999999999 " + at + "/initial_date_time]"}},
		{"written date and time", actionsOf(`{"type":"datetimepicker","initial_date_time":"1628633820"}`), []string{"must provide an integer " + at + "/initial_date_time]"}},
		{"long placeholder", actionsOf(`{"type":"datepicker","placeholder":` + plainText(x(151)) + `}`), []string{
			allOf("/blocks/0/elements/0/placeholder"), "must be less than 151 characters " + at + "/placeholder/text]",
		}},
	})
}

// TestPlacement says for every element where it may stand: actions, section accessory, input.
func TestPlacement(t *testing.T) {
	t.Parallel()
	options := `"options":[` + option("a") + `]`
	elements := []struct {
		kind, rest                string
		actions, accessory, input bool
	}{
		{"button", `"text":` + plainText("a"), true, true, false},
		{"workflow_button", `"action_id":"a","text":` + plainText("a") + `,"workflow":{"trigger":{"url":"https://slack.com/a"}}`, true, true, false},
		{"overflow", options, true, true, false},
		{"checkboxes", options, true, true, true},
		{"radio_buttons", options, true, true, true},
		{"datepicker", ``, true, true, true},
		{"timepicker", ``, true, true, true},
		{"datetimepicker", ``, true, false, true},
		{"static_select", options, true, true, true},
		{"external_select", ``, true, true, true},
		{"users_select", ``, true, true, true},
		{"conversations_select", ``, true, true, true},
		{"channels_select", ``, true, true, true},
		{"multi_static_select", options, true, true, true},
		{"multi_external_select", ``, true, true, true},
		{"multi_users_select", ``, true, true, true},
		{"multi_conversations_select", ``, true, true, true},
		{"multi_channels_select", ``, true, true, true},
		{"image", `"alt_text":"a","image_url":"https://example.com/a.png"`, false, true, false},
		{"rich_text_input", ``, true, false, true},
		{"plain_text_input", ``, false, false, true},
		{"email_text_input", ``, false, false, true},
		{"url_text_input", ``, false, false, true},
		{"number_input", `"is_decimal_allowed":false`, false, false, true},
		{"file_input", ``, false, false, false},
		{"icon_button", ``, false, false, false},
		{"feedback_buttons", ``, false, false, false},
	}
	verdict := func(allowed bool, kind, at string) []string {
		if allowed {
			return nil
		}
		return []string{"unsupported type: " + kind + " [json-pointer:" + at + "/type]"}
	}
	var cases []refusal
	for _, e := range elements {
		element := `{"type":"` + e.kind + `"}`
		if e.rest != "" {
			element = `{"type":"` + e.kind + `",` + e.rest + `}`
		}
		cases = append(cases,
			refusal{e.kind + " in actions", actionsOf(element), verdict(e.actions, e.kind, "/blocks/0/elements/0")},
			refusal{e.kind + " in section", accessory(element), verdict(e.accessory, e.kind, "/blocks/0/accessory")},
			refusal{e.kind + " in input", inputOf(element), verdict(e.input, e.kind, "/blocks/0/element")})
	}
	checkMessages(t, cases)
}

func TestInputs(t *testing.T) {
	t.Parallel()
	at := "[json-pointer:/blocks/0/element"
	typed := func(rest string) string { return inputOf(`{"type":"plain_text_input"` + rest + `}`) }
	counted := func(rest string) string {
		return inputOf(`{"type":"number_input","is_decimal_allowed":true` + rest + `}`)
	}
	checkMessages(t, []refusal{
		{"full", typed(`,"action_id":"a","multiline":true,"min_length":1,"max_length":3000,"initial_value":"a",` +
			`"dispatch_action_config":{"trigger_actions_on":["on_enter_pressed"]},"placeholder":` + plainText(x(150))), nil},
		{"no label", `{"type":"input","element":{"type":"plain_text_input"}}`, []string{"missing required field: label [json-pointer:/blocks/0]"}},
		{"no element", `{"type":"input","label":` + plainText("a") + `}`, []string{"missing required field: element [json-pointer:/blocks/0]"}},
		{"long label", `{"type":"input","label":` + plainText(x(2001)) + `,"element":{"type":"plain_text_input"}}`, []string{
			allOf("/blocks/0/label"), "must be less than 2001 characters [json-pointer:/blocks/0/label/text]",
		}},
		{"long hint", `{"type":"input","label":` + plainText("a") + `,"hint":` + plainText(x(2001)) + `,"element":{"type":"plain_text_input"}}`, []string{
			allOf("/blocks/0/hint"), "must be less than 2001 characters [json-pointer:/blocks/0/hint/text]",
		}},
		{"long maximum", typed(`,"max_length":3001`), []string{"must be less than 3000 " + at + "/max_length]"}},
		{"long start", typed(`,"initial_value":"` + x(3001) + `"`), []string{"must be less than 3001 characters " + at + "/initial_value]"}},
		{"start over maximum", typed(`,"max_length":2,"initial_value":"abc"`), []string{"must not be longer than `max_length` " + at + "/initial_value]"}},
		{"minimum over maximum", typed(`,"min_length":3,"max_length":2`), []string{"must not be more than `max_length` " + at + "/min_length]"}},
		{"unknown trigger", typed(`,"dispatch_action_config":{"trigger_actions_on":["on_blur"]}`), []string{
			"must be a valid enum value " + at + "/dispatch_action_config/trigger_actions_on/0]",
		}},
		{"number", counted(`,"min_value":"-1.5","max_value":"10","initial_value":"10"`), nil},
		{"number without kind", inputOf(`{"type":"number_input"}`), []string{"missing required field: is_decimal_allowed " + at + "]"}},
		{"number as number", counted(`,"min_value":1`), []string{"must provide a string " + at + "/min_value]"}},
		{"numbers crossed", counted(`,"min_value":"2","max_value":"1"`), []string{"must not be more than `max_value` " + at + "/min_value]"}},
		{"number outside", counted(`,"min_value":"2","initial_value":"1"`), []string{"must be between `min_value` and `max_value` " + at + "/initial_value]"}},
		{"address", inputOf(`{"type":"email_text_input","initial_value":"a@example.com"}`), nil},
		{"no address", inputOf(`{"type":"email_text_input","initial_value":"a"}`), []string{"input must be a valid: email " + at + "/initial_value]"}},
	})
}

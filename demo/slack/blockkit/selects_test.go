package blockkit_test

import "testing"

func TestStaticSelect(t *testing.T) {
	t.Parallel()
	at := "[json-pointer:/blocks/0/accessory"
	menu := func(rest string) string { return accessory(`{"type":"static_select",` + rest + `}`) }
	groups := func(n int, label, options string) string {
		return `"option_groups":[` + times(n, `{"label":`+plainText(label)+`,"options":[`+options+`]}`) + `]`
	}
	checkMessages(t, []refusal{
		{"hundred", menu(`"options":[` + times(100, option("%d")) + `],"initial_option":` + option("7")), nil},
		{"hundred and one", menu(`"options":[` + times(101, option("%d")) + `]`), []string{"no more than 100 items allowed " + at + "/options]"}},
		{"none", menu(`"options":[]`), []string{"must provide at least 1 items " + at + "/options]"}},
		{"neither", accessory(`{"type":"static_select"}`), []string{"missing required field: options " + at + "]"}},
		{"both", menu(`"options":[` + option("a") + `],` + groups(1, "a", option("a"))), []string{"failed to match exactly one allowed schema " + at + "]"}},
		{"start not among options", menu(`"options":[` + option("a") + `],"initial_option":` + option("b")), []string{"must be one of the provided options " + at + "/initial_option]"}},
		{"start null", menu(`"options":[` + option("a") + `],"initial_option":null`), []string{"must provide an object " + at + "/initial_option]"}},
		{"start in a group", menu(groups(2, "a", option("%d")) + `,"initial_option":` + option("1")), nil},
		{"start in no group", menu(groups(2, "a", option("%d")) + `,"initial_option":` + option("2")), []string{"must be one of the provided options " + at + "/initial_option]"}},
		{"too many groups", menu(groups(101, "a", option("a"))), []string{"no more than 100 items allowed " + at + "/option_groups]"}},
		{"empty group", menu(groups(1, "a", ``)), []string{"must provide at least 1 items " + at + "/option_groups/0/options]"}},
		{"full group", menu(groups(1, x(75), times(100, option("%d")))), nil},
		{"overfull group", menu(groups(1, "a", times(101, option("%d")))), []string{"no more than 100 items allowed " + at + "/option_groups/0/options]"}},
		{"long group label", menu(groups(1, x(76), option("a"))), []string{
			allOf("/blocks/0/accessory/option_groups/0/label"), "must be less than 76 characters " + at + "/option_groups/0/label/text]",
		}},
		{"long placeholder", menu(`"options":[` + option("a") + `],"placeholder":` + plainText(x(151))), []string{
			allOf("/blocks/0/accessory/placeholder"), "must be less than 151 characters " + at + "/placeholder/text]",
		}},
	})
}

func TestOption(t *testing.T) {
	t.Parallel()
	at := "[json-pointer:/blocks/0/accessory/options/0"
	of := func(kind, option string) string {
		return accessory(`{"type":"` + kind + `","options":[` + option + `]}`)
	}
	described := func(text string) string {
		return `{"text":` + plainText("a") + `,"value":"a","description":` + text + `}`
	}
	linked := `{"text":` + plainText("a") + `,"value":"a","url":"https://example.com"}`
	checkMessages(t, []refusal{
		{"right", of("static_select", `{"text":`+plainText(x(75))+`,"value":"`+x(150)+`","description":`+plainText(x(75))+`}`), nil},
		{"long text", of("static_select", `{"text":`+plainText(x(76))+`,"value":"a"}`), []string{
			allOf("/blocks/0/accessory/options/0/text"), "must be less than 76 characters " + at + "/text/text]",
		}},
		{"long value", of("static_select", `{"text":`+plainText("a")+`,"value":"`+x(151)+`"}`), []string{"must be less than 151 characters " + at + "/value]"}},
		{"long description", of("static_select", described(plainText(x(76)))), []string{
			allOf("/blocks/0/accessory/options/0/description"), "must be less than 76 characters " + at + "/description/text]",
		}},
		{"no value", of("static_select", `{"text":`+plainText("a")+`}`), []string{"missing required field: value " + at + "]"}},
		{"type", of("static_select", `{"type":"option","text":`+plainText("a")+`,"value":"a"}`), []string{"invalid additional property: type " + at + "]"}},
		{"mrkdwn in a select", of("static_select", `{"text":`+mrkdwn("a")+`,"value":"a"}`), []string{
			allOf("/blocks/0/accessory/options/0/text"), "must be a valid enum value " + at + "/text/type]",
		}},
		{"mrkdwn in radio buttons", of("radio_buttons", `{"text":`+mrkdwn("a")+`,"value":"a","description":`+mrkdwn("b")+`}`), nil},
		{"mrkdwn in checkboxes", of("checkboxes", `{"text":`+mrkdwn("a")+`,"value":"a"}`), nil},
		{"link in overflow", of("overflow", linked), nil},
		{"link in a select", of("static_select", linked), []string{"invalid additional property: url " + at + "]"}},
	})
}

func TestChoices(t *testing.T) {
	t.Parallel()
	at := "[json-pointer:/blocks/0/accessory"
	of := func(kind, options, rest string) string {
		return accessory(`{"type":"` + kind + `","options":[` + options + `]` + rest + `}`)
	}
	checkMessages(t, []refusal{
		{"ten radio buttons", of("radio_buttons", times(10, option("%d")), `,"initial_option":`+option("9")), nil},
		{"eleven radio buttons", of("radio_buttons", times(11, option("%d")), ``), []string{"no more than 10 items allowed " + at + "/options]"}},
		{"other radio button", of("radio_buttons", option("a"), `,"initial_option":`+option("b")), []string{"must be one of the provided options " + at + "/initial_option]"}},
		{"eleven checkboxes", of("checkboxes", times(11, option("%d")), ``), []string{"no more than 10 items allowed " + at + "/options]"}},
		{"two checked", of("checkboxes", times(3, option("%d")), `,"initial_options":[`+option("0")+`,`+option("2")+`]`), nil},
		{"other checked", of("checkboxes", option("a"), `,"initial_options":[`+option("b")+`]`), []string{"must be one of the provided options " + at + "/initial_options]"}},
		{"none checked", of("checkboxes", option("a"), `,"initial_options":[]`), []string{"must be one of the provided options " + at + "/initial_options]"}},
		{"five in overflow", of("overflow", times(5, option("%d")), ``), nil},
		{"six in overflow", of("overflow", times(6, option("%d")), ``), []string{"no more than 5 items allowed " + at + "/options]"}},
		{"placeholder of radio buttons", of("radio_buttons", option("a"), `,"placeholder":`+plainText("a")), []string{"invalid additional property: placeholder " + at + "]"}},
	})
}

func TestOtherSelects(t *testing.T) {
	t.Parallel()
	at := "[json-pointer:/blocks/0/accessory"
	of := func(kind, rest string) string { return accessory(`{"type":"` + kind + `",` + rest + `}`) }
	checkMessages(t, []refusal{
		{"external", of("external_select", `"min_query_length":0,"initial_option":`+option("a")), nil},
		{"external with options", of("external_select", `"options":[]`), []string{"invalid additional property: options " + at + "]"}},
		{"users", of("users_select", `"initial_user":"U012AB3CD"`), nil},
		{"users by name", of("users_select", `"initial_user":"ada"`), []string{"input must match regex pattern: ^[UW][A-Z0-9]+$ " + at + "/initial_user]"}},
		{"one user of many", of("multi_users_select", `"initial_user":"U012AB3CD"`), []string{"invalid additional property: initial_user " + at + "]"}},
		{"many users", of("multi_users_select", `"initial_users":["U1","W2"],"max_selected_items":2`), nil},
		{"no selection", of("multi_users_select", `"max_selected_items":0`), []string{"must be greater than 1 " + at + "/max_selected_items]"}},
		{"filtered", of("conversations_select", `"filter":{"include":["im","public"],"exclude_bot_users":true}`), nil},
		{"wrong filter", of("conversations_select", `"filter":{"include":["dm"]}`), []string{"must be a valid enum value " + at + "/filter/include/0]"}},
		{"response_url", of("conversations_select", `"response_url_enabled":true`), []string{"can only be used in an `input` block in modals " + at + "/response_url_enabled]"}},
	})
}

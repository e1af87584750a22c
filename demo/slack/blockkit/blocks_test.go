package blockkit_test

import "testing"

func TestMessageBlocks(t *testing.T) {
	t.Parallel()
	checkMessages(t, []refusal{
		{"nothing", ``, nil},
		{"fifty", times(50, divider), nil},
		{"fifty-one", times(51, divider), []string{"no more than 50 items allowed [json-pointer:/blocks]"}},
		{"no type", `{}`, []string{"missing required field: type [json-pointer:/blocks/0]"}},
		{"type is a number", `{"type":1}`, []string{"must provide a string [json-pointer:/blocks/0/type]"}},
		{"unknown type", divider + `,{"type":"sections"}`, []string{"unsupported type: sections [json-pointer:/blocks/1/type]"}},
		{"not an object", `"divider"`, []string{"must provide an object [json-pointer:/blocks/0]"}},
		{"two faults", `{"type":"a"},{"type":"b"}`, []string{
			"unsupported type: a [json-pointer:/blocks/0/type]", "unsupported type: b [json-pointer:/blocks/1/type]",
		}},
		{"property of a divider", `{"type":"divider","text":"-"}`, []string{"invalid additional property: text [json-pointer:/blocks/0]"}},
		{"long block_id", `{"type":"divider","block_id":"` + x(256) + `"}`, []string{"must be less than 256 characters [json-pointer:/blocks/0/block_id]"}},
		{"empty block_id", `{"type":"divider","block_id":""}`, []string{"must be more than 0 characters [json-pointer:/blocks/0/block_id]"}},
		{"equal block_ids", `{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}`, []string{
			"`block_id` \"a\" already exists [json-pointer:/blocks/1/block_id]",
		}},
		{"file", `{"type":"file","external_id":"a","source":"remote"}`, []string{"unsupported type: file [json-pointer:/blocks/0/type]"}},
		{"alert", `{"type":"alert","text":` + plainText("a") + `}`, []string{"unsupported type: alert [json-pointer:/blocks/0/type]"}},
	})
}

func TestHeader(t *testing.T) {
	t.Parallel()
	text, at := "/blocks/0/text", "[json-pointer:/blocks/0"
	header := func(text string) string { return `{"type":"header","text":` + text + `}` }
	checkMessages(t, []refusal{
		{"right", `{"type":"header","level":2,"block_id":"h","text":` + plainText(x(150)) + `}`, nil},
		{"no text", `{"type":"header"}`, []string{"missing required field: text " + at + "]"}},
		{"long", header(plainText(x(151))), []string{allOf(text), "must be less than 151 characters " + at + "/text/text]"}},
		{"empty", header(plainText("")), []string{allOf(text), "must be more than 0 characters " + at + "/text/text]"}},
		{"mrkdwn", header(mrkdwn("a")), []string{allOf(text), "must be a valid enum value " + at + "/text/type]"}},
		{"text without text", header(`{"type":"plain_text"}`), []string{allOf(text), "missing required field: text " + at + "/text]"}},
		{"text is a string", header(`"a"`), []string{allOf(text), "must provide an object " + at + "/text]", "must provide an object " + at + "/text]"}},
		{"level 0", `{"type":"header","level":0,"text":` + plainText("a") + `}`, []string{"must be greater than 1 " + at + "/level]"}},
		{"level 5", `{"type":"header","level":5,"text":` + plainText("a") + `}`, []string{"must be less than 4 " + at + "/level]"}},
		{"level 1.5", `{"type":"header","level":1.5,"text":` + plainText("a") + `}`, []string{"must provide an integer " + at + "/level]"}},
	})
}

func TestTextCountsTheStricterOfCodePointsAndUTF16Units(t *testing.T) {
	t.Parallel()
	checkMessages(t, []refusal{
		{"75 emoji are 150", `{"type":"header","text":` + plainText(repeat("😀", 75)) + `}`, nil},
		{"76 emoji are 152", `{"type":"header","text":` + plainText(repeat("😀", 76)) + `}`, []string{
			allOf("/blocks/0/text"), "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
		}},
		{"150 umlauts are 150", `{"type":"header","text":` + plainText(repeat("ü", 150)) + `}`, nil},
	})
}

func TestSection(t *testing.T) {
	t.Parallel()
	at := "[json-pointer:/blocks/0"
	section := func(text string) string { return `{"type":"section","text":` + text + `}` }
	fields := func(inside string) string { return `{"type":"section","fields":[` + inside + `]}` }
	checkMessages(t, []refusal{
		{"mrkdwn", section(`{"type":"mrkdwn","text":"` + x(3000) + `","verbatim":true}`), nil},
		{"plain", `{"type":"section","expand":true,"text":{"type":"plain_text","text":"a","emoji":false}}`, nil},
		{"neither", `{"type":"section"}`, []string{"must define either `text` or `fields` " + at + "/type]"}},
		{"long", section(mrkdwn(x(3001))), []string{allOf("/blocks/0/text"), "must be less than 3001 characters " + at + "/text/text]"}},
		{"other text", section(`{"type":"markdown","text":"a"}`), []string{allOf("/blocks/0/text"), "unsupported type: markdown " + at + "/text/type]"}},
		{"emoji in mrkdwn", section(`{"type":"mrkdwn","text":"a","emoji":true}`), []string{allOf("/blocks/0/text"), "invalid additional property: emoji " + at + "/text]"}},
		{"verbatim in plain", section(`{"type":"plain_text","text":"a","verbatim":true}`), []string{allOf("/blocks/0/text"), "invalid additional property: verbatim " + at + "/text]"}},
		{"emoji is a word", section(`{"type":"plain_text","text":"a","emoji":"yes"}`), []string{allOf("/blocks/0/text"), "must be a boolean " + at + "/text/emoji]"}},
		{"ten fields", fields(times(10, mrkdwn(x(2000)))), nil},
		{"eleven fields", fields(times(11, mrkdwn("a"))), []string{"no more than 10 items allowed " + at + "/fields]"}},
		{"no fields", fields(``), []string{"must provide at least 1 items " + at + "/fields]"}},
		{"long field", fields(mrkdwn(x(2001))), []string{allOf("/blocks/0/fields/0"), "must be less than 2001 characters " + at + "/fields/0/text]"}},
		{"fields is an object", `{"type":"section","fields":{}}`, []string{"must provide an array " + at + "/fields]"}},
		{"accessory is null", `{"type":"section","text":` + mrkdwn("a") + `,"accessory":null}`, []string{"must provide an object " + at + "/accessory]"}},
	})
}

func TestContextAndActions(t *testing.T) {
	t.Parallel()
	at := "[json-pointer:/blocks/0/elements"
	context := func(inside string) string { return `{"type":"context","elements":[` + inside + `]}` }
	button := `{"type":"button","action_id":"a%d","text":` + plainText("a") + `}`
	checkMessages(t, []refusal{
		{"context", context(mrkdwn("a") + `,` + plainText("b") + `,{"type":"image","image_url":"https://example.com/a.png","alt_text":"a"}`), nil},
		{"eleven", context(times(11, mrkdwn("a"))), []string{"no more than 10 items allowed " + at + "]"}},
		{"none", context(``), []string{"must provide at least 1 items " + at + "]"}},
		{"no elements", `{"type":"context"}`, []string{"missing required field: elements [json-pointer:/blocks/0]"}},
		{"long", context(mrkdwn(x(3001))), []string{"must be less than 3001 characters " + at + "/0/text]"}},
		{"empty", context(mrkdwn("")), []string{"must be more than 0 characters " + at + "/0/text]"}},
		{"button in context", context(button), []string{"unsupported type: button " + at + "/0/type]"}},
		{"twenty-five actions", actionsOf(times(25, button)), nil},
		{"twenty-six actions", actionsOf(times(26, button)), []string{"no more than 25 items allowed " + at + "]"}},
		{"no actions", actionsOf(), []string{"must provide at least 1 items " + at + "]"}},
		{"equal action_ids", actionsOf(button, button), []string{"`action_id` \"a%d\" already exists " + at + "/1/action_id]"}},
		{"equal action_ids in two blocks", actionsOf(button) + `,` + actionsOf(button), nil},
		{"text in actions", actionsOf(mrkdwn("a")), []string{"unsupported type: mrkdwn " + at + "/0/type]"}},
		{"image in actions", actionsOf(`{"type":"image"}`), []string{"unsupported type: image " + at + "/0/type]"}},
		{"text input in actions", actionsOf(`{"type":"plain_text_input"}`), []string{"unsupported type: plain_text_input " + at + "/0/type]"}},
	})
}

func TestImage(t *testing.T) {
	t.Parallel()
	at := "[json-pointer:/blocks/0"
	image := func(rest string) string {
		return `{"type":"image","image_url":"https://example.com/a.png"` + rest + `}`
	}
	checkMessages(t, []refusal{
		{"right", image(`,"alt_text":"` + x(2000) + `","title":` + plainText(x(2000))), nil},
		{"of a file", `{"type":"image","alt_text":"a","slack_file":{"id":"F12345678"}}`, nil},
		{"bare", `{"type":"image"}`, []string{"missing required field: image_url " + at + "]", "missing required field: alt_text " + at + "]"}},
		{"long alt_text", image(`,"alt_text":"` + x(2001) + `"`), []string{"must be less than 2001 characters " + at + "/alt_text]"}},
		{"long title", image(`,"alt_text":"a","title":` + plainText(x(2001))), []string{allOf("/blocks/0/title"), "must be less than 2001 characters " + at + "/title/text]"}},
		{"long url", `{"type":"image","alt_text":"a","image_url":"https://example.com/` + x(2981) + `"}`, []string{"must be less than 3001 characters " + at + "/image_url]"}},
		{"no url", `{"type":"image","alt_text":"a","image_url":"a.png"}`, []string{"input must be a valid: uri " + at + "/image_url]"}},
		{"both sources", image(`,"alt_text":"a","slack_file":{"id":"F12345678"}`), []string{"failed to match exactly one allowed schema " + at + "]"}},
		{"wrong file id", `{"type":"image","alt_text":"a","slack_file":{"id":"X1"}}`, []string{"input must match regex pattern: ^[F][A-Z0-9]{8,}$ " + at + "/slack_file/id]"}},
	})
}

package blockkit_test

import (
	"testing"
)

// TestSurfaces says for every block where it may be shown.
func TestSurfaces(t *testing.T) {
	t.Parallel()
	text, rich := plainText("a"), `{"type":"rich_text","elements":[]}`
	blocks := []struct {
		kind, rest           string
		message, modal, home bool
	}{
		{"header", `"text":` + text, true, true, true},
		{"section", `"text":` + text, true, true, true},
		{"context", `"elements":[` + text + `]`, true, true, true},
		{"actions", `"elements":[{"type":"button","text":` + text + `}]`, true, true, true},
		{"divider", `"block_id":"d"`, true, true, true},
		{"image", `"alt_text":"a","image_url":"https://example.com/a.png"`, true, true, true},
		{"input", `"label":` + text + `,"element":{"type":"plain_text_input"}`, true, true, true},
		{"rich_text", `"elements":[]`, true, true, true},
		{"video", `"alt_text":"a","title":` + text + `,"video_url":"https://example.com/a","thumbnail_url":"https://example.com/b"`, true, true, true},
		{"markdown", `"text":"a"`, true, false, false},
		{"table", `"rows":[[{"type":"raw_text","text":"a"}]]`, true, false, false},
		{"data_table", `"caption":"a","rows":[[{}],[{}]]`, true, false, false},
		{"context_actions", `"elements":[{"type":"icon_button","icon":"trash","text":` + text + `}]`, true, false, false},
		{"plan", `"title":"a"`, true, false, false},
		{"task_card", `"task_id":"a","title":"a","details":` + rich, true, false, false},
		{"data_visualization", `"title":"a","chart":{"type":"pie"}`, true, false, false},
		{"container", `"title":` + text + `,"child_blocks":[` + divider + `]`, true, false, false},
		{"card", `"title":` + text, true, false, true},
		{"carousel", `"elements":[{"type":"card","body":` + text + `}]`, true, false, true},
		{"alert", `"text":` + text + `,"level":"warning"`, false, true, false},
		{"file", `"external_id":"a","source":"remote"`, false, false, false},
		{"call", `"call_id":"R1"`, false, false, false},
	}
	var messages, views []refusal
	for _, b := range blocks {
		block := `{"type":"` + b.kind + `",` + b.rest + `}`
		refused := "unsupported type: " + b.kind
		messages = append(messages, refusal{b.kind, block, unless(b.message, refused+" [json-pointer:/blocks/0/type]")})
		inView := []string{wholeView, refused + " [json-pointer:/view/blocks/0/type]"}
		views = append(views,
			refusal{b.kind + " in a modal", modalOf(block), unless(b.modal, inView...)},
			refusal{b.kind + " in a Home tab", homeOf(block), unless(b.home, inView...)})
	}
	checkMessages(t, messages)
	checkViews(t, views)
}

func unless(allowed bool, lines ...string) []string {
	if allowed {
		return nil
	}
	return lines
}

func TestNewerBlocks(t *testing.T) {
	t.Parallel()
	at := "[json-pointer:/blocks/0"
	table := `{"type":"table","rows":[[{"type":"raw_text","text":""}]]}`
	cells := func(n int) string {
		return `{"type":"table","rows":[[` + times(n, `{"type":"raw_text","text":"a"}`) + `]]}`
	}
	markdown := func(n int) string { return `{"type":"markdown","text":"` + x(n) + `"}` }
	checkMessages(t, []refusal{
		{"markdown", markdown(12000), nil},
		{"long markdown", markdown(12001), []string{"must be less than 12001 characters " + at + "/text]"}},
		{"long markdown in two blocks", markdown(6000) + `,` + markdown(6001), []string{"must be less than 12001 characters [json-pointer:/blocks/1/text]"}},
		{"two tables", table + `,` + table, []string{"only_one_table_allowed [json-pointer:/blocks/1]"}},
		{"wide table", cells(20), nil},
		{"wider table", cells(21), []string{"no more than 20 items allowed " + at + "/rows/0]"}},
		{"table without rows", `{"type":"table"}`, []string{"missing required field: rows " + at + "]"}},
		{"empty column settings", `{"type":"table","rows":[[{"type":"raw_number","value":1.5}]],"column_settings":[null,{"align":"left","is_wrapped":true}]}`, nil},
		{"wrong alignment", `{"type":"table","rows":[[{"type":"raw_number","value":"1"}]],"column_settings":[{"align":"top"}]}`, []string{
			"must provide a number " + at + "/rows/0/0/value]", "must be a valid enum value " + at + "/column_settings/0/align]",
		}},
		{"bare video", `{"type":"video"}`, []string{
			"missing required field: alt_text " + at + "]", "missing required field: title " + at + "]",
			"missing required field: thumbnail_url " + at + "]", "missing required field: video_url " + at + "]",
		}},
		{"open video", `{"type":"video","alt_text":"a","title":` + plainText("a") + `,"thumbnail_url":"http://example.com","video_url":"http://example.com"}`, []string{
			"input must be a valid: uri " + at + "/video_url]",
		}},
		{"plan with a text object", `{"type":"plan","title":` + plainText("a") + `}`, []string{"must provide a string " + at + "/title]"}},
		{"empty card", `{"type":"card"}`, []string{"must define `hero_image`, `title`, `actions` or `body` " + at + "/type]"}},
		{"card with a bare title", `{"type":"card","title":"a"}`, []string{
			allOf("/blocks/0/title"), "must provide an object " + at + "/title]", "must provide an object " + at + "/title]",
		}},
		{"container without a title", `{"type":"container","child_blocks":[` + divider + `]}`, []string{
			"must define either `title` or `rich_text_title` " + at + "/type]",
		}},
		{"container in a container", `{"type":"container","title":` + plainText("a") + `,"child_blocks":[{"type":"container"}]}`, []string{
			"unsupported type: container " + at + "/child_blocks/0/type]",
		}},
		{"equal block_ids across a container", `{"type":"divider","block_id":"a"},{"type":"container","title":` + plainText("a") +
			`,"child_blocks":[{"type":"divider","block_id":"a"}]}`, []string{"`block_id` \"a\" already exists [json-pointer:/blocks/1/child_blocks/0/block_id]"}},
		{"feedback", `{"type":"context_actions","elements":[{"type":"feedback_buttons","positive_button":{"text":` + plainText("a") + `,"value":"1"}}]}`, []string{
			"missing required field: negative_button " + at + "/elements/0]",
		}},
	})
}

func TestRichText(t *testing.T) {
	t.Parallel()
	at := "[json-pointer:/blocks/0/elements/0"
	of := func(part string) string { return `{"type":"rich_text","elements":[` + part + `]}` }
	section := func(leaves string) string { return `{"type":"rich_text_section","elements":[` + leaves + `]}` }
	checkMessages(t, []refusal{
		{"every leaf", of(section(`{"type":"text","text":"a","style":{"bold":true}},{"type":"link","url":"https://example.com"},` +
			`{"type":"user","user_id":"U1"},{"type":"usergroup","usergroup_id":"S1"},{"type":"channel","channel_id":"C1"},` +
			`{"type":"emoji","name":"wave","skin_tone":2},{"type":"broadcast","range":"here"},{"type":"date","timestamp":1,"format":"{date}"}`)), nil},
		{"list", of(`{"type":"rich_text_list","style":"bullet","indent":1,"elements":[` + section(``) + `]}`), nil},
		{"list in a list", of(`{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_list"}]}`), []string{
			"unsupported type: rich_text_list " + at + "/elements/0/type]",
		}},
		{"list without style", of(`{"type":"rich_text_list","elements":[` + section(``) + `]}`), []string{"missing required field: style " + at + "]"}},
		{"empty leaf", of(section(`{"type":"text","text":""}`)), []string{"must be more than 0 characters " + at + "/elements/0/text]"}},
		{"unknown leaf", of(section(`{"type":"bold"}`)), []string{"unsupported type: bold " + at + "/elements/0/type]"}},
		{"leaf outside a section", of(`{"type":"text","text":"a"}`), []string{"unsupported type: text " + at + "/type]"}},
		{"unknown style", of(section(`{"type":"text","text":"a","style":{"blink":true}}`)), []string{"invalid additional property: blink " + at + "/elements/0/style]"}},
	})
}

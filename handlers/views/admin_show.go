package views

import (
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// AdminObject is one object of the configuration as it is shown.
type AdminObject struct {
	State       AdminState
	Title       string
	Active      bool
	MayEdit     bool
	WhyNot      string      // why not, a sentence
	Lines       [][2]string // label and value of what it holds; a value in mrkdwn
	Steps       []db.Step   // of an approval chain
	WrittenBy   string
	WrittenAt   time.Time // zero is not known
	Origin      string
	Waiting     []db.ConfigChange
	Notice      string // above everything, a sentence
	CanDisable  bool   // or enable, where it is disabled
	HasWorkflow bool   // leads to its workflows
	Resettable  bool   // of a person: there is a second factor that this admin can take away
}

// AdminObjectModal shows an object with all that it holds, who wrote it last and what waits for an approval.
func AdminObjectModal(o AdminObject) slack.ModalViewRequest {
	kind := adminKinds[o.State.Kind]
	modal := adminForm(o.State, capital(kind.one), "", CallbackMessage)
	if !blank(o.Notice) {
		modal = with(modal, section("*"+sentence(escape(o.Notice, 600))+"*"))
	}
	head := "*" + escape(o.Title, 120) + "*"
	if !o.Active {
		head += " · disabled"
	}
	modal = with(modal, section(head), footnote(writtenLine(o)))
	modal = with(modal, objectContent(o)...)
	for _, waiting := range o.Waiting[:min(len(o.Waiting), 5)] {
		modal = with(modal, footnote("⏳ A change waits for its approval: request "+code(waiting.RequestID, 60)+", sent "+on(waiting.CreatedAt)+"."))
	}
	if !o.MayEdit && !blank(o.WhyNot) {
		modal = with(modal, footnote(sentence(escape(o.WhyNot, 300))))
	}
	return with(modal, actions(objectButtons(o)...))
}

// objectContent is all that an object holds, an approval chain first in plain language.
func objectContent(o AdminObject) []slack.Block {
	var blocks []slack.Block
	if o.State.Kind == "approval_chain" {
		blocks = append(blocks, section("*Who decides*: "+ChainWords(o.Steps)+"."))
	}
	if len(o.Steps) > 0 {
		blocks = append(blocks, sections(stepLines(o.Steps), 10)...)
	}
	if len(o.Lines) > 0 {
		blocks = append(blocks, sections(valueLines(o.Lines), 10)...)
	}
	return blocks
}

func valueLines(values [][2]string) []string {
	lines := make([]string, 0, len(values))
	for _, value := range values {
		lines = append(lines, "*"+value[0]+"*: "+value[1])
	}
	return lines
}

// writtenLine says who wrote an object last, and where.
func writtenLine(o AdminObject) string {
	text := adminKinds[o.State.Kind].one
	if o.State.Slug != o.State.Kind {
		text += " " + code(o.State.Slug, 120)
	}
	where := "with a configuration file"
	if o.Origin == db.FromSlack {
		where = "in Slack"
	}
	if blank(o.WrittenBy) {
		return text
	}
	text += " · written last by " + escape(o.WrittenBy, 80) + " " + where
	if !o.WrittenAt.IsZero() {
		text += ", " + on(o.WrittenAt)
	}
	return text
}

func objectButtons(o AdminObject) []*slack.ButtonBlockElement {
	var buttons []*slack.ButtonBlockElement
	if o.MayEdit {
		buttons = append(buttons, primary(button(ActionAdminEdit, "", "Edit", "Edit "+o.Title)))
	}
	if o.HasWorkflow {
		buttons = append(buttons, button(ActionAdminWorkflows, clip(o.State.Slug, maxSlug), "Workflows", "Workflows of "+o.Title))
	}
	if o.MayEdit && o.CanDisable && o.Active {
		buttons = append(buttons, danger(button(ActionAdminDisable, "", "Disable", "Disable "+o.Title)))
	}
	if o.MayEdit && o.CanDisable && !o.Active {
		buttons = append(buttons, button(ActionAdminEnable, "", "Enable", "Enable "+o.Title))
	}
	if o.Resettable {
		buttons = append(buttons, resetFactor(o.Title))
	}
	return append(buttons, adminBack())
}

// AdminValue writes a value for people: texts escaped, conditions and what has a form of its own in fixed width.
func AdminValue(field AdminField, value string) string {
	switch field.As {
	case AsRule, AsYAML, AsLength:
		return code(value, 600)
	case AsOne:
		return escape(value, 200)
	}
	return escape(value, 600)
}

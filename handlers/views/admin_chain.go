package views

import (
	"fmt"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// adminStepsShown is how many steps the editor shows: a modal takes 100 blocks.
const adminStepsShown = 80

// AdminSteps is an approval chain in the editor.
type AdminSteps struct {
	Form    AdminForm // slug, name and time limit
	Steps   []db.Step
	Problem string // what is wrong with the steps, a sentence
}

// AdminStepsModal edits an approval chain as an ordered list: the summary in plain language, and each step with a menu
// that edits, moves and removes it.
func AdminStepsModal(chain AdminSteps) slack.ModalViewRequest {
	state := chain.Form.State
	heading := "Edit approval chain"
	if state.Slug == "" {
		heading = "New approval chain"
	}
	modal := adminForm(state, heading, "Review", CallbackAdminSteps)
	modal = with(modal, adminFormHead(chain.Form)...)
	modal = with(modal, section("*Who decides*: "+ChainWords(chain.Steps)+"."))
	if !blank(chain.Problem) {
		modal = with(modal, section("⚠ "+sentence(escape(chain.Problem, 1000))))
	}
	modal = with(modal, adminInputs(chain.Form)...)
	for n, step := range chain.Steps[:min(len(chain.Steps), adminStepsShown)] {
		modal = with(modal, stepBlock(n, len(chain.Steps), step))
	}
	return with(modal, actions(button(ActionAdminStepAdd, "", "Add a step", ""), adminBack()))
}

func stepBlock(n, steps int, step db.Step) slack.Block {
	block := section(stepLine(n, step))
	var entries []*slack.OptionBlockObject
	add := func(what, label string) {
		entries = append(entries, slack.NewOptionBlockObject(fmt.Sprintf("%s.%d", what, n), plain(label, maxOption), nil))
	}
	add("edit", "Edit")
	if n > 0 {
		add("up", "Move up")
	}
	if n < steps-1 {
		add("down", "Move down")
	}
	add("remove", "Remove")
	block.Accessory = slack.NewAccessory(slack.NewOverflowBlockElement(ActionAdminStep, entries...))
	block.BlockID = fmt.Sprintf("%s:%d", ActionAdminStep, n)
	return block
}

// stepLine names a step with its number and says who decides on it.
func stepLine(n int, step db.Step) string {
	title := step.Name
	if blank(title) {
		title = fmt.Sprintf("Step %d", n+1)
	}
	return fmt.Sprintf("*%d. %s*: %s.", n+1, escape(title, 80), StepWords(step))
}

// stepLines are all steps of a chain, a line each.
func stepLines(steps []db.Step) []string {
	lines := make([]string, 0, len(steps))
	for n, step := range steps {
		lines = append(lines, stepLine(n, step))
	}
	return lines
}

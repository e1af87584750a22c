package views

import (
	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// maxSteps is how much Slack takes in one text field, in characters.
const maxSteps = 3000

// FitsWords says whether a workflow's text can be changed in a form: Slack's field takes so much.
func FitsWords(text string) bool { return size(visible(text)) <= maxSteps }

// WorkflowWords is the form in which a workflow is written: a name and numbered steps below the template line.
type WorkflowWords struct {
	State      WorkflowState
	For        *db.Entitlement // nil is none
	Name, Text string
	CanDraft   bool   // offer to let a draft be made of what was typed
	Drafting   bool   // it is being made
	Notice     string // above everything, a sentence
}

// WorkflowWordsModal is the form that writes or rewrites a workflow.
func WorkflowWordsModal(words WorkflowWords) slack.ModalViewRequest {
	heading := "New workflow"
	if words.State.Chain != "" {
		heading = "Edit workflow"
	}
	modal := form(heading, "Show plan", CallbackWorkflowWords, words.State.metadata())
	modal.Close = plain("Close", maxTitle)
	intro := key(words.State.Kind) + " *" + kindWord(words.State.Kind) + " workflow*"
	if words.For != nil {
		intro += " for " + at(words.For)
	}
	lines := []string{intro + ". Write in plain English what is done, one numbered step after the other."}
	if words.Notice != "" {
		lines = append(lines, "⚠ "+sentence(escape(words.Notice, 500)))
	}
	modal = with(modal, section(lines...))
	name := slack.NewPlainTextInputBlockElement(plain("What it is called in lists", maxPlaceholder), FieldWorkflowName).WithMaxLength(60)
	if !blank(words.Name) {
		name.InitialValue = clip(oneLine(words.Name), 60)
	}
	steps := slack.NewPlainTextInputBlockElement(nil, FieldWorkflowSteps).WithMultiline(true).WithMaxLength(maxSteps).
		WithInitialValue(clip(visible(words.Text), maxSteps))
	hint := "The first line says which kind of workflow this is and stays. Conditions, waiting, questions and messages are steps too: “If the user lacks …”, “Wait 5 minutes”, “Ask the manager to confirm”."
	modal = with(modal, input(FieldWorkflowName, "Name", "", name), input(words.State.StepsBlock(), "Steps", hint, steps))
	switch {
	case words.Drafting:
		modal = with(modal, footnote("The model is drafting…"))
	case words.CanDraft:
		modal = with(modal, actions(button(ActionWorkflowDraft, "", "Draft with the model", "")),
			footnote("The draft goes into the field above. Nothing is saved before you have read it and pressed Show plan."))
	}
	if words.State.Chain != "" {
		modal = with(modal, actions(back()))
	}
	return modal
}

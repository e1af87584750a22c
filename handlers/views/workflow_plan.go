package views

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// WorkflowPlan is a workflow's newest version with what its words became.
type WorkflowPlan struct {
	Workflow

	State    WorkflowState
	For      *db.Entitlement // what it is read for; nil is nothing
	Steps    []WorkflowStep
	Warnings []string // what it and its counterpart do not do as a pair
	Clear    bool
	MayEdit  bool
	Notice   string // above everything, a sentence
}

// WorkflowStep is one step with what it became, one text for each script.
type WorkflowStep struct {
	db.WorkflowStep

	Plan     []string // what it does, a sentence
	Code     []string // as it is written in a file
	Problems []string // what is wrong with its scripts
}

// stepsShown is how many steps a plan shows: a modal takes 100 blocks, and an unclear step needs two.
const stepsShown = 40

// WorkflowPlanModal shows a workflow step by step: the words, and the scripts that they became.
func WorkflowPlanModal(plan WorkflowPlan) slack.ModalViewRequest {
	modal := form("Workflow plan", "", CallbackMessage, plan.State.metadata())
	modal = with(modal, planHead(plan)...)
	for n, step := range plan.Steps {
		if n == stepsShown {
			modal = with(modal, footnote(fmt.Sprintf("… and %d more", len(plan.Steps)-n)))
			break
		}
		modal = with(modal, planStep(plan, step)...)
	}
	modal = with(modal, slack.NewDividerBlock())
	if len(plan.Warnings) > 0 {
		modal = with(modal, section(warningLines(plan.Warnings)...))
	}
	return with(modal, footnote(next(plan)), actions(planButtons(plan)...))
}

func planHead(plan WorkflowPlan) []slack.Block {
	head := key(plan.Chain.Kind) + " *" + escape(plan.Chain.Title(), 120) + "* · " + kindWord(plan.Chain.Kind) + " workflow"
	if plan.For != nil {
		head += " for " + at(plan.For)
	}
	blocks := []slack.Block{section(head), footnote(standingOf(plan.Workflow) + " · " + links(plan.Workflow))}
	if plan.Notice != "" {
		blocks = append(blocks, section("*"+sentence(escape(plan.Notice, 600))+"*"))
	}
	return append(blocks, slack.NewDividerBlock())
}

// planStep is one block for a step that is clear and two for one that is not.
func planStep(plan WorkflowPlan, step WorkflowStep) []slack.Block {
	lines := []string{stepTitle(step)}
	for n, what := range step.Plan {
		lines = append(lines, "• "+escape(what, 400))
		if n < len(step.Code) {
			lines = append(lines, code(step.Code[n], 300))
		}
	}
	if step.Unclear != "" {
		lines = append(lines, "⚠ *Not clear*: "+sentence(escape(step.Unclear, 600)))
	}
	for _, problem := range step.Problems {
		lines = append(lines, "⚠ *Not right*: "+sentence(escape(problem, 600)))
	}
	block := section(lines...)
	fix := button(ActionWorkflowFix, fmt.Sprint(step.Number), "Fix step", fmt.Sprintf("Fix step %d", step.Number))
	switch {
	case !plan.MayEdit:
		return []slack.Block{block}
	case step.Unclear == "" || len(step.Options) == 0:
		block.Accessory = slack.NewAccessory(fix)
		return []slack.Block{block}
	}
	row := slack.NewActionBlock("", options(step), fix)
	row.BlockID = fmt.Sprintf("%s:%d.%d", ActionWorkflowOption, plan.Newest.Number, step.Number)
	return []slack.Block{block, row}
}

func stepTitle(step WorkflowStep) string {
	text := fmt.Sprintf("*%d.* ", step.Number)
	if !blank(step.Words) {
		text += "*" + escape(step.Words, 600) + "*"
	}
	if step.Fixed {
		text += " _(chosen by hand)_"
	}
	return text
}

// options are the readings that would be clear, as a list to choose from.
func options(step WorkflowStep) *slack.SelectBlockElement {
	var offered []*slack.OptionBlockObject
	for n, option := range step.Options[:min(len(step.Options), maxOptions)] {
		offered = append(offered, slack.NewOptionBlockObject(fmt.Sprintf("%d.%d", step.Number, n), plain(oneLine(option), maxOption), nil))
	}
	return slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("Did you mean …", maxPlaceholder), ActionWorkflowOption, offered...)
}

func warningLines(warnings []string) []string {
	lines := []string{"*What this and its counterpart do not do as a pair*"}
	for _, warning := range warnings {
		lines = append(lines, "⚠ "+sentence(escape(warning, 400)))
	}
	return lines
}

// next says what is to be done now.
func next(plan WorkflowPlan) string {
	switch {
	case !plan.MayEdit:
		return "It is also used by access that others own: you can read it, and an admin can change it."
	case !plan.Clear:
		return "What is marked ⚠ has to be made clear before this can be tested and published: in other words, or with *Fix step*."
	case plan.Newest.Status == db.Draft:
		return "Everything is clear. *Test* it for a person; then it can be published."
	case plan.Newest.Status == db.Tested:
		return "It was tested by " + escape(plan.Newest.TestedBy, 80) + " " + on(plan.Newest.TestedAt) + " and can be *published*. New requests run it then; those under way keep their version."
	case plan.Newest.Status == db.Published && plan.Links == 0:
		return "It is published, and runs once an entitlement links it. Workflows run through requests only."
	}
	return "It is published: new requests run this version. Workflows run through requests only."
}

func planButtons(plan WorkflowPlan) []*slack.ButtonBlockElement {
	var buttons []*slack.ButtonBlockElement
	if plan.MayEdit {
		buttons = append(buttons, button(ActionWorkflowEdit, "", "Edit words", ""))
		if plan.Clear {
			buttons = append(buttons, button(ActionWorkflowTest, "", "Test", "Test this workflow for a person"))
		}
		if plan.Clear && plan.Newest.Status == db.Tested {
			buttons = append(buttons, publishButton(plan.Newest.Number, plan.Warnings))
		}
	}
	if plan.Published != nil && plan.For != nil && !linked(plan) {
		link := button(ActionWorkflowLink, plan.For.ID, "Link to "+oneLine(plan.For.Name), "")
		buttons = append(buttons, link)
	}
	return append(buttons, button(ActionWorkflowVersions, "", "Versions", ""), back())
}

func linked(plan WorkflowPlan) bool {
	return plan.For.ProvisionChain == plan.Chain.Slug || plan.For.DeprovisionChain == plan.Chain.Slug
}

// publishButton asks once more, with what the pair does not do.
func publishButton(number int, warnings []string) *slack.ButtonBlockElement {
	text := "New requests run it. Those under way keep the version that they were made with."
	if len(warnings) > 0 {
		text = "New requests run it. Look at this first: " + strings.Join(warnings, " ")
	}
	made := primary(button(ActionWorkflowPublish, "", "Publish", "Publish this workflow"))
	return made.WithConfirm(slack.NewConfirmationBlockObject(plain(fmt.Sprintf("Publish version %d?", number), 100),
		plain(text, maxConfirm), plain("Publish", maxChoice), plain("Not yet", maxChoice)))
}

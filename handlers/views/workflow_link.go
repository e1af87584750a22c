package views

import (
	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// WorkflowLinks is an entitlement with the workflows that it links, or is to link.
type WorkflowLinks struct {
	State                  WorkflowState
	Entitlement            db.Entitlement
	Provision, Deprovision *db.ActionChain // chosen; nil is none
	Warnings               []string        // what the pair does not do as a pair
	Notice                 string
}

// WorkflowLinksModal chooses which workflows give an entitlement and take it back.
func WorkflowLinksModal(links WorkflowLinks) slack.ModalViewRequest {
	modal := form("Entitlement", "Save", CallbackWorkflowLink, links.State.metadata())
	modal.Close = plain("Close", maxTitle)
	lines := []string{
		"*" + escape(title(&links.Entitlement), 120) + "* at " + where(&links.Entitlement),
		"What is done when somebody gets this access and when it ends. A change counts for new requests; access that is held is taken back as it was to be when it was given.",
	}
	if links.Notice != "" {
		lines = append(lines, "*"+sentence(escape(links.Notice, 500))+"*")
	}
	modal = with(modal, section(lines...))
	modal = with(modal, linkBlocks(links.Entitlement, links.Provision, FieldWorkflowProvision, db.Provision)...)
	modal = with(modal, linkBlocks(links.Entitlement, links.Deprovision, FieldWorkflowDeprovision, db.Deprovision)...)
	if len(links.Warnings) > 0 {
		read := slack.NewOptionBlockObject("read", plain("I have read this", maxOption), nil)
		modal = with(modal, section(append([]string{"*These two do not fit everywhere*"}, warningLines(links.Warnings)[1:]...)...),
			input(FieldWorkflowRead, "Link them all the same?", "", slack.NewCheckboxGroupsBlockElement(FieldWorkflowRead, read)))
	}
	return with(modal, slack.NewActionBlock("", button(ActionWorkflowList, "", "All workflows", "")))
}

// linkBlocks chooses the workflow of one kind, or begins a new one.
func linkBlocks(e db.Entitlement, chosen *db.ActionChain, field, kind string) []slack.Block {
	element := externalSelect(field, "Choose a published workflow")
	fresh, label := ActionWorkflowNewProvision, "New provisioning workflow"
	if kind == db.Deprovision {
		fresh, label = ActionWorkflowNewDeprovision, "New deprovisioning workflow"
	}
	buttons := []*slack.ButtonBlockElement{button(fresh, e.ID, "+", label)}
	if chosen != nil {
		element.InitialOption = workflowOption(*chosen)
		buttons = append(buttons, button(ActionWorkflowOpen, chosen.ID, "Open", "Open "+chosen.Title()))
	}
	return []slack.Block{input(field, kindWord(kind)+" workflow", "", element), actions(buttons...)}
}

// WorkflowOptions answers the fields that choose a workflow, with the slug as the value.
func WorkflowOptions(rows []db.ActionChain) []*slack.OptionBlockObject {
	options := make([]*slack.OptionBlockObject, 0, min(len(rows), maxOptions))
	for _, row := range rows[:min(len(rows), maxOptions)] {
		options = append(options, workflowOption(row))
	}
	return options
}

func workflowOption(row db.ActionChain) *slack.OptionBlockObject {
	return slack.NewOptionBlockObject(clip(row.Slug, maxValue), plain(key(row.Kind)+" "+oneLine(row.Title()), maxOption),
		plain(kindWord(row.Kind), maxOption))
}

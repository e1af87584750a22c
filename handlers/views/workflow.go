package views

import (
	"fmt"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// WorkflowsPage is how many workflows stand on one page of the list.
const WorkflowsPage = 15

// Workflow is an action chain with what a list says about it.
type Workflow struct {
	Chain     db.ActionChain
	Newest    db.ActionChainVersion
	Published *db.ActionChainVersion // nil when there is none
	Linked    []db.Entitlement       // the first few that link it
	Links     int64                  // how many there are
}

func entitlementSelect() *slack.SelectBlockElement {
	return externalSelect(ActionWorkflowEntitlement, "Type a name")
}

func externalSelect(action, placeholder string) *slack.SelectBlockElement {
	none := 0
	element := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, plain(placeholder, maxPlaceholder), action)
	element.MinQueryLength = &none
	return element
}

// WorkflowList is the modal that lists workflows, a page at a time. Total is how many there are on all pages.
func WorkflowList(state WorkflowState, rows []Workflow, total int64) slack.ModalViewRequest {
	modal := form("Workflows", "Search", CallbackWorkflowSearch, state.metadata())
	modal.Close = plain("Close", maxTitle)
	search := slack.NewPlainTextInputBlockElement(plain("A name, or an entitlement's", maxPlaceholder), FieldWorkflowSearch).WithMaxLength(100)
	if !blank(state.Text) {
		search.InitialValue = clip(visible(state.Text), 100)
	}
	modal = with(modal, input(FieldWorkflowSearch, "Search", "", search).WithOptional(true),
		input(ActionWorkflowEntitlement, "Entitlement", "Opens the workflows of one entitlement, or begins a new one.", entitlementSelect()).
			WithOptional(true).WithDispatchAction(true), slack.NewDividerBlock())
	if len(rows) == 0 {
		return with(modal, section("No workflow is found. Choose an entitlement to write one for it."), administration())
	}
	for _, row := range rows[:min(len(rows), WorkflowsPage)] {
		modal = with(modal, listed(row))
	}
	return with(modal, append(pages(state.Page, len(rows), total), administration())...)
}

// administration leads to what else is administered.
func administration() slack.Block {
	return actions(button(ActionAdminStart, "", "Administration", ""))
}

func listed(row Workflow) slack.Block {
	title := row.Chain.Title()
	block := section(key(row.Chain.Kind)+" *"+escape(title, 120)+"*", kindWord(row.Chain.Kind)+" · "+standingOf(row), links(row))
	open := button(ActionWorkflowOpen, row.Chain.ID, "Open", "Open "+title)
	block.Accessory = slack.NewAccessory(open)
	return block
}

// key marks a kind of workflow by a colour. The word always stands beside it.
func key(kind string) string {
	if kind == db.Deprovision {
		return "🔴🔑"
	}
	return "🟢🔑"
}

func kindWord(kind string) string {
	if kind == db.Deprovision {
		return "Deprovisioning"
	}
	return "Provisioning"
}

// standingOf says how far a workflow has come: "draft v3 by …, published v2 by …".
func standingOf(row Workflow) string {
	text := ""
	if row.Published == nil || row.Published.ID != row.Newest.ID {
		text = made(row.Newest)
	}
	if row.Published != nil {
		if text != "" {
			text += " · "
		}
		text += made(*row.Published)
	}
	return text
}

// made says of a version how far it has come, by whom and when.
func made(v db.ActionChainVersion) string {
	word, by, at := v.Status, v.Author, v.CreatedAt
	switch {
	case v.Status == db.Tested:
		by, at = v.TestedBy, v.TestedAt
	case v.Status == db.Published:
		by, at = v.PublishedBy, v.PublishedAt
		if by == "" {
			by = v.Author
		}
	case v.Status == db.Retired && v.PublishedAt.IsZero():
		word = "replaced"
	}
	return fmt.Sprintf("*%s v%d* by %s, %s", escape(word, 20), v.Number, escape(by, 80), on(at))
}

func links(row Workflow) string {
	if row.Links == 0 {
		return "No entitlement links it."
	}
	names := make([]string, 0, len(row.Linked))
	for n := range row.Linked {
		names = append(names, escape(title(&row.Linked[n]), 80))
	}
	text := "Linked by " + enumerate(names, 3, "and")
	if more := row.Links - int64(min(len(names), 3)); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text + "."
}

// pages leads to the pages before and after, where there are some.
func pages(page, shown int, total int64) []slack.Block {
	first := page*WorkflowsPage + 1
	blocks := []slack.Block{footnote(fmt.Sprintf("%d to %d of %d", first, page*WorkflowsPage+min(shown, WorkflowsPage), total))}
	var buttons []*slack.ButtonBlockElement
	if page > 0 {
		buttons = append(buttons, button(ActionWorkflowPage+"_before", fmt.Sprint(page-1), "Previous page", ""))
	}
	if int64(page*WorkflowsPage+shown) < total {
		buttons = append(buttons, button(ActionWorkflowPage+"_after", fmt.Sprint(page+1), "Next page", ""))
	}
	if len(buttons) > 0 {
		blocks = append(blocks, actions(buttons...))
	}
	return blocks
}

// WorkflowNotice says something in place of a workflow's modal, with a way back.
func WorkflowNotice(state WorkflowState, heading, text string) slack.ModalViewRequest {
	modal := form(heading, "", CallbackMessage, state.metadata())
	return with(modal, slack.NewSectionBlock(plain(text, maxText), nil, nil), actions(back()))
}

func back() *slack.ButtonBlockElement { return button(ActionWorkflowBack, "", "Back", "") }

package views

import (
	"fmt"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// VersionsShown is how many versions the list shows: the newest ones.
const VersionsShown = 40

// WorkflowVersionsModal lists the versions of a workflow, newest first.
func WorkflowVersionsModal(state WorkflowState, chain db.ActionChain, versions []db.ActionChainVersion) slack.ModalViewRequest {
	modal := form("Versions", "", CallbackMessage, state.metadata())
	modal = with(modal, section(key(chain.Kind)+" *"+escape(chain.Title(), 120)+"* · "+kindWord(chain.Kind)+" workflow"))
	for n, version := range versions {
		if n == VersionsShown {
			modal = with(modal, footnote(fmt.Sprintf("… and %d older ones", len(versions)-n)))
			break
		}
		lines := []string{made(version)}
		if !version.TestedAt.IsZero() || !version.PublishedAt.IsZero() {
			lines = append(lines, history(version))
		}
		block := section(lines...)
		if len(versions) > 1 {
			compare := button(ActionWorkflowCompare, version.ID, "Compare", fmt.Sprintf("Compare version %d", version.Number))
			block.Accessory = slack.NewAccessory(compare)
		}
		modal = with(modal, block)
	}
	return with(modal, actions(back()))
}

// history says who did what with a version.
func history(v db.ActionChainVersion) string {
	text := "Saved by " + escape(v.Author, 80) + " " + on(v.CreatedAt)
	if !v.TestedAt.IsZero() {
		text += " · tested by " + escape(v.TestedBy, 80) + " " + on(v.TestedAt)
	}
	if !v.PublishedAt.IsZero() && v.Status != db.Published {
		text += " · was published " + on(v.PublishedAt)
	}
	return text
}

// WorkflowComparison is how a version differs from another one.
type WorkflowComparison struct {
	State          WorkflowState
	Chain          db.ActionChain
	Version, Other db.ActionChainVersion // Other has no id where there is nothing to compare with
	MayRestore     bool
	Words, Scripts []Difference
}

// Difference is one line that both versions have, or only one of them.
type Difference struct {
	Sign string // "+" only the version has it, "-" only the other one has it, "" both
	Text string
}

// WorkflowCompareModal shows how a version differs from the published one, or from the one before it.
func WorkflowCompareModal(c WorkflowComparison) slack.ModalViewRequest {
	modal := form("Compare versions", "", CallbackMessage, c.State.metadata())
	lines := []string{key(c.Chain.Kind) + " *" + escape(c.Chain.Title(), 120) + "*", "This: " + made(c.Version)}
	if c.Other.ID != "" {
		lines = append(lines, "Against: "+made(c.Other))
	}
	lines = append(lines, "*+* stands only in version "+fmt.Sprint(c.Version.Number)+", *−* only in the other one.")
	modal = with(modal, section(lines...))
	modal = with(modal, differing("*Steps*", c.Words, func(text string) string { return escape(text, 600) })...)
	modal = with(modal, differing("*Scripts*", c.Scripts, func(text string) string { return code(text, 600) })...)
	buttons := []*slack.ButtonBlockElement{back()}
	if c.MayRestore {
		restore := button(ActionWorkflowRestore, c.Version.ID, fmt.Sprintf("Restore version %d", c.Version.Number), "").
			WithConfirm(slack.NewConfirmationBlockObject(plain("Restore this version?", 100),
				plain("It becomes a new draft, to be tested and published like any other.", maxConfirm), plain("Restore", maxChoice), plain("Cancel", maxChoice)))
		buttons = append([]*slack.ButtonBlockElement{restore}, buttons...)
	}
	return with(modal, actions(buttons...))
}

func differing(heading string, lines []Difference, write func(string) string) []slack.Block {
	if len(lines) == 0 {
		return nil
	}
	texts := []string{heading}
	for _, line := range lines {
		switch line.Sign {
		case "+":
			texts = append(texts, "*+* "+write(line.Text))
		case "-":
			texts = append(texts, "*−* "+write(line.Text))
		default:
			texts = append(texts, "   "+write(line.Text))
		}
	}
	return append([]slack.Block{slack.NewDividerBlock()}, sections(texts, 20)...)
}

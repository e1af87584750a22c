// Package views draws what people see in Slack: pure functions from rows and a time to Block Kit. Nothing here reads
// a clock, a database or a network, so equal input gives equal output and a message is always drawn whole, in
// whatever state its rows are.
//
// Three promises hold for every exported function, at any input. What people typed is shown as they typed it and can
// neither mention, link nor format (text.go). Everything stays inside Slack's documented limits: long lists are cut
// and say how much is left out (lists.go). Every message has a text that is a whole sentence, because notifications
// and screen readers show it in place of the blocks.
//
// Only header, section, context, actions, divider and input blocks are used: they are the ones that every Slack
// client draws (https://docs.slack.dev/reference/block-kit/blocks).
package views

import "github.com/slack-go/slack"

// Message is what is posted, updated or answered: blocks, and the sentence that stands for them in notifications.
type Message struct {
	Text   string
	Blocks []slack.Block
}

// Limits of Slack, from https://docs.slack.dev/reference/block-kit. They are counted in UTF-16 units here, which is
// never less than what Slack counts.
const (
	maxText        = 3000 // of a text object
	maxField       = 2000
	maxHeader      = 150
	maxButton      = 75
	maxOption      = 75
	maxValue       = 150 // of an option
	maxTitle       = 24  // of a modal
	maxConfirm     = 300 // text of a confirmation
	maxChoice      = 30  // its buttons
	maxFallback    = 3000
	maxOptions     = 100
	maxPlaceholder = 150
)

func message(text string, blocks ...slack.Block) Message {
	return Message{Text: fit(text, maxFallback), Blocks: blocks}
}

func header(text string) slack.Block {
	return slack.NewHeaderBlock(plain(text, maxHeader))
}

// section shows lines of mrkdwn; lines that do not fit are counted.
func section(lines ...string) *slack.SectionBlock {
	return slack.NewSectionBlock(mrkdwn(stack(lines, maxText), maxText), nil, nil)
}

// sections spreads lines over as many sections as they need, at most most: the last one counts what is left out.
func sections(lines []string, most int) []slack.Block {
	var blocks []slack.Block
	first, filled := 0, 0
	for n, line := range lines {
		if filled += size(line) + 1; filled > maxText && n > first && len(blocks) < most-1 {
			blocks = append(blocks, section(lines[first:n]...))
			first, filled = n, size(line)+1
		}
	}
	return append(blocks, section(lines[first:]...))
}

// quote shows what a person typed, as plain text in a block of its own.
func quote(text, empty string) slack.Block {
	if blank(text) {
		text = empty
	}
	return slack.NewSectionBlock(plain(text, maxText), nil, nil)
}

// fields shows pairs of a label and a mrkdwn value in two columns, at most five rows of two.
func fields(pairs ...[2]string) slack.Block {
	var texts []*slack.TextBlockObject
	for _, pair := range pairs {
		if pair[1] != "" && len(texts) < 10 {
			texts = append(texts, mrkdwn("*"+pair[0]+"*\n"+pair[1], maxField))
		}
	}
	return slack.NewSectionBlock(nil, texts, nil)
}

func footnote(text string) slack.Block {
	return slack.NewContextBlock("", mrkdwn(text, maxText))
}

func actions(buttons ...*slack.ButtonBlockElement) slack.Block {
	elements := make([]slack.BlockElement, 0, len(buttons))
	for _, button := range buttons {
		elements = append(elements, button)
	}
	return slack.NewActionBlock("", elements...)
}

// button is a button whose value is a row's id. Label is what a screen reader says in place of a text that stands on
// several buttons of the same surface.
func button(action, value, text, label string) *slack.ButtonBlockElement {
	made := slack.NewButtonBlockElement(action, value, plain(text, maxButton))
	if label != "" {
		made.AccessibilityLabel = clip(oneLine(label), maxButton)
	}
	return made
}

func primary(button *slack.ButtonBlockElement) *slack.ButtonBlockElement {
	return button.WithStyle(slack.StylePrimary)
}

func danger(button *slack.ButtonBlockElement) *slack.ButtonBlockElement {
	return button.WithStyle(slack.StyleDanger)
}

package views

import (
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// Explanation says why a request stands as it stands. Its texts are whole sentences in which what people wrote is not
// escaped.
type Explanation struct {
	Sheet db.Sheet
	Items []ExplainedItem
}

// ExplainedItem is one item of the request.
type ExplainedItem struct {
	Item   db.SheetItem
	Why    string // which chain or rule decides
	Steps  []ExplainedStep
	Next   string    // what comes next
	Will   []string  // what will be run
	Lapses time.Time // when it ends by itself; zero when it is decided
	Not    string    // why the reader can't decide now
}

// ExplainedStep is one approval step: who can decide, whom it names and who can't, and how they were found.
type ExplainedStep struct {
	Step   db.SheetStep
	Stands string
	People []ExplainedPerson
	Barred []ExplainedPerson
	Hops   []db.Hop
}

// ExplainedPerson is somebody who can decide, or can't, and why.
type ExplainedPerson struct {
	Person db.Person
	For    *db.Person // in whose place a delegate stands
	Why    string
}

// Why explains a request to somebody who asked for it.
func Why(told Explanation, _ time.Time) Message {
	return message(whyText(told), append([]slack.Block{header("Why?")}, whyBlocks(told)...)...)
}

// WhyModal is Why in a modal: there is nothing to submit.
func WhyModal(told Explanation, _ time.Time) slack.ModalViewRequest {
	return with(form("Why?", "", CallbackMessage, ""), whyBlocks(told)...)
}

func whyText(told Explanation) string {
	text := wish(told.Sheet)
	for n, item := range told.Items {
		if n == maxItems {
			break
		}
		text += " " + sentence(escape(item.Why, 300)) + " " + sentence(escape(item.Next, 300))
	}
	return text
}

func whyBlocks(told Explanation) []slack.Block {
	blocks := []slack.Block{section(wish(told.Sheet))}
	for n, item := range told.Items {
		if n == maxItems {
			blocks = append(blocks, footnote(fmt.Sprintf("… and %d more", len(told.Items)-n)))
			break
		}
		blocks = append(blocks, slack.NewDividerBlock(), part(told.Sheet, explainedLead(told, item)))
		if lines := explainedSteps(item); len(lines) > 0 {
			blocks = append(blocks, part(told.Sheet, lines))
		}
		blocks = append(blocks, part(told.Sheet, explainedEnd(item)))
	}
	return append(blocks, footnote(about(told.Sheet)))
}

func explainedLead(told Explanation, item ExplainedItem) []string {
	lines := []string{itemState(told.Sheet, item.Item)}
	if !blank(item.Why) {
		lines = append(lines, sentence(escape(item.Why, 600)))
	}
	if !blank(item.Not) {
		lines = append(lines, "*You*: "+sentence(escape(item.Not, 300)))
	}
	return lines
}

// explainedSteps are the steps: how each stands, who can decide and why, and who can't.
func explainedSteps(item ExplainedItem) []string {
	var lines []string
	for n, step := range item.Steps {
		lines = append(lines, fmt.Sprintf("%d. *%s*: %s", n+1, escape(stepName(step.Step), 80), sentence(escape(step.Stands, 400))))
		for _, one := range step.People {
			lines = append(lines, aside(explainedPerson(one)))
		}
		for _, one := range step.Barred {
			lines = append(lines, aside("not "+explainedPerson(one)))
		}
		for _, hop := range step.Hops {
			lines = append(lines, aside(hopWords(hop)))
		}
	}
	return lines
}

func explainedPerson(one ExplainedPerson) string {
	text := person(&one.Person)
	if one.For != nil {
		text += " for " + person(one.For)
	}
	if blank(one.Why) {
		return text
	}
	return text + ": " + sentence(escape(one.Why, 240))
}

func explainedEnd(item ExplainedItem) []string {
	var lines []string
	if !blank(item.Next) {
		lines = append(lines, "*Next*: "+sentence(escape(item.Next, 400)))
	}
	if !item.Lapses.IsZero() {
		lines = append(lines, "It lapses "+on(item.Lapses)+" by itself.")
	}
	if len(item.Will) > 0 {
		lines = append(append(lines, "*What will be run*"), numbered(item.Will)...)
	}
	if len(lines) == 0 {
		return []string{"Nothing is left to come."}
	}
	return lines
}

// What says what would happen if the reader asked for an entitlement.
func What(pick Pick) Message {
	if pick.Applies == nil {
		return Refusal("")
	}
	row := pick.Applies.Entitlement
	lead := "If you asked for " + at(&row) + " for " + pick.Duration.Words() + ":"
	blocks := append([]slack.Block{section(lead)}, appliesBlocks(*pick.Applies)...)
	return message(lead+" "+outlook(*pick.Applies), append(blocks, actions(requestButton()))...)
}

// outlook is the whole of a preview in one sentence.
func outlook(applies Applies) string {
	if applies.Refusal != "" {
		return "You cannot ask for this: " + sentence(escape(applies.Refusal, 300))
	}
	return "Who would decide: " + strings.Join(previews(applies), " ")
}

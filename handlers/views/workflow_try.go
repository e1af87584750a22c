package views

import (
	"fmt"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// WorkflowTest is what a workflow would do for a person, as far as it is known.
type WorkflowTest struct {
	State   WorkflowState
	Chain   db.ActionChain
	Version db.ActionChainVersion
	For     *db.Entitlement // nil is none
	Subject *db.Person      // nil until one is chosen
	Busy    bool            // it is being found out
	Passed  bool
	Lines   []TestLine
	Failure string // why nothing was found out, a sentence
}

// TestLine is what a test found for one script.
type TestLine struct {
	Plan, Found string
	State       string // would_do, already, would_read, would_skip, depends or cannot_tell
}

// linesShown is how many scripts of a test are shown.
const linesShown = 60

// WorkflowTestModal chooses for whom a workflow is tested, and shows what was found.
func WorkflowTestModal(test WorkflowTest) slack.ModalViewRequest {
	modal := form("Test workflow", "", CallbackMessage, test.State.metadata())
	head := fmt.Sprintf("%s *%s* · version %d", key(test.Chain.Kind), escape(test.Chain.Title(), 120), test.Version.Number)
	if test.For != nil {
		head += " for " + at(test.For)
	}
	who := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plain("Choose a person", maxPlaceholder), ActionWorkflowPerson)
	if test.Subject != nil && slackUser.MatchString(test.Subject.SlackID) {
		who.InitialUser = test.Subject.SlackID
	}
	choose := slack.NewSectionBlock(plain("Test for", maxText), nil, slack.NewAccessory(who))
	choose.BlockID = ActionWorkflowPerson
	modal = with(modal, section(head), footnote("A test reads what is there now and says what would be done. It changes nothing and tells nobody."), choose)
	switch {
	case test.Busy:
		return with(modal, section("*Testing…* for "+person(test.Subject)+". This window shows what was found in a few seconds."), actions(back()))
	case test.Failure != "":
		modal = with(modal, section("⚠ "+sentence(escape(test.Failure, 1000))))
	case len(test.Lines) > 0:
		modal = with(modal, section(testVerdict(test)), slack.NewDividerBlock())
	}
	for n, line := range test.Lines {
		if n == linesShown {
			modal = with(modal, footnote(fmt.Sprintf("… and %d more", len(test.Lines)-n)))
			break
		}
		modal = with(modal, section(fmt.Sprintf("*%d.* %s", n+1, escape(line.Plan, 500)), testWord(line.State)+" "+sentence(escape(line.Found, 700))))
	}
	return with(modal, actions(back()))
}

// testVerdict says what the test comes to.
func testVerdict(test WorkflowTest) string {
	if !test.Passed {
		return "⚠ *Not each step could be planned*, so this version can't be published yet. Mend what is marked, or choose another person."
	}
	return fmt.Sprintf("*Each step could be planned*: version %d is %s.", test.Version.Number, passed(test.Version.Status))
}

// testWord says what would become of a script.
func testWord(state string) string {
	switch state {
	case "would_do":
		return "▶ *Would be done.*"
	case "already":
		return "✓ *Nothing to do.*"
	case "would_read":
		return "✓ *Read.*"
	case "would_skip":
		return "↷ *Would be skipped.*"
	case "depends":
		return "… *Depends on an earlier step.*"
	}
	return "⚠ *Could not be planned.*"
}

func passed(status string) string {
	if status == db.Published {
		return "published already"
	}
	return "tested and can be published: press Back"
}

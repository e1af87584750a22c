package views

import (
	"fmt"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// AdminReview is a change before it is saved.
type AdminReview struct {
	State   AdminState
	Title   string
	New     bool
	Off     bool // it becomes inactive
	On      bool // it was inactive
	Differs bool // something is changed
	Changes []AdminChange
	Old     []db.Step    // of an approval chain
	Steps   []db.Step    // of an approval chain
	Lines   []Difference // between them, a step on each
	Replay  *AdminReplay // of an approval chain; nil where it is not used yet
	Rule    *AdminRule   // of a birthright; nil where nothing is known of it
	Fresh   bool         // somebody was faster: offer to look at it against what is stored now
	Problem string       // why it cannot be saved as it is, a sentence
	Eyes    bool         // somebody else has to approve it
}

// AdminChange is one key that gets another value, as written in a file.
type AdminChange struct{ Label, Old, New string }

// AdminReplay is what requests of the past would meet with the steps as they are written, beside what they met.
type AdminReplay struct {
	Days     int
	Requests int // items that would go through the chain now
	Of       int // how many there are; more than Requests when only the newest were looked at
	Now, New AdminCount
	Sample   []string // items for which too few people would be found, a line each
}

// AdminCount sums up how the items fare.
type AdminCount struct {
	ByRule  int // nobody is asked
	Skipped int // steps passed over
	Nobody  int // the chain itself finds nobody, so that others stand in
	Asked   int // people asked, summed
	Most    int // people asked for one item at most
}

// changesShown is how many changes a review shows.
const changesShown = 40

// AdminReviewModal shows what a change does before it is saved: the difference, and for an approval chain what the
// requests of the last months would have met.
func AdminReviewModal(r AdminReview) slack.ModalViewRequest {
	submit := reviewSubmit(r)
	modal := adminForm(r.State, "Review", submit, CallbackAdminSave)
	modal = with(modal, section(reviewHead(r)))
	if r.Problem != "" {
		modal = with(modal, section("⚠ "+sentence(escape(r.Problem, 1000))))
	}
	if r.State.Kind == "approval_chain" && !r.Off {
		modal = with(modal, chainReview(r)...)
	}
	modal = with(modal, changeBlocks(r.Changes)...)
	if r.Rule != nil {
		modal = with(modal, sections(ruleLines(*r.Rule), 6)...)
	}
	if submit != "" {
		reason := multiline(FieldAdminReason, "")
		reason.InitialValue = ""
		modal = with(modal, input(r.State.ReasonBlock(), "Reason", "It stands in the log, and before whoever approves.", reason).WithOptional(!r.Eyes))
	}
	buttons := []*slack.ButtonBlockElement{adminBack()}
	if r.Fresh {
		buttons = append([]*slack.ButtonBlockElement{button(ActionAdminFresh, "", "Compare with what is stored now", "")}, buttons...)
	}
	return with(modal, actions(buttons...))
}

// reviewSubmit is the word on the button that saves; empty where there is nothing to save, or it can't be.
func reviewSubmit(r AdminReview) string {
	switch {
	case r.Problem != "" || (!r.Differs && !r.Off && !r.On && !r.New):
		return ""
	case r.Eyes:
		return "Send for approval"
	case r.Off:
		return "Disable"
	case r.On:
		return "Enable"
	}
	return "Save"
}

func reviewHead(r AdminReview) string {
	named := adminKinds[r.State.Kind].one + " *" + escape(r.Title, 120) + "*"
	switch {
	case r.Off:
		return "Disable the " + named + ". It is offered and used no more; what runs goes on, and nothing is deleted."
	case r.On:
		return "Enable the " + named + " again."
	case r.New:
		return "New " + named
	case !r.Differs && r.Problem == "":
		return "Nothing of the " + named + " is changed."
	}
	return "Changes of the " + named
}

func changeBlocks(changes []AdminChange) []slack.Block {
	var lines []string
	for _, change := range changes[:min(len(changes), changesShown)] {
		line := "*" + escape(change.Label, 80) + "*: " + orNothing(change.New)
		if orNothing(change.Old) != nothing {
			line = "*" + escape(change.Label, 80) + "*: " + orNothing(change.Old) + " → " + orNothing(change.New)
		}
		lines = append(lines, line)
	}
	if len(changes) > changesShown {
		lines = append(lines, fmt.Sprintf("… and %d more", len(changes)-changesShown))
	}
	if len(lines) == 0 {
		return nil
	}
	return sections(lines, 8)
}

// nothing is the word for a value that says nothing.
const nothing = "nothing"

// orNothing writes a value of a file.
func orNothing(value string) string {
	switch value {
	case "", `""`, "null", "[]", "{}":
		return nothing
	}
	return code(value, 500)
}

func chainReview(r AdminReview) []slack.Block {
	lines := []string{"*Who will decide*: " + ChainWords(r.Steps) + "."}
	if !r.New {
		lines = append(lines, "*Until now*: "+ChainWords(r.Old)+".")
	}
	blocks := sections(lines, 3)
	if len(r.Lines) > 0 && !r.New {
		blocks = append(blocks, differing("*Steps*", r.Lines, func(text string) string { return text })...)
	}
	if r.Replay != nil {
		blocks = append(blocks, section(replayLines(*r.Replay)...))
	}
	return blocks
}

// replayLines compares what happened with what would happen.
func replayLines(r AdminReplay) []string {
	if r.Requests == 0 {
		return []string{fmt.Sprintf("*Replay*: nothing that was asked for in the last %d days goes through this chain.", r.Days)}
	}
	lines := []string{replayHead(r)}
	for _, row := range []struct {
		words    string
		now, new int
	}{
		{"approved at once, without asking anybody", r.Now.ByRule, r.New.ByRule},
		{"with a step for which the chain finds nobody, so that others stand in", r.Now.Nobody, r.New.Nobody},
		{"steps passed over", r.Now.Skipped, r.New.Skipped},
		{"people asked in all", r.Now.Asked, r.New.Asked},
		{"people asked for one item at most", r.Now.Most, r.New.Most},
	} {
		line := fmt.Sprintf("• %s: *%d*", row.words, row.new)
		if row.new != row.now {
			line += fmt.Sprintf(", until now %d", row.now)
		}
		lines = append(lines, line)
	}
	for _, example := range r.Sample[:min(len(r.Sample), 5)] {
		lines = append(lines, "⚠ "+sentence(escape(example, 300)))
	}
	return lines
}

// replayHead says how much a replay looked at.
func replayHead(r AdminReplay) string {
	head := fmt.Sprintf("*Replay* of what was asked for in the last %d days (%s)", r.Days, plural(r.Requests, "item", "items"))
	if r.Of > r.Requests {
		head = fmt.Sprintf("*Replay* of the newest %d of %d items that were asked for in the last %d days", r.Requests, r.Of, r.Days)
	}
	return head
}

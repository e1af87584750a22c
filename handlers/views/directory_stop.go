package views

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// The action ids of the buttons on the card of a breaker, whose value is the stop, and the callback ids of its modals, whose
// private metadata is the stop too.
const (
	ActionStopResume    = "directory_resume"
	ActionStopDiscard   = "directory_discard"
	ActionStopShow      = "directory_show"
	CallbackStopResume  = "directory_resume_submit"
	CallbackStopDiscard = "directory_discard_submit"
)

// What of a stop's changes a card and its modal have room for.
const (
	stopRows = 10
	StopMost = 200 // the modal
)

// Stop is what the breaker of a directory holds.
type Stop struct {
	db.DirectoryStop
	Directory db.Directory
	Owner     *db.Person // of the directory; nil: nobody known
	DecidedBy *db.Person
	Waiting   []db.DirectoryChange // the first that it holds
	Total     int                  // all that it holds
	Newest    int64                // the newest of them, by its number in the journal
}

// seen names a stop and the newest change that is shown of it, in a modal.
func (s Stop) seen() string { return s.ID + " " + strconv.FormatInt(s.Newest, 10) }

// ReadStopSeen reads which stop a modal is about, and the newest change of it that was shown.
func ReadStopSeen(metadata string) (id string, newest int64) {
	id, number, _ := strings.Cut(metadata, " ")
	newest, _ = strconv.ParseInt(number, 10, 64) // what is no number is that nothing was shown
	return id, newest
}

// StopCard is the card about what the breaker of a directory stopped, also once somebody has decided.
func StopCard(stop Stop) Message {
	title := clip(oneLine(stop.Directory.Name), 80)
	if stop.Status != db.StopOpen {
		text := sentence(escape(stop.Why, 400))
		decided := "*Let go on*"
		if stop.Status == db.StopDiscarded {
			decided = "*Discarded*"
		}
		decided += " by " + person(stop.DecidedBy) + " " + on(stop.EndedAt) + "."
		if !blank(stop.Reason) {
			decided += " Reason: " + sentence(escape(stop.Reason, 500))
		}
		if stop.Status == db.StopDiscarded {
			decided += " None of it was done. The directory goes on saying it; it is listed as drift."
		}
		return message(text+" "+decided, header(title+" was stopped"), section(text), section(decided), stopFoot(stop))
	}
	text := "⚠ " + sentence(escape(stop.Why, 400)) + " Nothing of it is done: it waits until somebody says that it goes on, or that it is wrong."
	blocks := []slack.Block{header("⚠ " + title + " is stopped"), section(text)}
	if stop.Total > 0 {
		blocks = append(blocks, section(append([]string{counted("What waits", stop.Total)}, stopLines(stop, stopRows)...)...))
	}
	deciders := "the admins"
	if stop.Owner != nil {
		deciders += " and the owner, " + person(stop.Owner)
	}
	blocks = append(blocks, section("*Who decides*", "One of "+deciders+"."), actions(
		primary(button(ActionStopResume, stop.ID, "Resume…", "Let the changes of "+title+" go on")),
		danger(button(ActionStopDiscard, stop.ID, "Discard…", "Discard the changes of "+title)),
		button(ActionStopShow, stop.ID, "Show all", "Show all changes that wait"),
	))
	return message(text, append(blocks, stopFoot(stop))...)
}

func stopFoot(stop Stop) slack.Block {
	return footnote("Directory " + code(stop.Directory.Slug, 80) + " · stopped " + on(stop.CreatedAt))
}

// stopLines are the first changes that wait, and how many more do.
func stopLines(stop Stop, most int) []string {
	var lines []string
	for n, change := range stop.Waiting {
		if n == most {
			break
		}
		lines = append(lines, fmt.Sprintf("%d. *%s* · %s", n+1, halted(change), on(change.CreatedAt)))
	}
	if more := stop.Total - len(lines); more > 0 {
		lines = append(lines, fmt.Sprintf("… and %d more", more))
	}
	return lines
}

// changeWords are what a directory wants to do, by kind of change.
var changeWords = map[string]string{
	db.UserCreated: "Create", db.UserUpdated: "Change", db.UserSuspended: "Suspend", db.UserResumed: "Let back in:", db.UserDeleted: "Delete",
	db.GroupCreated: "Create the group", db.GroupUpdated: "Change the group", db.GroupDeleted: "Delete the group", db.GroupEmptied: "Empty the group",
	db.MembersAdded: "Add to", db.MembersRemoved: "Remove from", db.DirectoryDeleted: "End the directory",
}

// halted is one change that waits.
func halted(change db.DirectoryChange) string {
	word := changeWords[change.Kind]
	if word == "" {
		word = strings.ReplaceAll(change.Kind, "_", " ")
	}
	text := word + " " + escape(change.Label, 120)
	if n := len(change.Members); n > 0 && (change.Kind == db.MembersRemoved || change.Kind == db.MembersAdded) {
		text += ": " + plural(n, "person", "people")
	}
	return text
}

// StopListModal shows what waits behind a breaker.
func StopListModal(stop Stop) slack.ModalViewRequest {
	lines := stopLines(stop, StopMost)
	if len(lines) == 0 {
		lines = []string{"Nothing waits any more."}
	}
	return with(form("What waits", "", CallbackMessage, ""), append([]slack.Block{section(sentence(escape(stop.Why, 400)))}, sections(lines, 20)...)...)
}

// StopResumeModal asks whether what the breaker holds is to go on, and takes a reason.
func StopResumeModal(stop Stop) slack.ModalViewRequest {
	modal := form("Resume", "Resume", CallbackStopResume, stop.seen())
	reason := input(FieldReason, "Reason", "It stands on the card and in the log.", multiline(FieldReason, "")).WithOptional(true)
	return with(modal, section(sentence(escape(stop.Why, 400)), "What waits is done, as the policy of "+escape(stop.Directory.Name, 80)+" says: "+
		plural(stop.Total, "change", "changes")+" now."), reason)
}

// StopDiscardModal asks why what the breaker holds is not to be.
func StopDiscardModal(stop Stop) slack.ModalViewRequest {
	modal := form("Discard", "Discard", CallbackStopDiscard, stop.seen())
	return with(modal, section(sentence(escape(stop.Why, 400)), "Nothing of what waits is done: "+plural(stop.Total, "change", "changes")+
		" now. The directory goes on saying it, and it is listed as drift."), reasonInput("It stands on the card and in the log."))
}

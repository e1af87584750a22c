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
	ActionStopBefore    = "directory_before" // in the list; its value is the page, from 0
	ActionStopAfter     = "directory_after"
	CallbackStopResume  = "directory_resume_submit"
	CallbackStopDiscard = "directory_discard_submit"
)

// How many of a stop's changes a card and a page of its list show.
const (
	StopRows = 10
	StopPage = 50
)

// Stop is what the breaker of a directory holds.
type Stop struct {
	db.DirectoryStop
	Directory db.Directory
	Owner     *db.Person // of the directory; nil: nobody known
	DecidedBy *db.Person
	Waiting   []db.DirectoryChange // some that it holds, in their order
	Skipped   int                  // how many it holds in front of those
	About     map[string]db.Person // whom those are about, by the id of the directory's user
	Teams     []db.StoppedDepartment
	Total     int   // all that it holds
	Newest    int64 // the newest of them, by its number in the journal
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
			decided += " None of it was done. The directory goes on saying it, and it is listed among the differences."
		}
		return message(text+" "+decided, header(title+" was stopped"), section(text), section(decided), stopFoot(stop))
	}
	text := "⚠ " + sentence(escape(stop.Why, 400)) + " Nothing of it is done until somebody decides."
	blocks := []slack.Block{header("⚠ " + title + " is stopped"), section(strings.TrimPrefix(text, "⚠ "))}
	if stop.Total > 0 {
		blocks = append(blocks, section(append([]string{counted("What waits", stop.Total)}, stopLines(stop)...)...))
	}
	if teams := stopTeams(stop); teams != "" {
		blocks = append(blocks, section("*Whom it is about*", teams))
	}
	deciders := "Any admin"
	if stop.Owner != nil {
		deciders += ", or the owner of " + escape(title, 80) + ", " + person(stop.Owner)
	}
	blocks = append(blocks, section("*Who decides*", deciders+"."), section(
		"*Resume* if it is right: all of it goes on as usual.",
		"*Discard* if it is a mistake: none of it is done. Have it put right in "+escape(title, 80)+" too, which goes on saying it."),
		actions(
			primary(button(ActionStopResume, stop.ID, "Resume…", "Let the changes of "+title+" go on")),
			danger(button(ActionStopDiscard, stop.ID, "Discard…", "Discard the changes of "+title)),
			button(ActionStopShow, stop.ID, "Show all", "Show all changes that wait"),
		))
	return message(text, append(blocks, stopFoot(stop))...)
}

// stopTeams says of how many people of which departments the changes are: "Sales 40, Support 12 and 3 without one".
func stopTeams(stop Stop) string {
	var parts []string
	for _, team := range stop.Teams {
		if blank(team.Department) {
			parts = append(parts, fmt.Sprintf("%d of no known department", team.People))
			continue
		}
		parts = append(parts, "*"+escape(team.Department, 60)+"* "+strconv.Itoa(team.People))
	}
	return enumerate(parts, 8, "and")
}

func stopFoot(stop Stop) slack.Block {
	return footnote("Directory " + code(stop.Directory.Slug, 80) + " · stopped " + on(stop.CreatedAt))
}

// stopLines are some of the changes that wait, and on a card how many more do.
func stopLines(stop Stop) []string {
	var lines []string
	for n, change := range stop.Waiting {
		line := fmt.Sprintf("%d. *%s*", stop.Skipped+n+1, halted(change))
		if p, known := stop.About[change.UserID]; known {
			for _, part := range []string{name(&p), p.Title, p.Department} {
				if !blank(part) {
					line += " · " + escape(part, 60)
				}
			}
		}
		lines = append(lines, line)
	}
	if more := stop.Total - len(lines); more > 0 && stop.Skipped == 0 && len(lines) < StopPage {
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

// StopListModal shows a page of what waits behind a breaker.
func StopListModal(stop Stop) (slack.ModalViewRequest, error) {
	page, pages := stop.Skipped/StopPage, (stop.Total+StopPage-1)/StopPage
	lines := stopLines(stop)
	if len(lines) == 0 {
		lines = []string{"Nothing waits any more."}
	}
	modal, err := listForm("What waits", ListAt{Of: stop.ID, Page: page})
	modal = with(modal, section(sentence(escape(stop.Why, 400))))
	if teams := stopTeams(stop); teams != "" {
		modal = with(modal, section(teams))
	}
	modal = with(modal, sections(lines, 20)...)
	return with(modal, turning(ActionStopBefore, ActionStopAfter, page, pages)...), err
}

// StopResumeModal asks whether what the breaker holds is to go on, and takes a reason.
func StopResumeModal(stop Stop) slack.ModalViewRequest {
	modal := form("Resume", "Resume", CallbackStopResume, stop.seen())
	reason := input(FieldReason, "Reason", "It stands on the card and in the log.", multiline(FieldReason, "")).WithOptional(true)
	return with(modal, section(sentence(escape(stop.Why, 400))), section("*"+plural(stop.Total, "change goes", "changes go")+" on*, as if nothing had been stopped: "+
		"what needs an approval is asked about, and all else is done at once. What "+escape(stop.Directory.Name, 80)+" writes after this is looked at anew."), reason)
}

// StopDiscardModal asks why what the breaker holds is not to be.
func StopDiscardModal(stop Stop) slack.ModalViewRequest {
	modal := form("Discard", "Discard", CallbackStopDiscard, stop.seen())
	return with(modal, section(sentence(escape(stop.Why, 400))), section("*"+plural(stop.Total, "change is", "changes are")+" dropped*: nothing of it is done. "+
		escape(stop.Directory.Name, 80)+" goes on saying it until somebody puts it right there; until then it is listed among the differences."),
		reasonInput("It stands on the card and in the log."))
}

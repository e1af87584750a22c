package views

import (
	"fmt"
	"strconv"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// ReviewList is what the list of access reviews shows.
type ReviewList struct {
	Rows     []db.ReviewSummary
	Page     int // from 0
	Total    int64
	PerPage  int
	MayStart bool
}

// AccessReviews is the list of access reviews.
func AccessReviews(list ReviewList) slack.ModalViewRequest {
	modal := form("Access reviews", "", CallbackMessage, "")
	if list.MayStart {
		modal = with(modal, actions(primary(button(ActionReviewStart, "new", "Start a review", ""))))
	}
	if len(list.Rows) == 0 {
		return with(modal, section("There is no access review yet."), administration())
	}
	for _, row := range list.Rows {
		shown := section("*"+escape(row.Title, 120)+"* · "+reviewStatus(row.Review), reviewCounts(row.Counts)+", "+reviewEnd(row.Review))
		shown.Accessory = slack.NewAccessory(button(ActionReviewShow, row.ID, "Show", "Show the review "+row.Title))
		modal = with(modal, shown)
	}
	var turn []*slack.ButtonBlockElement
	if list.Page > 0 {
		turn = append(turn, button(ActionReviewBefore, strconv.Itoa(list.Page-1), "Newer", "Newer reviews"))
	}
	if int64((list.Page+1)*list.PerPage) < list.Total {
		turn = append(turn, button(ActionReviewAfter, strconv.Itoa(list.Page+1), "Older", "Older reviews"))
	}
	if len(turn) > 0 {
		modal = with(modal, actions(turn...), footnote(fmt.Sprintf("%d reviews", list.Total)))
	}
	return with(modal, administration())
}

func reviewStatus(review db.Review) string {
	kind := ""
	if review.Kind == db.EmergencyReview {
		kind = "emergency, "
	}
	switch review.Status {
	case db.ReviewDone:
		return kind + "done"
	case db.ReviewCancelled:
		return kind + "cancelled"
	}
	if !review.OverdueAt.IsZero() {
		return kind + "*overdue*"
	}
	return kind + "open"
}

func reviewEnd(review db.Review) string {
	if review.Status == db.ReviewOpen {
		return "due " + on(review.DueAt)
	}
	return "ended " + on(review.EndedAt)
}

// ReviewShown is what one access review shows to who looks after it.
type ReviewShown struct {
	Review    db.ReviewSummary
	Left      []db.ReviewerLeft // who still has to decide, the most first
	MayCancel bool
}

// AccessReviewShown shows one access review: its scope, how far it is and who still has to decide.
func AccessReviewShown(shown ReviewShown) slack.ModalViewRequest {
	row := shown.Review
	modal := form("Access review", "", CallbackMessage, row.ID)
	by := "Usher"
	if row.Creator != nil {
		by = person(row.Creator)
	}
	lines := []string{
		"*" + escape(row.Title, 120) + "* · " + reviewStatus(row.Review),
		fmt.Sprintf("%d of %d decided: ", row.Counts.Decided(), row.Counts.Total()) + reviewCounts(row.Counts) + ".",
		"Begun by " + by + " " + on(row.CreatedAt) + ", " + reviewEnd(row.Review) + ".",
		"About " + scopeWords(row.Scope) + ".",
		"Reviewers: " + escape(enumerate(row.Reviewers, 10, "and"), 300) + ". What nobody decides in time is " + pastOf(row.Overdue) + ".",
	}
	if row.Counts.ByDefault > 0 {
		lines = append(lines, fmt.Sprintf("Decided because nobody did in time: %d.", row.Counts.ByDefault))
	}
	if row.Unreviewed > 0 {
		lines = append(lines, fmt.Sprintf("*%d have no reviewer*: nobody could be found. They are %s when the review is due.", row.Unreviewed, pastOf(row.Overdue)))
	}
	buttons := []*slack.ButtonBlockElement{
		primary(button(ActionReviewExport, row.ID, "Export", "Export the review as a file")), button(ActionReviewList, "all", "Back", "Back to the list"),
	}
	if shown.MayCancel {
		buttons = append(buttons, danger(button(ActionReviewCancel, row.ID, "Cancel review", "")).WithConfirm(slack.NewConfirmationBlockObject(
			plain("Cancel review", maxTitle), plain("What is not decided yet stays as it is, and nobody is asked any more.", maxConfirm),
			plain("Cancel review", maxChoice), plain("Go on", maxChoice))))
	}
	modal = with(modal, section(lines...))
	if len(shown.Left) > 0 {
		modal = with(modal, section(append([]string{"*Still to decide*"}, reviewersLeft(shown.Left)...)...))
	}
	return with(modal, actions(buttons...))
}

func reviewersLeft(left []db.ReviewerLeft) []string {
	lines := make([]string, 0, len(left))
	for n, one := range left {
		if n == 20 {
			return append(lines, fmt.Sprintf("… and %d more people", len(left)-n))
		}
		lines = append(lines, "• "+person(one.Person)+": "+fmt.Sprint(one.Open))
	}
	return lines
}

func pastOf(overdue string) string {
	if overdue == db.OverdueRemove {
		return "removed"
	}
	return "kept"
}

// scopeWords says which grants a review is about.
func scopeWords(scope db.ReviewScope) string {
	var parts []string
	for _, one := range []struct {
		words string
		among []string
	}{{"the access ", scope.Entitlements}, {"the providers ", scope.Providers}, {"what is held by ", scope.People}, {"access of the risk ", scope.Risks}} {
		if len(one.among) == 0 {
			continue
		}
		names := make([]string, 0, len(one.among))
		for _, name := range one.among {
			names = append(names, escape(name, 80))
		}
		parts = append(parts, one.words+enumerate(names, 8, "and"))
	}
	if len(parts) == 0 {
		return "all access"
	}
	return enumerate(parts, len(parts), "and")
}

// AccessReviewNews tells a channel that a review began, ended or was left alone. Events that call for no news give an
// empty message.
func AccessReviewNews(row db.ReviewSummary, event db.AuditEvent) Message {
	name := "The access review *" + escape(row.Title, 120) + "*"
	var text string
	switch event.Action {
	case "review.started":
		text = name + " has begun: " + plural(row.Counts.Total(), "access", "accesses") + " to look at until " + on(row.DueAt) + ". The reviewers are asked by direct message."
	case "review.overdue":
		if row.Kind != db.EmergencyReview {
			return Message{}
		}
		text = "Nobody has looked at it in time: " + name + ". The admins are asked too."
	case "review.ended":
		text = name + " is over: " + reviewCounts(row.Counts) + "."
		if row.Counts.ByDefault > 0 {
			text += fmt.Sprintf(" Nobody decided in time on %d of them.", row.Counts.ByDefault)
		}
	case "review.cancelled":
		text = name + " was cancelled: " + reviewCounts(row.Counts) + ". What was not decided stays as it is."
	default:
		return Message{}
	}
	return message(text, section(text))
}

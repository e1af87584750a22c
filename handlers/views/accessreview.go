package views

import (
	"fmt"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// ReviewItemsShown is how many items a reviewer's card shows at once; the next appear as they are decided.
const ReviewItemsShown = 5

// AccessReview is one reviewer's card of an access review: how far he is and what he decides next. When nothing is
// left it sums up. Whoever reviews nothing of it gets an empty message.
func AccessReview(desk db.ReviewDesk) Message {
	if desk.Counts.Total() == 0 {
		return Message{}
	}
	name := escape(desk.Review.Title, 120)
	if desk.Counts.Open == 0 || desk.Review.Status != db.ReviewOpen {
		text := reviewSummed(desk)
		return message(text, header("Access review: "+desk.Review.Title), section(text))
	}
	text := fmt.Sprintf("Access review *%s*: %s for you to decide. %s", name, waits(desk.Counts.Open), reviewDue(desk.Review))
	blocks := []slack.Block{header("Access review: " + desk.Review.Title), section(reviewProgress(desk), reviewDue(desk.Review))}
	for _, item := range desk.Items {
		blocks = append(append(blocks, slack.NewDividerBlock()), reviewItem(item, desk.Facts[item.GrantID])...)
	}
	if left := desk.Counts.Open - len(desk.Items); left > 0 {
		blocks = append(blocks, footnote(fmt.Sprintf("… and %d more: they appear here as you decide.", left)))
	}
	return message(text, blocks...)
}

// AccessReviewReminder is the card once more, because a redrawn message notifies nobody.
func AccessReviewReminder(desk db.ReviewDesk) Message {
	again := AccessReview(desk)
	if again.Text != "" && desk.Counts.Open > 0 && desk.Review.Status == db.ReviewOpen {
		again.Text = "Reminder. " + again.Text
	}
	return again
}

func waits(n int) string {
	if n == 1 {
		return "1 access waits"
	}
	return fmt.Sprintf("%d accesses wait", n)
}

func reviewProgress(desk db.ReviewDesk) string {
	return fmt.Sprintf("*%d of %d decided.* Does each of these people still need what they have?", desk.Counts.Decided(), desk.Counts.Total())
}

// reviewDue says until when, and what happens to what nobody decides.
func reviewDue(review db.Review) string {
	switch {
	case review.Kind == db.EmergencyReview && !review.OverdueAt.IsZero():
		return "*Overdue* since " + on(review.DueAt) + ": nobody has looked at this emergency yet. You are reminded each day."
	case review.Kind == db.EmergencyReview:
		return "Due " + on(review.DueAt) + ". The access was taken by the emergency path; somebody has to look at it."
	case review.Overdue == db.OverdueRemove:
		return "Due " + on(review.DueAt) + ". What is not decided by then is removed."
	}
	return "Due " + on(review.DueAt) + ". What is not decided by then is kept."
}

func reviewSummed(desk db.ReviewDesk) string {
	text := fmt.Sprintf("Access review *%s*: nothing is left for you to decide. ", escape(desk.Review.Title, 120)) + reviewCounts(desk.Counts) + "."
	switch {
	case desk.Review.Status == db.ReviewCancelled:
		text += " It was cancelled " + on(desk.Review.EndedAt) + "; what was not decided stays as it is."
	case desk.Counts.ByDefault > 0:
		text += fmt.Sprintf(" Of these, %d because nobody decided in time.", desk.Counts.ByDefault)
	}
	return text + " Thank you."
}

// reviewCounts says what became of items.
func reviewCounts(counts db.ReviewCounts) string {
	parts := []string{fmt.Sprintf("%d kept", counts.Kept), fmt.Sprintf("%d removed", counts.Removed)}
	if counts.Ended > 0 {
		parts = append(parts, fmt.Sprintf("%d ended otherwise", counts.Ended))
	}
	if counts.Open > 0 {
		parts = append(parts, fmt.Sprintf("%d open", counts.Open))
	}
	return enumerate(parts, len(parts), "and")
}

// reviewItem is at most four blocks: the facts, the holder's answer, and the buttons.
func reviewItem(item db.ReviewItem, facts db.ReviewFacts) []slack.Block {
	blocks := []slack.Block{section(reviewFacts(item, facts)...)}
	switch {
	case !item.AnsweredAt.IsZero():
		blocks = append(blocks, section(person(item.Grant.Subject)+" answered "+on(item.AnsweredAt)+":"), quote(clip(item.Answer, 600), "Nothing."))
	case !item.AskedAt.IsZero():
		blocks = append(blocks, footnote(person(item.Asker)+" asked "+person(item.Grant.Subject)+" "+on(item.AskedAt)+"; there is no answer yet."))
	}
	return append(blocks, reviewButtons(item))
}

func reviewButtons(item db.ReviewItem) slack.Block {
	of := " " + title(item.Grant.Entitlement) + " of " + name(item.Grant.Subject)
	offered := []*slack.ButtonBlockElement{
		primary(button(ActionReviewKeep, item.ID, "Keep", "Keep"+of)),
		danger(button(ActionReviewRemove, item.ID, "Remove", "Remove"+of)),
		button(ActionReviewNoRenewal, item.ID, "Do not renew", "Do not renew"+of),
	}
	if item.AskedAt.IsZero() {
		offered = append(offered, button(ActionReviewAsk, item.ID, "Ask the holder", "Ask "+name(item.Grant.Subject)))
	}
	return actions(offered...)
}

// reviewFacts is what a reviewer has to go by: who holds what, since when, how it came to be, and what is known of its
// use.
func reviewFacts(item db.ReviewItem, facts db.ReviewFacts) []string {
	grant := item.Grant
	lines := []string{"*" + person(grant.Subject) + "* · " + at(grant.Entitlement) + " · Risk: " + risk(grant.Entitlement), reviewTerm(*grant)}
	came := "Asked for by " + person(facts.Request.Requester) + " in " + code(facts.Request.ID, 60) + ", " + reviewApproval(facts) + "."
	if facts.Extensions > 0 {
		came += " Given longer " + plural(facts.Extensions, "time", "times") + "."
	}
	if facts.Request.Emergency {
		came = "*By the emergency path.* " + came
	}
	lines = append(lines, came, "Reason then: "+sentence(reason(facts.Request.Reason, 200)))
	if blank(item.Usage) {
		return append(lines, "Use: not known at this provider.")
	}
	return append(lines, "Use: "+sentence(escape(item.Usage, 200)))
}

func reviewTerm(grant db.Grant) string {
	if grant.ActiveAt.IsZero() {
		return "Not given yet: it starts " + on(grant.StartsAt) + "."
	}
	held := "Held since " + on(grant.ActiveAt) + ", when it was read back at the provider"
	if grant.ExpiresAt.IsZero() {
		return held + "," + lasting(grant) + "."
	}
	return held + "; ends " + on(grant.ExpiresAt) + "."
}

func reviewApproval(facts db.ReviewFacts) string {
	if facts.Flow.Ruled != "" {
		return "approved by the rule " + code(facts.Flow.Ruled, 80)
	}
	if len(facts.Approvals) == 0 {
		return "approved without a person by the chain " + code(facts.Flow.Chain, 80)
	}
	names := make([]string, 0, len(facts.Approvals))
	for _, one := range facts.Approvals {
		names = append(names, person(one.Person))
	}
	return "approved by " + enumerate(names, 4, "and")
}

// AccessReviewAnswer tells who asked that the holder has answered, with the decision while it is open.
func AccessReviewAnswer(item db.ReviewItem, facts db.ReviewFacts) Message {
	text := person(item.Grant.Subject) + " answered about " + at(item.Grant.Entitlement) + "."
	if item.Status != db.ItemOpen {
		return message(text, section(text, reviewOutcome(item)), quote(clip(item.Answer, 600), "Nothing."))
	}
	return message(text, append([]slack.Block{section(text)}, reviewItem(item, facts)...)...)
}

// reviewOutcome says what became of an item.
func reviewOutcome(item db.ReviewItem) string {
	by := ""
	switch {
	case item.ByDefault:
		by = " because nobody decided in time"
	case item.Decider != nil:
		by = " by " + person(item.Decider)
	}
	switch item.Status {
	case db.ItemKept:
		return "It was kept" + by + "."
	case db.ItemRemoved:
		return "It was removed" + by + "."
	case db.ItemEnded:
		return "It is not under review any more."
	}
	return "It is not decided yet."
}

package views

import (
	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// AccessReviewQuestion asks the holder whether he still needs his access. Afterwards it says what he answered and what
// became of it.
func AccessReviewQuestion(item db.ReviewItem) Message {
	what := at(item.Grant.Entitlement)
	text := person(item.Asker) + " reviews who has access and asks you about " + what + ", which you hold."
	blocks := []slack.Block{header("Do you still need this access?"), section(text, reviewTerm(*item.Grant)), quote(clip(item.Question, 1000), "Do you still need it?")}
	if !item.AnsweredAt.IsZero() {
		blocks = append(blocks, section("You answered "+on(item.AnsweredAt)+":"), quote(clip(item.Answer, 1000), "Nothing."))
	}
	if item.Status != db.ItemOpen {
		return message(text+" "+reviewOutcome(item), append(blocks, section(reviewOutcome(item)))...)
	}
	if !item.AnsweredAt.IsZero() {
		return message(text, blocks...)
	}
	back := button(ActionReviewNotNeeded, item.ID, "I don't need it", "Give back "+title(item.Grant.Entitlement)).WithConfirm(
		slack.NewConfirmationBlockObject(plain("Give back access", maxTitle),
			plain("This takes "+title(item.Grant.Entitlement)+" from you now. To have it again, you ask again.", maxConfirm),
			plain("Give back", maxChoice), plain("Keep it", maxChoice)))
	return message(text+" Answer, or give it back.", append(blocks,
		actions(primary(button(ActionReviewAnswer, item.ID, "Answer", "Answer about "+title(item.Grant.Entitlement))), back))...)
}

// AccessReviewRemoveModal asks why access is removed. Its private metadata is the item's id.
func AccessReviewRemoveModal(item db.ReviewItem) slack.ModalViewRequest {
	modal := form("Remove access", "Remove", CallbackReviewRemove, item.ID)
	again := slack.NewOptionBlockObject("no", plain("Do not give it to "+clip(name(item.Grant.Subject), 40)+" again", maxOption), nil)
	box := input(FieldReviewAgain, "From now on", "", slack.NewCheckboxGroupsBlockElement(FieldReviewAgain, again))
	box.Optional = true
	return with(modal, section("This takes "+at(item.Grant.Entitlement)+" from "+person(item.Grant.Subject)+" now."),
		reasonInput("It stands in the request's thread and in the audit log."), box)
}

// AccessReviewNoRenewalModal asks why access is to end with its time. Its private metadata is the item's id.
func AccessReviewNoRenewalModal(item db.ReviewItem) slack.ModalViewRequest {
	modal := form("Do not renew", "Do not renew", CallbackReviewNoRenewal, item.ID)
	text := person(item.Grant.Subject) + " keeps " + at(item.Grant.Entitlement) + lasting(*item.Grant)
	return with(modal, section(text+". It can't be given longer after that."), reasonInput("Whoever asks for more time reads this."))
}

// AccessReviewAskModal asks what the holder is to be asked. Its private metadata is the item's id.
func AccessReviewAskModal(item db.ReviewItem) slack.ModalViewRequest {
	modal := form("Ask the holder", "Ask", CallbackReviewAsk, item.ID)
	return with(modal, section(person(item.Grant.Subject)+" gets this as a direct message. The answer comes back to your card."),
		input(FieldReviewQuestion, "Question", "", multiline(FieldReviewQuestion, "Do you still need this access, and for what?")))
}

// AccessReviewAnswerModal asks the holder for his answer. Its private metadata is the item's id.
func AccessReviewAnswerModal(item db.ReviewItem) slack.ModalViewRequest {
	modal := form("Answer", "Answer", CallbackReviewAnswer, item.ID)
	return with(modal, quote(clip(item.Question, 1000), "Do you still need it?"),
		input(FieldReviewAnswer, "Answer", "The reviewers read it.", multiline(FieldReviewAnswer, "")))
}

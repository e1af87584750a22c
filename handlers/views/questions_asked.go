package views

import (
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// shownQuestions is how many questions about an item the card shows, the newest.
const shownQuestions = 3

// asks are the newest questions about an item with their answers, or nothing.
func asks(sheet db.Sheet, item db.SheetItem) []string {
	var lines []string
	for _, question := range sheet.Questions {
		if question.ItemID == item.ID {
			lines = append(lines, questionLine(question))
		}
	}
	if left := len(lines) - shownQuestions; left > 0 {
		lines = append([]string{fmt.Sprintf("… %s before", plural(left, "question", "questions"))}, lines[left:]...)
	}
	if len(lines) == 0 {
		return nil
	}
	return append([]string{"*Questions*"}, lines...)
}

func questionLine(question db.Question) string {
	text := person(question.Asker) + " asked: “" + escape(question.Text, 300) + "” "
	if question.AnsweredAt.IsZero() {
		return text + "_No answer yet._"
	}
	return text + "\n      ◦ " + person(question.Answerer) + " answered: “" + escape(question.Answer, 300) + "”"
}

// RequestQuestion asks whoever wants an access what somebody who decides wants to know first: in the thread, and in a
// direct message. Once it is answered, or needs no answer any more, it says so without its button. An unknown question
// gives an empty message.
func RequestQuestion(sheet db.Sheet, id string, _ time.Time) Message {
	question, item := questionOf(sheet, id)
	if question == nil {
		return Message{}
	}
	text := person(sheet.Request.Requester) + ", " + person(question.Asker) + " asks about " + at(item.Entitlement) + ": “" +
		escape(question.Text, 600) + "”"
	said := []slack.Block{
		section(person(sheet.Request.Requester) + ", " + person(question.Asker) + " has a question about " + at(item.Entitlement) + ":"),
		quote(question.Text, "No question was written."),
	}
	switch {
	case !question.AnsweredAt.IsZero():
		answer := person(question.Answerer) + " answered " + on(question.AnsweredAt) + ":"
		said = append(said, section(answer), quote(question.Answer, "Nothing."))
		return message(text+" "+answer+" “"+escape(question.Answer, 600)+"”", said...)
	case item.Status != db.Pending:
		text += " It needs no answer any more."
		return message(text, append(said, footnote("It needs no answer any more. "+about(sheet)))...)
	}
	press := primary(button(ActionQuestionAnswer, question.ID, "Answer", "Answer the question about "+title(item.Entitlement)))
	return message(text+" Press Answer.", append(said, actions(press), footnote(about(sheet)))...)
}

func questionOf(sheet db.Sheet, id string) (*db.Question, *db.SheetItem) {
	for n := range sheet.Questions {
		for i := range sheet.Items {
			if sheet.Questions[n].ID == id && sheet.Items[i].ID == sheet.Questions[n].ItemID {
				return &sheet.Questions[n], &sheet.Items[i]
			}
		}
	}
	return nil, nil
}

// QuestionModal is the form of somebody who wants to know something before he decides. Its private metadata is the
// step's id.
func QuestionModal(stepID string, sheet db.Sheet) slack.ModalViewRequest {
	modal := with(form("Ask a question", "Ask", CallbackQuestion, stepID), brief(sheet, stepID)...)
	return with(modal, input(FieldQuestion, "Question", "Whoever asked for this is asked in the request's thread and in a direct message.",
		multiline(FieldQuestion, "")))
}

// AnswerModal is the form of whoever was asked. Its private metadata is the question's id.
func AnswerModal(question db.Question) slack.ModalViewRequest {
	modal := form("Answer", "Answer", CallbackAnswer, question.ID)
	return with(modal, section(person(question.Asker)+" asks:"), quote(question.Text, "No question was written."),
		input(FieldAnswer, "Answer", "It stands on the card and in the request's thread.", multiline(FieldAnswer, "")))
}

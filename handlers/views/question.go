package views

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// ActionScriptAnswer begins the action ids of a question's buttons: the button's number, from 1, follows it. The value
// is the script's id.
const ActionScriptAnswer = "script_answer_"

// MostAnswers is how many buttons a question may have.
const MostAnswers = 5

// AnswerOf reads the button, counted from 0, that an action id of a question names.
func AnswerOf(actionID string) (int, bool) {
	number, is := strings.CutPrefix(actionID, ActionScriptAnswer)
	n, err := strconv.Atoi(number)
	return n - 1, is && err == nil && n >= 1 && n <= MostAnswers
}

// Question asks a person what a script of an action flow wants to know. Once it is settled it says so, without buttons.
// An unknown script gives an empty message.
func Question(sheet db.Sheet, scriptID string, now time.Time) Message {
	item, run, script := scriptOf(sheet, scriptID)
	if script == nil {
		return Message{}
	}
	what := effort(*item, *run)
	open := script.Status == db.Paused && script.WaitsFor == db.WaitsAnswer && run.Status == db.Running && !run.Cancelling
	if !open {
		text := what + ": the question of step *" + escape(script.Name, 80) + "* needs no answer any more. " + settledQuestion(*run, *script)
		return message(text, section(text), quote(asked(*script), ""))
	}
	text := what + " needs your answer for step *" + escape(script.Name, 80) + "*."
	if !script.DueAt.IsZero() {
		text += " Please answer by " + on(script.DueAt) + "."
	}
	return message(text+told(asked(*script)), header("Your answer is needed"), quote(asked(*script), "No question was written."), section(text),
		fields([2]string{"Requested by", person(sheet.Request.Requester)}, [2]string{"Reason", reason(sheet.Request.Reason, 500)}),
		answers(*script), footnote(target(item.Entitlement)+" · "+about(sheet)))
}

// scriptOf finds a script with its item and action flow, or nils.
func scriptOf(sheet db.Sheet, id string) (*db.SheetItem, *db.SheetRun, *db.FlowScript) {
	for i := range sheet.Items {
		for r := range sheet.Items[i].Runs {
			run := &sheet.Items[i].Runs[r]
			for s := range run.Scripts {
				if run.Scripts[s].ID == id {
					return &sheet.Items[i], run, &run.Scripts[s]
				}
			}
		}
	}
	return nil, nil, nil
}

func asked(script db.FlowScript) string {
	question, _ := script.Args["text"].(string)
	return question
}

// answers are the buttons of a question. Colour alone says nothing: each has its text.
func answers(script db.FlowScript) slack.Block {
	written, _ := script.Args["buttons"].([]any)
	var made []*slack.ButtonBlockElement
	for n, one := range written {
		facts, _ := one.(map[string]any)
		text, _ := facts["text"].(string)
		if n == MostAnswers {
			break
		}
		press := button(ActionScriptAnswer+fmt.Sprint(n+1), script.ID, text, text+": "+script.Name)
		switch facts["style"] {
		case "green":
			press = primary(press)
		case "red":
			press = danger(press)
		}
		made = append(made, press)
	}
	return actions(made...)
}

func settledQuestion(run db.SheetRun, script db.FlowScript) string {
	by, _ := script.Output["name"].(string)
	answer, _ := script.Output["button"].(string)
	switch {
	case by != "":
		return sentence(escape(by, 80) + " answered “" + escape(answer, 80) + "”")
	case run.Status == db.Cancelled || run.Cancelling:
		return "It was given up."
	}
	return sentence(escape(script.Summary, 200))
}

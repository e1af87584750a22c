package workflow

import (
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

var (
	dueForms  = forms("within <d>", "due in|within <d>", "and? give them|him|her? <d>", "in at most <d>", "with a deadline of <d>", "no later than <d>")
	handForms = forms("by hand", "manually", "in person", "as a manual task", "themselves")
	taskForms = forms(
		"a|the? manual? task|todo for @ to <x>", "a|the? manual? task|todo for @ <x>", "@ a|the? manual? task|todo to <x>", "a|the? manual? task|todo to <x> for @", "a|the? manual? task|todo to <x> to @",
		"a|the? manual? task|todo to @ to <x>",
	)
)

// taskFor reads "create a task for the owner to …".
func (c *compiler) taskFor(words []word) (person, []word, bool) {
	if !holds(words, "task", "todo") {
		return person{}, nil, false
	}
	f, is := firstMatch(taskForms, words[1:])
	if !is {
		return person{}, nil, false
	}
	return f.who[0], f.words["x"], true
}

// manual adds a task for a person. The task is what was typed.
func (c *compiler) manual(who person, task []word, when *cond) *unclear {
	if strings.HasPrefix(who.to, "@") {
		return cannot("A task goes to one person or a #channel, not to the user group %s.", who.to)
	}
	task, due := takeLength(task, dueForms)
	task, remind := takeLength(task, remindForms)
	for len(task) > 0 && task[0].shape == colon {
		task = task[1:]
	}
	task = takePhrase(trimTail(trimHead(task)), handForms)
	task = trimTail(trimHead(task))
	if len(task) == 0 || task[0].is("do") && (len(task) == 1 || task[1].is("it", "this", "that", "so", "the", "needful")) {
		return cannot("What is to be done by hand is not said.")
	}
	if task[0].is("deny", "reject", "decline", "refuse", "not") {
		return cannot("An approval has two buttons, for yes and for no: write \"to confirm\".")
	}
	if task[0].in(prepositions) || task[0].is("once", "when", "after", "before", "if", "unless", "while", "until") {
		return notUnderstood(task[:1])
	}
	if verbs[task[0].text] == "" && task[0].shape == plain && !manualVerb(task) && len(task) < 2 {
		return notUnderstood(task)
	}
	if u := notUnderstood(task); !u.vague && vague[task[len(task)-1].text] != "" {
		return u
	}
	text := taskText(task)
	if reason := c.fillable(text); reason != nil {
		return reason
	}
	args := map[string]any{"to": who.to, "text": text}
	if due > 0 {
		args["due"] = due.String()
	}
	if remind > 0 {
		args["remind"] = remind.String()
	}
	return c.add(made{script: db.Script{Type: scripts.ManualTask, Args: args}, verb: has}, "task_"+who.word, when)
}

// manualVerb says whether words look like something that can be done.
func manualVerb(task []word) bool { return task[0].shape == plain && !task[0].in(articles) }

// taskText is the text of a task: what was typed, and for whom where it does not say so.
func taskText(task []word) string {
	if len(task) == 1 && task[0].shape == quoted {
		return task[0].text
	}
	text := upper(spoken(task))
	if !slices.ContainsFunc(task, func(w word) bool { return w.in(subjects) }) {
		text += " for {{ subject.name }}"
	}
	return text + "."
}

// Package blockkit says what Slack would refuse in a Block Kit payload: the blocks of a message, a modal or a
// Home tab. It is a pure description of the documented shapes and limits
// (https://docs.slack.dev/reference/block-kit) with one walker over it, and imports nothing of the project, so
// that the local workspace and the tests of the bot's views share one strict judge.
//
// The wording, the order of the lines and the codes follow Slack's own schema engine
// (https://github.com/slackhq/hack-json-schema) and the refusals seen in the field: missing fields hide every
// other fault of the same object, a limited text reports its object first and the text second, and a refused
// view starts with a line for the view itself. Rules that no schema can express (two equal block_ids, an input
// without a submit button) are looked at only when the shapes are right.
package blockkit

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Problem is one fault that Slack would report.
type Problem struct {
	// Message is the sentence in Slack's words.
	Message string
	// Pointer is the JSON pointer (RFC 6901) to the faulty place, such as /blocks/1/elements.
	Pointer string
	// Code is missing_field, invalid_type or failed_constraint.
	Code string
	// Constraint says which rule failed: type, and often expected and got. It is nil for missing fields, wrong
	// types and rules outside the schema.
	Constraint map[string]any
}

// Message returns what Slack would refuse in the blocks array of a message, in the order Slack reports it, or
// nothing. Pointers start with /blocks.
func Message(blocks json.RawMessage) []Problem {
	return checkBlocks(messageBlocks, surfaceMessage, "/blocks", decode(blocks))
}

// View returns what Slack would refuse in a modal or Home view, or nothing. Pointers start with /view. The size
// of the view is a question of its own: see TooLarge.
func View(view json.RawMessage) []Problem {
	return checkView("/view", decode(view))
}

// Errors renders problems as the lines of Slack's answers: "message [json-pointer:/pointer]".
func Errors(problems []Problem) []string {
	lines := make([]string, 0, len(problems))
	for _, problem := range problems {
		lines = append(lines, fmt.Sprintf("%s [json-pointer:%s]", problem.Message, problem.Pointer))
	}
	return lines
}

func checkBlocks(blocks *shape, on surface, at string, value any) []Problem {
	var w walk
	w.check(blocks, at, value)
	if len(w.problems) > 0 {
		return w.problems
	}
	return blockRules(on, at, asList(value))
}

func checkView(at string, value any) []Problem {
	var w walk
	w.check(anyView, at, value)
	if len(w.problems) > 0 {
		return append([]Problem{allOf(at)}, w.problems...)
	}
	view := asObject(value)
	on := surfaceHome
	if view["type"] == "modal" {
		on = surfaceModal
	}
	problems := blockRules(on, at+"/blocks", asList(view["blocks"]))
	if _, found := view["submit"]; on == surfaceModal && !found {
		problems = append(problems, submitRule(at+"/blocks", asList(view["blocks"]))...)
	}
	return problems
}

// decode returns the value of a JSON text with its numbers unread, or nil when the text is not one JSON value.
func decode(raw json.RawMessage) any {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if !json.Valid(raw) || decoder.Decode(&value) != nil {
		return nil
	}
	return value
}

package blockkit

import (
	"encoding/json"
	"strings"
)

// Validate returns the body with which Slack's blocks.validate answers
// (https://docs.slack.dev/reference/methods/blocks.validate), ready for encoding/json: ok, or an error with a
// list of what is wrong. kind names the argument: blocks, message (an object with blocks and attachments) or
// view; any other kind is invalid_arguments. Pointers start at the argument itself.
func Validate(kind string, raw json.RawMessage) any {
	var problems []Problem
	switch kind {
	case "blocks":
		problems = checkBlocks(anyBlocks, surfaceUnknown, "", decode(raw))
	case "message":
		problems = checkMessage(decode(raw))
	case "view":
		problems = checkView("", decode(raw))
	default:
		return map[string]any{"ok": false, "error": "invalid_arguments"}
	}
	if len(problems) == 0 {
		return map[string]any{"ok": true}
	}
	return map[string]any{"ok": false, "error": "invalid_" + kind, "errors": details(problems)}
}

func details(problems []Problem) []map[string]any {
	all := make([]map[string]any, 0, len(problems))
	for _, problem := range problems {
		detail := map[string]any{"code": problem.Code, "message": problem.Message, "pointer": problem.Pointer}
		if problem.Constraint != nil {
			detail["constraint"] = problem.Constraint
		}
		if name, found := strings.CutPrefix(problem.Message, missingPrefix); found {
			detail["field"] = name
		}
		all = append(all, detail)
	}
	return all
}

// message is the argument of the same name: text is not part of it, and Slack refuses it there.
var message = plain(opt("blocks", messageBlocks), opt("attachments", list(0, 100, loose)))

func checkMessage(value any) []Problem {
	var w walk
	w.check(message, "", value)
	if len(w.problems) > 0 {
		return w.problems
	}
	object := asObject(value)
	problems := blockRules(surfaceMessage, "/blocks", asList(object["blocks"]))
	for i, attachment := range asList(object["attachments"]) {
		if blocks, found := asObject(attachment)["blocks"]; found {
			problems = append(problems,
				checkBlocks(messageBlocks, surfaceMessage, index("/attachments", i)+"/blocks", blocks)...)
		}
	}
	return problems
}

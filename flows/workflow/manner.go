package workflow

import (
	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/flows/scripts"
)

// What a script does when it has failed for good. Stored names.
const (
	onStop     = "stop"
	onContinue = "continue"
	onManual   = "manual_task"
)

// failForms begin a sentence about what is done when the script before fails.
var failForms = forms(
	"if that|it|this fails <then>", "if the|this|that last|previous? step|script|call|attempt fails <then>", "if that|it|this does not work|succeed <then>",
	"should that|it|this fail <then>", "on failure <then>", "in case of failure|error|errors <then>", "when that|it|this fails <then>", "in case that|it|this fails <then>",
	"<then> if that|it|this fails", "<then> on failure", "<then> if that|it|this does not work", "even if that|it|this fails <then>", "<then> even if that|it|this fails",
	"if that|it|this still fails <then>", "if all attempt fail <then>",
)

// afterFailure are what can be done then.
var afterFailure = []struct {
	pattern
	does string
}{
	{form("continue|proceed anyway|regardless?"), onContinue},
	{form("just? continue|proceed with|to the rest|next|following? step|steps?"), onContinue},
	{form("go on anyway?"), onContinue},
	{form("carry on anyway?"), onContinue},
	{form("ignore it|that|the? failure|error?"), onContinue},
	{form("ignore it"), onContinue},
	{form("keep going"), onContinue},
	{form("move on"), onContinue},
	{form("skip it"), onContinue},
	{form("stop"), onStop},
	{form("stop the|this workflow"), onStop},
	{form("stop here"), onStop},
	{form("abort"), onStop},
	{form("stop everything"), onStop},
	{form("ask|have|has|let the? owner to? do it|this|that by? hand|manually"), onManual},
	{form("ask the? owner to? do it|this|that"), onManual},
	{form("ask|get|has a person to? do it|this|that by? hand|manually"), onManual},
	{form("do it|this|that by? hand|manually"), onManual},
	{form("ask the? owner to? finish|complete it|this|that by? hand|manually?"), onManual},
	{form("hand it|this|that over? to the? owner"), onManual},
	{form("leave it|this|that to the? owner"), onManual},
	{form("create|open a manual task for the? owner"), onManual},
	{form("create|open a manual task"), onManual},
	{form("make it a manual task"), onManual},
	{form("the? owner does|do it|this|that by? hand|manually"), onManual},
	{form("let the? owner do it|this|that"), onManual},
}

// manner compiles a sentence about how the script before is run. It answers whether the sentence is one.
func (c *compiler) manner(words []word) (bool, *unclear) {
	for _, p := range failForms {
		f, ok := p.match(words)
		if !ok {
			continue
		}
		if then := strip(f.words["then"]); len(then) > 0 {
			return true, c.onFailure(then)
		}
	}
	switch {
	case words[0].is("with") && holds(words, "timeout"):
		return c.timeout(words)
	case words[0].is("try", "attempt") && len(words) > 2 && oftenLast(words)[1].is("to"):
	case words[0].is("try", "retry", "attempt", "make", "trying", "retrying", "with"):
		return c.retry(words)
	case words[0].is("allow", "give", "wait", "set", "time"), words[0].is("with") && holds(words, "timeout"):
		return c.timeout(words)
	}
	return false, nil
}

// mannerAt finds where, in a sentence that begins with an instruction, the manner of running it begins.
func mannerAt(words []word) (at, begin, finish int) {
	for n := 1; n < len(words); n++ {
		end, kind := jointAt(words, n)
		if end == n && !words[n].is("if", "with", "on", "trying", "retrying", "even") || kind == "or" {
			continue
		}
		rest := strip(words[end:])
		if f, is := firstMatch(failForms, rest); is && rest[0].is("if", "on", "even", "should", "when", "in") && len(f.words["then"]) > 0 {
			return n, end, len(words)
		}
		for last := len(words); last > end; last-- {
			joint, _ := jointAt(words, last)
			if last < len(words) && (joint == last || !startsClause(words[joint:])) {
				continue
			}
			if rest := strip(words[end:last]); isRetry(rest) || isTimeout(rest) {
				return n, end, last
			}
		}
	}
	return 0, 0, 0
}

// before is the script that a sentence about its manner speaks of.
func (c *compiler) before(what string) (*made, *unclear) {
	if c.adrift() {
		return nil, afterUnclear()
	}
	if len(c.made) == 0 {
		return nil, cannot("There is no script before this step that %q could speak of.", what)
	}
	return &c.made[len(c.made)-1], nil
}

func (c *compiler) onFailure(then []word) *unclear {
	m, reason := c.before("fails")
	if reason != nil {
		return reason
	}
	if isRetry(then) {
		_, reason := c.retry(then)
		return reason
	}
	for _, a := range afterFailure {
		if _, ok := a.match(then); !ok {
			continue
		}
		asks := m.script.Type == scripts.SlackApproval || m.script.Type == scripts.EmailApproval
		if a.does == onContinue && (asks || m.kind.Effect == connectors.Reads || m.script.Type == scripts.WaitUntil) {
			return cannot("What follows rests on the script %s: the workflow cannot go on without it.", m.script.Name)
		}
		m.script.OnFailure = a.does
		return nil
	}
	return cannot("After a failure a workflow can stop, continue, or ask the owner to do it by hand; %q was not understood.", textOf(then)).
		or("If that fails, continue", "If that fails, ask the owner to do it by hand", "If that fails, stop")
}

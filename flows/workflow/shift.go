package workflow

import (
	"fmt"
	"slices"
	"strings"
)

// shift compiles "downgrade to", "promote to" and "move from … to".
func (c *compiler) shift(class verb, words []word, when *cond) *unclear {
	who, from, to := threeParts(c.withoutVia(words)[1:], words[0].is("replace"), waysOf[class])
	who, from, to = c.object(append(words[:1:1], who...)), c.object(append(words[:1:1], from...)), c.object(append(words[:1:1], to...))
	if len(to) == 0 && len(from) > 0 && class == downgrades {
		t, reason := c.thing(slices.Concat(who, from))
		if reason != nil {
			return reason
		}
		return c.act(revokes, class, t, when)
	}
	if len(to) == 0 {
		return cannot("It is not said what the user is to have then: write \"%s … to …\".", words[0].raw)
	}
	next, reason := c.thing(slices.Concat(who, to))
	if other, problem := c.near(slices.Concat(who, to), from, cannot("")); problem == nil {
		next, reason = other, nil
	}
	if reason != nil {
		return reason
	}
	if next.kind == "user" {
		return cannot("An account is no level that somebody can be moved to: say which role or group.")
	}
	if len(from) == 0 {
		if class == moves {
			return cannot("It is not said what the user is to lose: write \"%s from … to …\".", words[0].raw).or("Grant "+plainLabel(next), "Downgrade to "+plainLabel(next))
		}
		return c.act(grants, class, next, when)
	}
	if last, reason := c.near(from, c.wordsOf(next.provider), cannot("")); class == upgrades && reason == nil && last.kind == "role" && last.name == "member" && next.kind == "role" {
		return c.act(grants, class, next, when) // who has a higher role stays a member
	}
	if class == upgrades {
		return cannot("It is not clear whether the user is to lose %q then.", textOf(from)).
			or("Grant "+plainLabel(next), fmt.Sprintf("Move the user from %s to %s", textOf(from), plainLabel(next)))
	}
	last, reason := c.thing(from)
	if other, problem := c.near(from, c.wordsOf(next.provider), cannot("")); problem == nil {
		last, reason = other, nil
	}
	if reason != nil {
		return reason
	}
	if last.same(next) {
		return cannot("The user would lose and get the same.")
	}
	if reason := c.act(revokes, moves, last, when); reason != nil {
		return reason
	}
	return c.act(grants, moves, next, when)
}

// plainLabel is how an instruction can name a thing.
func plainLabel(t thing) string {
	if t.kind == "role" {
		return strings.TrimSpace(t.label + " access")
	}
	return t.label
}

// near reads words that name no system once more, in the system that other words name.
func (c *compiler) near(words, other []word, reason *unclear) (thing, *unclear) {
	own, _ := c.pack(words)
	b, _ := c.pack(other)
	if len(b.providers) != 1 || len(own.providers) > 0 {
		return thing{}, reason
	}
	return c.thing(slices.Concat(words, c.wordsOf(b.providers[0])))
}

// waysOf are the particles that go with a shift; with another they would contradict it.
var waysOf = map[verb]set{upgrades: setOf("up"), downgrades: setOf("down back"), restores: setOf("back")}

// threeParts cuts "the user from A to B", or "A with B", into its parts.
func threeParts(words []word, replaces bool, ways set) (who, from, to []word) {
	part := &who
	if replaces {
		part = &from
	}
	for _, w := range words {
		switch {
		case w.is("from") && part == &who:
			part = &from
		case w.is("to", "into") && !replaces, w.is("with", "by") && replaces, w.is("as") && !replaces:
			part = &to
		case w.in(ways) && part == &who:
		default:
			*part = append(*part, w)
		}
	}
	return who, from, to
}

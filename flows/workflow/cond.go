package workflow

import (
	"fmt"
	"strings"
)

// aspect is what of a thing a condition asks for: the name of a read's output.
type aspect string

const (
	exists aspect = "exists" // it is there
	active aspect = "active" // an account can be used
	member aspect = "member"
	held   aspect = "held"
	usable aspect = "" // whatever of these tells best whether somebody has it
)

// cond is a condition: an expression, a state at a provider, or several of them.
type cond struct {
	expr  string // CEL, where it is known
	about thing
	ask   aspect
	want  bool

	parts  []*cond
	answer bool // it is what an approval answered, so that it is never false

	any bool // one of the parts is enough
	not bool // turned around, with parts
}

// isState says whether a condition is about one state at a provider.
func (k *cond) isState() bool { return k != nil && k.expr == "" && len(k.parts) == 0 }

// both joins conditions; either may be nil.
func both(a, b *cond) *cond {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return &cond{parts: []*cond{a, b}}
}

// opposite turns a condition around. What is read for one is not read again for the other.
func opposite(k *cond) *cond { return &cond{parts: []*cond{k}, not: true} }

// express writes a condition as CEL. It adds the scripts that read what the condition is about.
func (c *compiler) express(k *cond) (string, *unclear) {
	switch {
	case k == nil:
		return "", nil
	case k.expr != "":
		return k.expr, nil
	case len(k.parts) == 0:
		expr, reason := c.observe(k)
		k.expr = expr // what was read once holds for all that the sentence says
		return expr, reason
	}
	texts := make([]string, 0, len(k.parts))
	for _, part := range k.parts {
		text, reason := c.express(part)
		if reason != nil {
			return "", reason
		}
		if len(k.parts) > 1 && (!k.any && strings.Contains(text, "||") || k.any && strings.Contains(text, "&&")) {
			text = "(" + text + ")"
		}
		texts = append(texts, text)
	}
	joined := strings.Join(texts, map[bool]string{true: " || ", false: " && "}[k.any])
	if k.not {
		joined = negated(joined)
	}
	return joined, nil
}

// negated turns an expression around.
func negated(expr string) string {
	inner, is := strings.CutPrefix(expr, "!")
	if simple := !strings.Contains(expr, "&&") && !strings.Contains(expr, "||") && !is; simple {
		for _, sign := range [][2]string{{" == ", " != "}, {" != ", " == "}, {" > ", " <= "}, {" <= ", " > "}, {" < ", " >= "}, {" >= ", " < "}} {
			if left, right, found := strings.Cut(expr, sign[0]); found && !strings.Contains(left, "'") {
				return left + sign[1] + right
			}
		}
	}
	switch {
	case is && isName(inner):
		return inner
	case isName(expr):
		return "!" + expr
	}
	return "!(" + expr + ")"
}

func isName(expr string) bool {
	return strings.Trim(expr, "abcdefghijklmnopqrstuvwxyz0123456789_.") == ""
}

// observe writes a condition about a state, over an earlier read of it or over a new one.
func (c *compiler) observe(k *cond) (string, *unclear) {
	read, output, reason := c.reading(k.about, k.ask)
	if reason != nil {
		return "", reason
	}
	m, fresh := c.earlierRead(k.about, read)
	if !fresh {
		if reason := c.addRead(k.about, read, nil); reason != nil {
			return "", reason
		}
		m = c.made[len(c.made)-1]
	}
	name := strings.ReplaceAll(m.script.Name, "-", "_")
	expr := name + "." + output
	if !k.want {
		expr = negated(expr)
	}
	if k.ask == active && output == string(active) && !k.want && read.has(exists) {
		expr = fmt.Sprintf("%s.exists && !%s.active", name, name)
	}
	if m.script.When == "" {
		return expr, nil
	}
	guard := m.script.When // what was not read is not known
	if strings.Contains(guard, "||") {
		guard = "(" + guard + ")"
	}
	return guard + " && " + expr, nil
}

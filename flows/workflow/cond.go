package workflow

import (
	"fmt"
	"strings"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
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

// addRead adds a script that reads the state of a thing.
func (c *compiler) addRead(t thing, read reader, when *cond) *unclear {
	name := "check_" + map[bool]string{true: t.name, false: t.kind}[t.name != ""]
	if t.own || t.kind == "user" {
		name = "check_" + t.kind
	}
	return c.add(made{script: db.Script{Type: read.kind.Name, Args: c.arguments(read.kind, t)}, verb: checks, about: t}, name, when)
}

// reader is a type that reads the state of a thing.
type reader struct{ kind scripts.Type }

// has says whether the read answers an aspect. One that does not say what it answers may answer anything.
func (r reader) has(a aspect) bool {
	if len(r.kind.Outputs) == 0 {
		return true
	}
	for _, field := range r.kind.Outputs {
		if field.Name == string(a) {
			return true
		}
	}
	return false
}

// reading finds the type that reads a thing's state, and the output that tells what is asked.
func (c *compiler) reading(t thing, ask aspect) (reader, string, *unclear) {
	for _, kind := range c.readers(t) {
		r := reader{kind}
		for _, a := range c.aspects(t, ask) {
			if r.has(a) {
				return r, string(a), nil
			}
		}
	}
	if read, output, is := c.roleOf(t, ask); is {
		return read, output, nil
	}
	return reader{}, "", cannot("%s cannot tell %s: nothing there reads it. It can %s.", c.index.nameOf(t.provider), questionOf(t, ask), listed(c.readsOf(t.provider)))
}

// roleOf reads a role out of the account, where the system says it there. The role of a member is no sign: who has a
// higher one is a member too.
func (c *compiler) roleOf(t thing, ask aspect) (reader, string, bool) {
	kind, err := c.known.Scripts.Type(connectors.ScriptType(t.provider, "get_user"), nil)
	if err != nil || t.kind != "role" || ask == exists && t.itself || t.name == "member" {
		return reader{}, "", false
	}
	for _, field := range kind.Outputs {
		if field.Name == "role" && field.Type == connectors.TypeString {
			role := literal(t.name)
			if t.own {
				role = "entitlement.target"
			}
			return reader{kind}, "role == " + role, true
		}
	}
	return reader{}, "", false
}

func questionOf(t thing, ask aspect) string {
	switch {
	case t.kind == "user":
		return "whether somebody has an account"
	case t.itself && ask == exists:
		return "whether there is a " + nounOf(t) + " called " + t.target()
	case t.kind == "license":
		return "whether somebody has a license"
	}
	return fmt.Sprintf("whether somebody is in the %s %s", nounOf(t), t.target())
}

// aspects are the outputs that answer a question, the best first.
func (c *compiler) aspects(t thing, ask aspect) []aspect {
	switch {
	case ask == exists || t.itself && t.kind != "user" && ask == exists:
		return []aspect{exists}
	case ask == active:
		return []aspect{active}
	case t.kind == "user":
		return []aspect{active, exists}
	case t.kind == "license":
		return []aspect{held, member}
	}
	return []aspect{member}
}

// readers are the types that read things of this kind.
func (c *compiler) readers(t thing) []scripts.Type {
	var all []scripts.Type
	for _, kind := range c.known.Scripts.Types() {
		if kind.Provider != t.provider || kind.Effect != connectors.Reads || kind.Hook {
			continue
		}
		_, takes := c.argumentFor(kind, t)
		switch {
		case t.kind == "user" && kind.Endpoint == "get_user",
			t.kind != "user" && t.itself && kind.Endpoint == "get_"+nounOf(t),
			t.kind != "user" && takes && (reader{kind}.has(member) || reader{kind}.has(held)):
			all = append(all, kind)
		}
	}
	return all
}

func (c *compiler) readsOf(provider string) []string {
	var names []string
	for _, kind := range c.known.Scripts.Types() {
		if kind.Provider == provider && kind.Effect == connectors.Reads && !kind.Hook {
			names = append(names, kind.Endpoint)
		}
	}
	return names
}

// earlierRead finds a read of the same thing that still holds: nothing has changed the thing since.
func (c *compiler) earlierRead(t thing, read reader) (made, bool) {
	for n := len(c.made) - 1; n >= 0; n-- {
		m := c.made[n]
		if m.script.Type == read.kind.Name && m.about.same(t) {
			return m, true
		}
		if m.kind.Effect != connectors.Reads && m.kind.Provider == t.provider && (m.about.kind == t.kind || m.about.kind == "user") {
			return made{}, false
		}
	}
	return made{}, false
}

// known is whether anything reads the state that a condition is about.
func (c *compiler) readable(k *cond) bool {
	_, _, reason := c.reading(k.about, k.ask)
	return reason == nil
}

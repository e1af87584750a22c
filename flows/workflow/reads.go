package workflow

import (
	"fmt"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

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

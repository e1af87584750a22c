package workflow

import (
	"fmt"
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
	"github.com/usherhq/usher/flows/scripts"
)

// made is a script and what it is about.
type made struct {
	script db.Script
	kind   scripts.Type
	verb   verb
	about  thing

	implied bool // it was said only in "before adding …"
}

// outputs is what the scripts so far answer.
func (c *compiler) outputs() []rules.Output {
	var all []rules.Output
	for _, m := range c.made {
		all = append(all, m.kind.Output(m.script.Name))
	}
	return all
}

// add adds a script of a type under a name that is free.
func (c *compiler) add(m made, name string, when *cond) *unclear {
	t, err := c.known.Scripts.Type(m.script.Type, m.script.Args)
	if err != nil {
		return cannot("%s.", strings.TrimSuffix(upper(err.Error()), "."))
	}
	condition, reason := c.express(when)
	if reason != nil {
		return reason
	}
	m.kind, m.script.Name, m.script.When = t, c.free(name, t.Provider), condition
	c.made = append(c.made, m)
	return nil
}

// free is a name that no script has yet.
func (c *compiler) free(name, provider string) string {
	taken := func(name string) bool {
		return rules.Reserved(name) || slices.ContainsFunc(c.made, func(m made) bool { return m.script.Name == name })
	}
	if name = slugOf(name); name == "" || name[0] < 'a' {
		name = strings.Trim("step_"+name, "_")
	}
	if !taken(name) {
		return name
	}
	if longer := slugOf(name + " " + provider); provider != "" && !taken(longer) {
		return longer
	}
	for n := 2; ; n++ {
		if numbered := fmt.Sprintf("%s_%d", name, n); !taken(numbered) {
			return numbered
		}
	}
}

// upper begins a sentence.
func upper(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

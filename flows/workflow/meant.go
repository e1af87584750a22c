package workflow

import (
	"fmt"
	"slices"
)

// meant is what is done to a thing: it depends on the verb and on the thing.
func (c *compiler) meant(class verb, words []word, t thing) (verb, *unclear) {
	whose := holds(words, "from") || slices.ContainsFunc(words, func(w word) bool { return w.in(subjects) || w.in(subjectThey) || w.is("their") })
	switch class {
	case creates:
		if t.kind != "user" && t.itself && whose {
			return "", c.makeOrJoin(t)
		}
		if t.kind != "user" && t.itself {
			return creates, nil
		}
		if t.kind != "user" && !t.access || t.kind == "user" && t.name != "" {
			return "", cannot("It is not clear whether %q is to be made, or given to the user: write a step for each.", textOf(words[1:]))
		}
		return grants, nil
	case deletes:
		if t.kind == "user" || t.itself && !whose {
			return deletes, nil
		}
		return revokes, nil
	case revokes:
		_, reason := c.endpoint(deletes, t)
		if t.kind == "user" && t.account && reason == nil && words[0].is("remove", "drop", "cut", "take", "cancel", "withdraw", "close") {
			name := c.index.nameOf(t.provider)
			return "", cannot("%q may mean that the account is disabled, or that it is deleted for good.", textOf(words)).
				or("Disable the account in "+name, "Delete the account in "+name)
		}
		if t.itself && !whose && t.name != "" && !t.own && words[0].is("drop", "cut", "cancel") {
			return "", notUnderstood(words[:1])
		}
		return revokes, nil
	case disables:
		if t.itself && !whose || t.kind != "user" && !words[0].is("disable", "deactivate", "suspend", "block") {
			return "", notUnderstood(words[:1])
		}
		return revokes, nil
	case enables:
		if t.itself && !whose {
			return "", notUnderstood(words[:1])
		}
	case grants:
		if words[0].is("invite") && t.kind == "role" {
			return "", cannot("To invite and to give a role are two things: write a step for each.")
		}
		if t.itself && !whose && words[0].is("provision") && t.kind == "group" || t.itself && words[0].is("set") {
			return "", c.makeOrJoin(t)
		}
	default:
	}
	return grants, nil
}

// makeOrJoin says that making a group and being put in it are two things.
func (c *compiler) makeOrJoin(t thing) *unclear {
	system := c.index.nameOf(t.provider)
	return cannot("It is not clear whether the %s %q is to be made, or the user is to be put in it.", nounOf(t), t.name).
		or(fmt.Sprintf("Create the %s %q in %s", nounOf(t), t.name, system), fmt.Sprintf("Add the user to the %s %q in %s", nounOf(t), t.name, system))
}

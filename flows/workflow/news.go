package workflow

import (
	"slices"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
)

var (
	newsWords   = setOf("their the your his her access account user it is was has been now ready active available they new to in for this change all a an set up request")
	goodNews    = setOf("ready active available granted given provisioned created done complete completed finished set assigned added enabled got has approved have")
	badNews     = setOf("removed revoked gone ended expired withdrawn taken away lost off disabled deactivated longer no over ends")
	thirdPerson = setOf("they them their he she him his her the user employee person theirs")
)

// write puts what stands behind "that", "about" or "to" into words of a message.
func (c *compiler) write(m *message, tail []word) *unclear {
	words, about := tail[1:], tail[0].is("about", "regarding")
	if len(words) == 0 {
		return notUnderstood(tail)
	}
	good, bad, names, strangers := c.newsOf(words)
	switch {
	case len(strangers) == 0 && (good != bad || about):
		m.label = textOf(names) // the usual sentence says it
		if bad == (c.kind == db.Deprovision) || about {
			return nil
		}
		return cannot("%q does not fit a workflow of this kind: put the message in quotation marks.", textOf(tail))
	case tail[0].is("to") && holds(words, "not", "never"):
		return cannot("What somebody is not to do is better said in your own words: put the message in quotation marks.")
	case about:
		return cannot("What to say about %q is not clear: put the message in quotation marks.", textOf(words))
	case slices.ContainsFunc(words, func(w word) bool { return w.in(thirdPerson) && !w.is("the") || w.shape == quoted }):
		return cannot("The message speaks of people, and it is not clear how to: put it in quotation marks.")
	case slices.ContainsFunc(words, func(w word) bool { return w.is("must", "should", "can", "need", "needs") }) && slices.ContainsFunc(words, func(w word) bool { return w.is("and") }):
		return cannot("It is not clear where the message ends: put it in quotation marks.")
	}
	m.text = upper(textOf(words)) + "."
	return nil
}

// newsOf says whether words only tell that access is given, or that it is taken, and of what.
func (c *compiler) newsOf(words []word) (good, bad bool, names, strangers []word) {
	named := false
	for n := 0; n < len(words); {
		if length := c.index.nameAt(words[n:]); length > 0 {
			names, named = append(names, words[n:n+length]...), true
			n += length
			continue
		}
		w := words[n]
		if w.shape == plain && (knownRoles[w.text] || w.is("access", "role", "account", "group")) {
			names = append(names, w)
		}
		switch {
		case w.in(badNews):
			bad = true
		case w.in(goodNews):
			good = true
		case w.in(newsWords), w.shape == plain && (kinds[w.text] != "" || knownRoles[w.text] || accessNouns[w.text]):
		default:
			strangers = append(strangers, w)
		}
		n++
	}
	if bad {
		good = false // "access has been removed"
	}
	if !named {
		names = nil
	}
	return good, bad, names, strangers
}

// news is the usual sentence about what the workflow does.
func (c *compiler) news(who person, label string) string {
	if label == "" {
		label = "{{ entitlement.name }}"
	}
	done := slices.ContainsFunc(c.made, func(m made) bool {
		return m.kind.Effect == connectors.Grants && c.kind == db.Provision || m.kind.Effect == connectors.Revokes && c.kind == db.Deprovision
	})
	name, is, has := "{{ subject.name }}", "is", "has"
	if who.role == subject {
		name, is, has = "You", "are", "have"
	}
	switch {
	case c.kind == db.Deprovision && done:
		return name + " no longer " + has + " " + label + "."
	case c.kind == db.Deprovision:
		return name + " " + is + " about to lose " + label + "."
	case done:
		return name + " now " + has + " " + label + "."
	}
	return name + " " + is + " about to get " + label + "."
}

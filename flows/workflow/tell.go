package workflow

import (
	"slices"
	"strings"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
	"github.com/usherhq/usher/flows/scripts"
)

// message is what is to be told, and to whom.
type message struct {
	who     []person
	mail    bool
	text    string
	subject string
	label   string // what the news is about; empty is the entitlement
}

// messageWords are the words of an instruction to tell that say only how.
var messageWords = setOf("slack message dm direct notification note notice line heads-up private by via in on through to with saying text subject following know the a an as both and out line body word channel reads says short quick")

// tell compiles "notify …", "send … a message" and the like.
func (c *compiler) tell(words []word, when *cond) *unclear {
	m, reason := c.message(words)
	if reason != nil {
		return reason
	}
	for _, who := range m.who {
		text := m.text
		if text == "" {
			text = c.news(who, m.label)
		}
		script := db.Script{Type: scripts.SlackNotification, Args: map[string]any{"to": who.to, "text": text}}
		if m.mail {
			script.Type = scripts.EmailNotification
			script.Args["subject"] = m.subject
			if m.subject == "" {
				script.Args["subject"] = "Access: {{ entitlement.name }}"
			}
		}
		if reason := c.add(made{script: script, verb: tells}, "notify_"+who.word, when); reason != nil {
			return reason
		}
	}
	return nil
}

// message reads the words of an instruction to tell.
func (c *compiler) message(words []word) (message, *unclear) {
	m := message{mail: words[0].is("email")}
	head, tail := cutMessage(words[1:])
	for n := 0; n < len(head); n++ {
		w := head[n]
		switch {
		case w.shape == quoted && n > 0 && head[n-1].is("subject"), w.shape == quoted && n > 1 && head[n-1].is("line") && head[n-2].is("subject"):
			m.subject = w.text
		case w.shape == quoted && m.text == "":
			m.text = w.text
		case w.is("email"):
			m.mail = true
		case w.shape == colon || w.shape == comma:
		default:
			length, reason := m.addressee(head[n:])
			if reason != nil {
				return m, reason
			}
			n += length - 1
		}
	}
	if len(m.who) == 0 {
		return m, cannot("It is not said whom to tell: write the user, the manager, the owner, an e-mail address or a #channel.")
	}
	if len(tail) > 0 && m.text != "" {
		return m, cannot("The message is given twice: in quotation marks, and as %q.", textOf(tail))
	}
	if reason := m.reachable(); reason != nil {
		return m, reason
	}
	for _, text := range []string{m.text, m.subject} {
		if reason := c.fillable(text); reason != nil {
			return m, reason
		}
	}
	if len(tail) > 0 {
		return m, c.write(&m, tail)
	}
	return m, nil
}

// addressee reads a person, or a word that says only how to tell. It answers how many words it has read.
func (m *message) addressee(words []word) (int, *unclear) {
	for length := min(longestPerson, len(words)); length > 0; length-- {
		if who, is := readPerson(words[:length]); is && !(length == 1 && words[0].in(articles)) {
			if !slices.Contains(m.who, who) {
				m.who = append(m.who, who)
			}
			return length, nil
		}
	}
	if words[0].is("slack") && len(words) > 1 && words[1].is("owner", "admin") {
		return 0, cannot("Who the Slack %s is, is not known here: write the owner (of the entitlement), an e-mail address or a #channel.", words[1].raw)
	}
	if words[0].in(messageWords) {
		return 1, nil
	}
	if u := notUnderstood(words[:1]); !u.vague {
		return 0, u
	}
	if words[0].is("team", "it", "security", "helpdesk", "hr", "group", "department", "admin", "admins") || len(words) > 1 && words[1].is("team", "group", "department") {
		return 0, cannot("Who %q is cannot be told: write a #channel or an e-mail address.", textOf(words[:min(2, len(words))])).or("Notify #access")
	}
	return 0, notUnderstood(words[:1])
}

// reachable says who cannot be told in this way.
func (m *message) reachable() *unclear {
	for _, who := range m.who {
		switch {
		case m.mail && (strings.HasPrefix(who.to, "#") || strings.HasPrefix(who.to, "@")):
			return cannot("A mail goes to a person or an address, not to %s.", who.to).or("Notify " + strings.Replace(who.to, "@", "#", 1))
		case strings.HasPrefix(who.to, "@"):
			return cannot("A message goes to a person or a #channel, not to the user group %s.", who.to)
		}
	}
	return nil
}

// fillable refuses placeholders that cannot be filled in.
func (c *compiler) fillable(text string) *unclear {
	if err := rules.CheckTemplate(text, c.outputs()...); err != nil {
		return cannot("The text cannot be used: %s.", err)
	}
	return nil
}

// cutMessage finds where the news begins: behind "that", "about" or "to".
func cutMessage(words []word) (head, tail []word) {
	for n, w := range words {
		if n == 0 {
			continue
		}
		infinitive := w.is("to") && n+1 < len(words) && words[n+1].shape == plain && !words[n+1].in(articles) && !isPerson(words[n+1]) && !words[n+1].is("slack", "both", "direct")
		if w.is("that", "about", "regarding") || infinitive {
			return words[:n], words[n:]
		}
		if w.is("their", "your") && n+1 < len(words) && (words[n+1].in(accessNouns) || words[n+1].is("account", "role", "request")) {
			return words[:n], slices.Concat([]word{{text: "that", raw: "that", at: w.at, end: w.at}}, words[n:])
		}
	}
	return words, nil
}

func isPerson(w word) bool {
	_, is := readPerson([]word{w})
	return is
}

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

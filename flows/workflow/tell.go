package workflow

import (
	"slices"
	"strings"

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
var messageWords = setOf("slack message dm direct notification note notice line heads-up private by via in on through to with saying text subject following know the a an as both and out line body word channel reads says short quick immediately quickly directly promptly instantly automatically straightaway now please again too first")

// tell compiles "notify …", "send … a message" and the like.
func (c *compiler) tell(words []word, when *cond) *unclear {
	if handled, reason := c.toldToApprove(words, when); handled {
		return reason
	}
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
		case w.is("in") && len(m.who) > 0 && n+1 < len(head) && head[n+1].shape == channel:
			return m, cannot("It is not clear whether %s is to be told beside the others, or the others there.", head[n+1].raw).or("Notify " + head[n+1].raw)
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

package config

import (
	"regexp"
	"strings"

	"github.com/usherhq/usher/db"
)

var slackIDForm = regexp.MustCompile(`^[UW][A-Z0-9]+$`)

// settings reads the keys of the file that are no lists of objects.
func (p *parser) settings(o object) {
	o.what = "the file"
	s := &p.out.Settings
	if n, ok := o.get("channel", text); ok && p.checkChannel(n, "channel") {
		s.Channel = o.optional("channel")
	}
	s.Admins, s.Auditors = p.accounts(o, "admins", "an admin"), p.accounts(o, "auditors", "an auditor")
	if n, ok := o.get("pending", text); ok {
		pending := db.Duration(0)
		if n.string() != "" {
			pending = p.durationOf(n)
		}
		s.Pending = &pending
	}
	if n, ok := o.get("four_eyes", text); ok {
		s.FourEyes = o.optional("four_eyes")
		if n.string() != "" {
			p.references = append(p.references, reference{at: n, what: "four_eyes", find: p.findFourEyes, value: n.string()})
		}
	}
	if n, ok := o.get("quiet_hours", mapping); ok {
		s.QuietHours = p.quietHours(n)
	}
}

// accounts reads a list of e-mail addresses and Slack user ids; nil says that the key is not there.
func (p *parser) accounts(o object, key, one string) *[]string {
	values, present := o.texts(key)
	if !present {
		return nil
	}
	all := []string{}
	for _, n := range values {
		if slackIDForm.MatchString(n.string()) {
			all = append(all, n.string())
		} else if email := p.emailOf(n, one); email != "" {
			all = append(all, email)
		}
	}
	return &all
}

var timeForm = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)

// quietHours reads when approvers are left alone; an empty map is never.
func (p *parser) quietHours(n node) *db.QuietHours {
	o := p.object(n, "quiet_hours", "from", "to", "weekends")
	out := db.QuietHours{From: o.timeOfDay("from"), To: o.timeOfDay("to"), Weekends: o.flag("weekends")}
	switch {
	case o.has("from") != o.has("to"):
		o.wrong(n, `quiet_hours need from and to: write for example {from: "20:00", to: "08:00"}`)
	case out.From != "" && out.From == out.To:
		o.wrong(n, "quiet_hours from %s to %s would be the whole day", out.From, out.To)
	}
	return &out
}

func (o object) timeOfDay(key string) string {
	n, ok := o.get(key, text)
	if ok && !timeForm.MatchString(n.string()) {
		o.wrong(n, "%s of %s must be a time of day such as \"08:00\", not %q", key, o.what, n.string())
	}
	return n.string()
}

// flag reads an optional true or false.
func (o object) flag(key string) bool {
	n, _ := o.get(key, boolean)
	value, _ := n.scalar.(bool)
	return value
}

var channelForm = regexp.MustCompile(`^(#[^\s\pC#@<>]{1,80}|[CG][A-Z0-9]{2,})$`)

func (p *parser) checkChannel(n node, what string) bool {
	if channelForm.MatchString(n.string()) {
		return true
	}
	hint := ""
	if bare := strings.TrimSpace(n.string()); channelForm.MatchString("#" + bare) {
		hint = " (did you mean \"#" + bare + "\"?)"
	}
	p.wrong(n, "%s must be a channel such as \"#access\" or a channel's id, not %q%s", what, n.string(), hint)
	return false
}

// channel reads an optional channel.
func (p *parser) channel(o object, key string) string {
	n, ok := o.get(key, text)
	if !ok || !p.checkChannel(n, key+" of "+o.what) {
		return ""
	}
	return n.string()
}

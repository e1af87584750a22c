package workflow

import (
	"slices"
	"strings"
)

// thing is what access can be to: an account, a group, a role, an entity or a license at a provider.
type thing struct {
	provider string // slug
	kind     string // user, group, role, entity or license
	noun     string // as it was called, such as channel; empty for the kind
	name     string // what it is called at the provider; empty for an account
	label    string // what people call it
	level    string // how much of it, such as developer
	user     string // whose; empty for the person who gains or loses access
	own      bool   // it is the target of the entitlement that the workflow is written for
	account  bool   // the words speak of the account itself, not of access by it
	itself   bool   // the words speak of the group or role itself, not of being in it
	access   bool   // the words speak of access
}

// same says whether two words mean one thing, whoever holds it.
func (t thing) same(o thing) bool {
	return t.provider == o.provider && t.kind == o.kind && t.name == o.name && t.user == o.user && t.itself == o.itself
}

// target is how a script names it.
func (t thing) target() string {
	if t.own {
		return ownTarget
	}
	return t.name
}

// bag is what words about a thing hold, in no order.
type bag struct {
	user      string
	providers []string // slugs that are meant, one
	unsure    []string // slugs of which one is meant
	kinds     []word
	whose     bool // an account is only named as somebody's, beside something else
	access    bool
	base      bool
	pronoun   bool
	definite  bool
	this      bool   // "this" or "that" stands there
	the       []int  // where "the" stands
	names     []word // quoted, or placeholders
	rest      []word // other words
	all       []word // the words that say something
}

// pack sorts the words about a thing.
func (c *compiler) pack(words []word) (bag, *unclear) {
	var b bag
	for n := 0; n < len(words); {
		w := words[n]
		length, reason := c.packPerson(&b, words, n)
		if reason != nil {
			return b, reason
		}
		if length > 0 {
			n += length
			b.whose = b.whose || n < len(words) && words[n].is("account")
			if n < len(words) && words[n-1].owns && words[n].is("team", "group", "channel", "project", "organization", "tenant", "usergroup") || words[n-1].is("their", "his", "her") && n < len(words) && words[n].is("team", "group", "channel", "project", "organization") {
				return b, cannot("Which %s somebody has is not known here: name it.", words[n].raw)
			}
			continue
		}
		if last := len(c.mentions) - 1; w.is("there") && last >= 0 && !c.adrift() && (n+1 == len(words) || words[n+1].is("and", "too", "again") || words[n+1].shape == comma) {
			w.text = c.mentions[last].provider
			b.all, n = append(b.all, w), n+1
			if !slices.Contains(b.providers, w.text) {
				b.providers = append(b.providers, w.text)
			}
			continue
		}
		if slugs, length := c.index.providersAt(words[n:]); length > 0 {
			if len(slugs) == 1 && !slices.Contains(b.providers, slugs[0]) {
				b.providers = append(b.providers, slugs[0])
			} else if len(slugs) > 1 {
				b.unsure = slugs
			}
			b.all = append(b.all, words[n:n+length]...)
			n += length
			continue
		}
		b.add(w)
		n++
	}
	return b, nil
}

func (b *bag) add(w word) {
	switch {
	case w.shape == quoted || w.shape == placeholder || w.shape == channel || w.shape == handle:
		b.names = append(b.names, w)
	case w.shape == comma || w.in(thingNoise) || w.in(joining):
		if w.is("the") {
			b.definite, b.the = true, append(b.the, w.place)
		}
		return
	case w.is("it", "one", "them", "they"):
		b.pronoun = true
		return
	case w.in(articles):
		b.this = b.this || w.is("this", "that", "these")
		b.definite = b.definite || b.this
		return
	case w.in(accessNouns):
		b.access = true
	case w.in(baseWords):
		b.base = true
	case w.shape == plain && kinds[w.text] != "":
		b.kinds = append(b.kinds, w)
	default:
		b.rest = append(b.rest, w)
	}
	b.all = append(b.all, w)
}

// afterUser are nouns before which "user" says only what kind of access is meant.
var afterUser = setOf("access account group login license rights permission profile")

// packPerson reads whose the thing is, if words say so at n, and answers how many words do.
func (c *compiler) packPerson(b *bag, words []word, n int) (int, *unclear) {
	if words[n].is("user") && !words[n].owns && n+1 < len(words) && words[n+1].in(afterUser) {
		return 0, nil // user access
	}
	if after := n + 1; words[n].is("owner") && after < len(words) && (words[after].in(accessNouns) || words[after].is("role")) {
		return 0, nil // a role of this name
	}
	for length := min(longestPerson, len(words)-n); length > 0; length-- {
		some := slices.Clone(words[n : n+length])
		some[length-1].owns = false
		who, is := readPerson(some)
		if !is || some[0].in(articles) && length == 1 {
			continue
		}
		if who.role == named && who.word == "requesters_manager" || strings.HasPrefix(who.to, "#") || strings.HasPrefix(who.to, "@") {
			continue
		}
		return length, b.holder(who)
	}
	if words[n].is("their", "his", "her") {
		return 1, b.holder(people[subject])
	}
	return 0, nil
}

func (b *bag) holder(who person) *unclear {
	switch who.role {
	case requester:
		return cannot("The requester may be somebody else than the person who gets the access: write \"the user\".")
	case owner, manager:
		return cannot("A workflow gives access to the user it runs for, not to the %s.", who.word)
	case subject:
		return nil
	case named:
	}
	if b.user != "" && b.user != who.to {
		return cannot("Two people are named, and it is not clear whose access is meant.")
	}
	b.user = who.to
	return nil
}

// thing finds out what words mean.
func (c *compiler) thing(words []word) (thing, *unclear) {
	b, reason := c.pack(words)
	if reason != nil {
		return thing{}, reason
	}
	if len(b.providers) > 1 {
		return thing{}, cannot("Two systems are named, %s: write a step for each.", listed(c.names(b.providers)))
	}
	t, reason := c.identify(b)
	if reason != nil {
		return t, reason
	}
	t.user, t.access = b.user, b.access
	if t.label == "" {
		t.label = c.labelOf(t)
	}
	return t, nil
}

func (c *compiler) labelOf(t thing) string {
	if t.own {
		return "{{ entitlement.name }}"
	}
	if t.kind == "user" {
		return c.index.nameOf(t.provider) + " access"
	}
	return strings.TrimSpace(c.index.nameOf(t.provider) + " " + t.name)
}

func (c *compiler) names(slugs []string) []string {
	var names []string
	for _, slug := range slugs {
		names = append(names, c.index.nameOf(slug))
	}
	return names
}

func (b bag) provider() string {
	if len(b.providers) == 1 {
		return b.providers[0]
	}
	return ""
}

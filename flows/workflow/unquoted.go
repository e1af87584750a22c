package workflow

import (
	"regexp"
	"slices"
	"strings"
)

// lowerForm is a single word in small letters.
var lowerForm = regexp.MustCompile(`^[a-z][a-z0-9]+$`)

// adjectiveForm is how words end that say how something is.
var adjectiveForm = regexp.MustCompile(`(ed|able|ible|ful|less|ous|ly|[^ugt]est)$`)

// noName are words that say which one of several is meant, or how it is, and are nobody's name.
var noName = setOf(`other others another same different right wrong correct proper appropriate relevant necessary needed requested usual default standard normal regular ordinary
	special specific particular certain given main primary secondary first second third last next previous former latter current existing present new old own whole entire only single
	respective corresponding matching following remaining missing suitable desired target elevated higher lower highest lowest basic full complete temporary permanent
	some any each every all both either neither no none not never without except unless and or but if then twice once nothing nobody nowhere
	global local private external internal shared public open closed big small good bad more most less least few many several various random
	everyone everybody someone somebody anyone anything everything something my your our their his her its whose which what that this these those
	lesser greater smaller bigger larger better worse newer older earlier cheaper stronger weaker safer wider narrower broader easier
	alternative administrative exclusive chosen given hidden known unknown proven equal similar equivalent sole very extra additional
	one ones thing things stuff etc here there now later soon again already also too very just still yet even maybe perhaps possibly probably usually`)

// namedPlainly says whether a single word in small letters is the name of what the noun beside it says, as in "the
// security group in LDAP" and "schema sales in Warehouse". The system must be named, and before the noun "the" must
// stand.
func (b bag) namedPlainly(rest []word) bool {
	if len(rest) != 1 || b.provider() == "" || rest[0].place == 0 {
		return false
	}
	w := rest[0]
	strange := w.shape == plain && !w.owns && lowerForm.MatchString(w.raw) && verbs[w.text] == "" && vague[w.text] == "" && kinds[w.text] == "" && !adjectiveForm.MatchString(w.raw)
	for _, known := range []set{noName, articles, fillers, noise, adverbs, prepositions, accessNouns, subjects, subjectThey, baseWords, levelWords, managerWords, issueNouns, approves, approvals} {
		strange = strange && !w.in(known)
	}
	if _, number := numbers[w.text]; !strange || number || units[w.text] != "" || w.is("owner", "requester") {
		return false
	}
	for _, noun := range b.kinds {
		if kinds[noun.text] == "user" {
			continue
		}
		if w.place == noun.place+1 || w.place == noun.place-1 && slices.Contains(b.the, w.place-1) {
			return true
		}
	}
	return false
}

// plainMember are words that say of a member only that it is nothing more.
var plainMember = setOf("regular normal ordinary plain standard full mere simple")

// memberOnly takes such words away.
func memberOnly(rest []word) []word {
	var kept []word
	for _, w := range rest {
		if !w.in(plainMember) {
			kept = append(kept, w)
		}
	}
	if len(kept) == 1 && kept[0].is("member") {
		return kept
	}
	return rest
}

// elevatedForms are words for a role that is more than a member's; elevatedRoles are such roles.
var (
	elevatedWords = setOf("elevated privileged")
	elevatedRoles = setOf("admin administrator owner superuser superadmin root")
)

// elevated is "the elevated role": the only one that is known there.
func (c *compiler) elevated(b bag, t thing) (thing, *unclear) {
	if t.provider == "" {
		provider, reason := c.implied(func(thing) bool { return true })
		if reason != nil {
			return t, reason
		}
		t.provider = provider
	}
	var all []Entitlement
	for _, e := range c.known.Entitlements {
		if e.Provider == t.provider && e.Kind == "role" && elevatedRoles[strings.ToLower(e.Target)] {
			all = append(all, e)
		}
	}
	if len(all) == 1 && (t.kind == "role" || t.kind == "" && b.access) {
		return c.entitled(all[0], false), nil
	}
	return t, cannot("Which role %q is at %s is not known: name it.", textOf(b.rest), c.index.nameOf(t.provider)).or(c.suggestKind(thing{kind: "role", provider: t.provider})...)
}

// nounOwners are the connectors of systems to which alone a noun belongs.
var nounOwners = map[string]string{"schema": "postgres", "usergroup": "slack", "project": "gitlab", "repository": "gitlab", "unit": "ldap", "ou": "ldap"}

// ownerOfNoun is the only system that has things of this noun, such as channels.
func (c *compiler) ownerOfNoun(noun string) (string, bool) {
	var all []string
	for _, p := range c.index.providers() {
		if noun != "" && (nounOwners[noun] == p.Connector || c.offers(p.Slug, noun) && noun != "group" && noun != "role") {
			all = append(all, p.Slug)
		}
	}
	if len(all) != 1 {
		return "", false
	}
	return all[0], true
}

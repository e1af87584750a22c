package workflow

import (
	"strings"
)

// role is who a person is to the request.
type role string

const (
	subject   role = "subject"
	requester role = "requester"
	manager   role = "manager"
	owner     role = "owner"
	named     role = "named" // by an address, a channel or a user group
)

// person is somebody whom words name.
type person struct {
	role role
	to   string // as scripts name them: a placeholder, an address, a channel or a user group
	word string // for the name of a script
}

// longestPerson is how many words may name a person.
const longestPerson = 6

var people = map[role]person{
	subject:   {role: subject, to: "{{ subject.email }}", word: "user"},
	requester: {role: requester, to: "{{ requester.email }}", word: "requester"},
	manager:   {role: manager, to: "{{ subject.manager }}", word: "manager"},
	owner:     {role: owner, to: "{{ entitlement.owner }}", word: "owner"},
}

var (
	managerWords = setOf("manager boss supervisor")
	determiners  = setOf("the this that a an their his her")
	ownerForm    = form("the? owner of the|this entitlement|access|resource")
	pointing     = setOf("the this that a an")
	beforeNames  = map[shape]set{channel: setOf("the slack channel"), handle: setOf("the slack usergroup group user team"), address: setOf("the address user account of")}
	theSlack     = setOf("the slack")
	handleNouns  = setOf("usergroup group team")
	lines        = setOf("line direct")
	definites    = setOf("the this that its")
	ownerOf      = setOf("entitlement access resource license role group account")
)

// managerForm names the manager by whose manager that is.
var managerForm = form("the? line|direct? manager of @")

// readPerson reads words that all together name one person.
func readPerson(words []word) (person, bool) {
	if len(words) == 0 || len(words) > longestPerson {
		return person{}, false
	}
	if len(words) == 1 {
		return readShortPerson(words[0])
	}
	last, before := words[len(words)-1], words[:len(words)-1]
	switch {
	case len(words) == 2 && words[0].in(pointing) && !last.in(subjectThey):
		return readShortPerson(last)
	case last.in(managerWords):
		return readManager(before)
	case last.is("owner"):
		return people[owner], allOwner(before)
	case beforeNames[last.shape] != nil && allIn(before, beforeNames[last.shape]):
		return readShortPerson(last)
	case last.is("channel") && before[len(before)-1].shape == channel && allIn(before[:len(before)-1], theSlack),
		last.in(handleNouns) && before[len(before)-1].shape == handle && allIn(before[:len(before)-1], theSlack):
		return readShortPerson(before[len(before)-1])
	}
	if _, is := ownerForm.match(words); is {
		return people[owner], true
	}
	if of, is := managerForm.match(words); is && of.who[0].role == subject {
		return people[manager], true
	}
	return person{}, false
}

func readShortPerson(w word) (person, bool) {
	switch {
	case w.owns:
		return person{}, false
	case w.in(subjects) || w.in(subjectThey):
		return people[subject], true
	case w.is("requester"):
		return people[requester], true
	case w.in(managerWords):
		return people[manager], true
	case w.is("owner"):
		return people[owner], true
	case w.shape == address, w.shape == channel, w.shape == handle:
		return person{role: named, to: w.text, word: shortName(w)}, true
	}
	return person{}, false
}

// shortName is what scripts about an address, a channel or a user group are called by.
func shortName(w word) string {
	if w.shape == address {
		local, _, _ := strings.Cut(w.text, "@")
		return slugOf(local)
	}
	return slugOf(w.text)
}

// readManager reads what stands before "manager".
func readManager(before []word) (person, bool) {
	for len(before) > 0 && before[len(before)-1].in(lines) {
		before = before[:len(before)-1]
	}
	if len(before) == 0 || len(before) == 1 && (before[0].in(determiners) && !before[0].owns) {
		return people[manager], true
	}
	whose := before[len(before)-1]
	if !whose.owns || !allIn(before[:len(before)-1], definites) {
		return person{}, false
	}
	switch {
	case whose.in(subjects):
		return people[manager], true
	case whose.is("requester"):
		return person{role: named, to: "{{ requester.manager }}", word: "requesters_manager"}, true
	}
	return person{}, false
}

func allOwner(before []word) bool {
	for _, w := range before {
		if !w.in(ownerOf) && !w.in(definites) {
			return false
		}
	}
	return true
}

func allIn(words []word, s set) bool {
	for _, w := range words {
		if !w.in(s) {
			return false
		}
	}
	return true
}

// slugOf makes a name of a script, or a part of one, of any text.
func slugOf(text string) string {
	var slug strings.Builder
	for _, r := range strings.ToLower(text) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			slug.WriteRune(r)
		case slug.Len() > 0 && !strings.HasSuffix(slug.String(), "_"):
			slug.WriteByte('_')
		}
		if slug.Len() >= 40 {
			break
		}
	}
	return strings.Trim(slug.String(), "_")
}

// readPeople reads one person, or several with "and" or "or" between them, and answers how many words it has read.
func readPeople(words []word) (who []person, oneOf bool, used int) {
	at, all := 0, false
	if len(words) > 1 && words[0].is("both", "either") {
		at = 1
	}
	for {
		one, length := personAt(words[at:])
		if length == 0 {
			break
		}
		who = append(who, one)
		at += length
		used = at
		if at < len(words) && words[at].shape == comma {
			at++
		}
		if at < len(words) && words[at].is("and", "or") {
			oneOf, all = oneOf || words[at].is("or"), all || words[at].is("and")
			at++
		}
		if at == used {
			break
		}
	}
	if oneOf && all {
		return nil, false, 0 // who knows which of them belong together?
	}
	return who, oneOf, used
}

// personAt reads the longest name of a person with which words begin.
func personAt(words []word) (person, int) {
	for length := min(longestPerson, len(words)); length > 0; length-- {
		if one, is := readPerson(words[:length]); is && !(length == 1 && words[0].in(articles)) {
			return one, length
		}
	}
	return person{}, 0
}

package workflow

import (
	"fmt"
	"strings"

	"github.com/usherhq/usher/db"
)

// traitForm is a phrase about what the directory says of a person.
type traitForm struct {
	pattern
	not  bool
	attr string
}

// traitForms are phrases about people; <v> is a value and may be a list with "or".
var traitForms = func() []traitForm {
	var all []traitForm
	for _, attr := range []string{"department", "title"} {
		nouns := attr
		if attr == "title" {
			nouns = "title|position"
		}
		for _, not := range []bool{true, false} {
			is := "is"
			if not {
				is = "is not"
			}
			for _, text := range []string{
				"@ " + is + " in|from|of the|a " + nouns + " <v>", "@ " + is + " in|from|of " + nouns + " <v>",
				"@ " + is + " in|from|of|part the|of? the? <v> " + nouns, "the? " + nouns + " of @ " + is + " <v>",
				"@ " + is + " a? member of the? <v> " + nouns, "<whose> " + nouns + " " + is + " <v>", "the? " + nouns + " " + is + " <v>",
				"@ has the? " + nouns + " <v>",
			} {
				if not && strings.Contains(text, " has ") {
					text = "@ does not has the? " + nouns + " <v>"
				}
				all = append(all, traitForm{pattern: form(text), not: not, attr: attr})
			}
		}
		if attr == "department" {
			all = append(all, traitForm{pattern: form("@ works|work in|for the? <v> department"), attr: attr},
				traitForm{pattern: form("@ works|work in|for department <v>"), attr: attr},
				traitForm{pattern: form("@ does|do not work in|for the? <v> department"), not: true, attr: attr},
				traitForm{pattern: form("@ belongs|belong to the? <v> department"), attr: attr},
				traitForm{pattern: form("@ does|do not belong to the? <v> department"), not: true, attr: attr})
		}
	}
	return all
}()

// attributeForms are phrases about attributes of the directory.
var attributeForms = []struct {
	pattern
	not bool
}{
	{form("<whose> attribute <a> is not <v>"), true},
	{form("<whose> attribute <a> is <v>"), false},
	{form("the? attribute <a> of @ is not <v>"), true},
	{form("the? attribute <a> of @ is <v>"), false},
	{form("the? attribute <a> is not <v>"), true},
	{form("the? attribute <a> is <v>"), false},
	{form("<whose> <a> attribute is not <v>"), true},
	{form("<whose> <a> attribute is <v>"), false},
}

// ofPerson reads a condition about what the directory knows of a person.
func (c *compiler) ofPerson(words []word) (*cond, *unclear) {
	if k := c.whoAsked(words); k != nil {
		return k, nil
	}
	for _, t := range traitForms {
		f, ok := t.match(words)
		if !ok {
			continue
		}
		who, is := whoseOf(f)
		values, plainly := valuesOf(f.words["v"])
		if is && plainly {
			return &cond{expr: comparison(who+"."+t.attr, values, t.not)}, nil
		}
	}
	for _, a := range attributeForms {
		f, ok := a.match(words)
		if !ok {
			continue
		}
		who, is := whoseOf(f)
		values, plainly := valuesOf(f.words["v"])
		if name := f.words["a"]; is && plainly && len(name) == 1 && (name[0].shape == plain || name[0].shape == quoted) {
			return attribute(who, strings.Trim(name[0].raw, `"'`), values, a.not), nil
		}
	}
	if k, reason := c.ofDepartment(words); k != nil || reason != nil {
		return k, reason
	}
	return c.inDirectory(words)
}

func attribute(who, name string, values []string, not bool) *cond {
	path := fmt.Sprintf("%s.attributes[%s]", who, literal(name))
	has := fmt.Sprintf("%s in %s.attributes", literal(name), who)
	expr := has + " && " + comparison(path, values, false)
	if not {
		expr = "!(" + expr + ")"
	}
	return &cond{expr: expr}
}

// whoAsked are conditions about who asked for the access.
func (c *compiler) whoAsked(words []word) *cond {
	for _, f := range askedForms {
		if _, ok := f.match(words); ok {
			return &cond{expr: f.expr}
		}
	}
	return nil
}

// whoseOf is whom a phrase is about: subject or requester.
func whoseOf(f found) (string, bool) {
	if len(f.who) == 1 {
		return string(f.who[0].role), f.who[0].role == subject || f.who[0].role == requester
	}
	whose, given := f.words["whose"]
	if !given {
		return string(subject), true
	}
	if len(whose) == 0 || len(whose) > 2 || len(whose) == 2 && !whose[0].is("the") {
		return "", false
	}
	last := whose[len(whose)-1]
	switch {
	case last.is("their", "his", "her") && len(whose) == 1, last.owns && last.in(subjects):
		return string(subject), true
	case last.owns && last.is("requester"):
		return string(requester), true
	}
	return "", false
}

// inDirectory are conditions about groups of the directory and about addresses.
func (c *compiler) inDirectory(words []word) (*cond, *unclear) {
	for _, f := range directoryForms {
		found, ok := f.match(words)
		if !ok {
			continue
		}
		who, is := whoseOf(found)
		value := found.words["v"]
		if !is || len(value) != 1 {
			continue
		}
		text := strings.Trim(value[0].raw, `"'`)
		if strings.Contains(f.expr, "groups") {
			text = strings.TrimPrefix(text, "@")
		}
		return &cond{expr: fmt.Sprintf(f.expr, who, literal(text))}, nil
	}
	return nil, nil
}

// unknownTrait explains how to write what a person is, where words name no thing.
func unknownTrait(trait []word) *unclear {
	if len(trait) == 0 || trait[0].in(joining) || trait[0].is("not", "neither", "from", "either") {
		return cannot("The condition %q was not understood: write for example: the user is in department \"Design\".", textOf(trait))
	}
	text := textOf(withoutArticle(trait))
	return cannot("Whether somebody is %q is not known: write what the directory says, for example: the user's attribute employment is %q.", text, text)
}

// endCauses are why a grant ended, in people's words.
var endCauses = map[string]string{
	"expired": db.CauseExpired, "expires": db.CauseExpired, "returned": db.CauseReturned, "revoked": db.CauseRevoked, "cancelled": db.CauseCancelled,
}

// askedForms are conditions about who asked.
var askedForms = []struct {
	pattern
	expr string
}{
	{form("the? requester is the? user|subject"), "requester.email == subject.email"},
	{form("the? requester is not the? user|subject"), "requester.email != subject.email"},
	{form("the? user is the? requester"), "requester.email == subject.email"},
	{form("the? user is not the? requester"), "requester.email != subject.email"},
	{form("@ has|had a manager"), "subject.manager != ''"},
	{form("@ has|had no manager"), "subject.manager == ''"},
	{form("@ does not has a manager"), "subject.manager == ''"},
	{form("there is no manager"), "subject.manager == ''"},
}

// directoryForms are conditions about groups of the directory and about addresses.
var directoryForms = []struct {
	pattern
	expr string
}{
	{form("@ is in|member|part of? the? <v> directory group"), "%[2]s in %[1]s.groups"},
	{form("@ is not in|member|part of? the? <v> directory group"), "!(%[2]s in %[1]s.groups)"},
	{form("@ is in|member|part of? the? directory group <v>"), "%[2]s in %[1]s.groups"},
	{form("@ is not in|member|part of? the? directory group <v>"), "!(%[2]s in %[1]s.groups)"},
	{form("<whose> address|email ends with|in <v>"), "%[1]s.email.endsWith(%[2]s)"},
	{form("<whose> email address ends with|in <v>"), "%[1]s.email.endsWith(%[2]s)"},
	{form("<whose> address|email does not end with|in <v>"), "!%[1]s.email.endsWith(%[2]s)"},
}

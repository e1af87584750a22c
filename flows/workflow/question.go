package workflow

import (
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
)

// question is an approval that is asked for.
type question struct {
	who   []person
	any   bool // one of them is enough
	mail  bool
	rest  []word // how, how long, and what about
	about []word // what is to be confirmed
}

// agreeForms ask only for the approval itself.
var agreeForms = forms("they|he|she agree|agrees|approve|approves|confirm|confirms|consent|consents it|this|that?", "they|he|she is okay|fine|happy with it|this|that")

// asking is the text of a question.
func (c *compiler) asking(rest, about []word) (string, *unclear) {
	if len(rest) > 0 && rest[0].is("that", "whether", "if") {
		rest, about = nil, rest[1:]
	}
	quotes := 0
	for n, w := range rest {
		if w.shape == quoted {
			quotes++
			if !allIn(slices.Concat(rest[:n], rest[n+1:]), setOf("with the question text message a saying asking")) || quotes > 1 {
				return "", notUnderstood(slices.DeleteFunc(slices.Clone(rest), func(w word) bool { return w.shape == quoted }))
			}
			return w.text, c.fillable(w.text)
		}
	}
	if _, is := firstMatch(itselfForms, rest); len(rest) > 0 && !is {
		if rest[0].is("the", "a", "an", "this", "that") && !slices.ContainsFunc(rest, func(w word) bool {
			return w.shape != plain || w.is("within", "before", "after", "unless", "by", "via", "every", "and", "or", "not") || isDigits(w.text) || w.in(subjectThey)
		}) {
			return "Please confirm: " + spoken(rest) + ".", nil
		}
		b, reason := c.pack(withoutPrepositions(rest))
		if reason != nil {
			return "", reason
		}
		if _, reason := c.identify(b); reason != nil {
			return "", notUnderstood(rest)
		}
		return c.wouldYou(textOf(withoutArticle(rest))), nil
	}
	if _, is := firstMatch(agreeForms, about); len(about) == 0 || is {
		return c.wouldYou(""), nil
	}
	if slices.ContainsFunc(about, func(w word) bool { return w.in(subjectThey) || w.is("their", "his", "her", "requester") }) {
		return "", cannot("The question speaks of people, and it is not clear how to: put it in quotation marks.")
	}
	if about[0].is("to") && len(about) > 1 {
		about = about[1:]
	}
	text := spoken(about)
	return "Please confirm: " + text + ".", c.fillable(text)
}

func withoutPrepositions(words []word) []word {
	return slices.DeleteFunc(slices.Clone(words), func(w word) bool { return w.in(joining) })
}

func withoutArticle(words []word) []word {
	for len(words) > 0 && (words[0].in(articles) || words[0].in(prepositions)) {
		words = words[1:]
	}
	return words
}

// wouldYou is the usual question.
func (c *compiler) wouldYou(what string) string {
	if what == "" {
		what = "{{ entitlement.name }}"
	}
	if c.kind == db.Deprovision {
		return "May " + what + " be taken from {{ subject.name }}?"
	}
	return "May {{ subject.name }} have " + what + "?"
}

// spoken is what was typed, with the user's name in place of "the user".
func spoken(words []word) string {
	var text strings.Builder
	for n, w := range words {
		if w.is("the") && n+1 < len(words) && words[n+1].in(subjects) {
			continue
		}
		raw := w.raw
		if w.in(subjects) && n > 0 && words[n-1].is("the") {
			raw = "{{ subject.name }}" + map[bool]string{true: "'s"}[w.owns]
		}
		if n > 0 && w.at == words[n-1].at && w.raw == words[n-1].raw {
			continue
		}
		if text.Len() > 0 && w.shape != comma && w.shape != colon {
			text.WriteByte(' ')
		}
		text.WriteString(raw)
	}
	return text.String()
}

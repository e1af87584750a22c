package blockkit

import (
	"encoding/json"
	"slices"
	"strconv"
)

// walk collects what is wrong with a value, in Slack's order. It goes only as deep as the shapes do, so that
// deeply nested input cannot exhaust it.
type walk struct {
	problems []Problem
}

func (w *walk) check(s *shape, at string, value any) {
	switch s.kind {
	case kindAny:
	case kindString:
		w.checkString(s, at, value)
	case kindBoolean:
		if _, ok := value.(bool); !ok {
			w.add(wrongType(at, "must be a boolean"))
		}
	case kindInteger:
		w.checkInteger(s, at, value)
	case kindNumber:
		if _, ok := value.(json.Number); !ok {
			w.add(wrongType(at, "must provide a number"))
		}
	case kindList:
		w.checkList(s, at, value)
	case kindObject:
		w.checkObject(s, at, value)
	case kindOneOf:
		w.checkOneOf(s, at, value)
	case kindLimited:
		w.checkLimited(s, at, value)
	case kindNullable:
		if value != nil {
			w.check(s.inner, at, value)
		}
	}
}

func (w *walk) add(problem Problem) { w.problems = append(w.problems, problem) }

func (w *walk) checkString(s *shape, at string, value any) {
	text, ok := value.(string)
	if !ok {
		w.add(wrongType(at, "must provide a string"))
		return
	}
	length := characters(text)
	switch {
	case length > s.max:
		w.add(tooLong(at, s.max, length))
	case length < s.min:
		w.add(tooShort(at, s.min, length))
	case s.enum != nil && !slices.Contains(s.enum, text):
		w.add(notInEnum(at, "must be a valid enum value", s.enum, text))
	case s.pattern != nil && !s.pattern.MatchString(text):
		w.add(failed(at, "input must match regex pattern: "+s.pattern.String(), "pattern", s.pattern.String(), text))
	case s.format != formatNone && !s.format.matches(text):
		w.add(failed(at, s.format.complaint(), "format", s.format.name(), text))
	}
}

// checkInteger words its bounds like Slack's engine, which names the bound itself.
func (w *walk) checkInteger(s *shape, at string, value any) {
	digits, _ := value.(json.Number)
	n, err := strconv.ParseInt(string(digits), 10, 64)
	switch {
	case err != nil:
		w.add(wrongType(at, "must provide an integer"))
	case n > s.max:
		w.add(failed(at, "must be less than "+strconv.FormatInt(s.max, 10), "maximum", s.max, n))
	case n < s.min:
		w.add(failed(at, "must be greater than "+strconv.FormatInt(s.min, 10), "minimum", s.min, n))
	}
}

func (w *walk) checkList(s *shape, at string, value any) {
	items, ok := value.([]any)
	length := int64(len(items))
	switch {
	case !ok:
		w.add(wrongType(at, "must provide an array"))
		return
	case length > s.max:
		w.add(tooMany(at, s.max, length))
		return
	case length < s.min:
		w.add(tooFew(at, s.min, length))
		return
	}
	for i, item := range items {
		w.check(s.inner, index(at, i), item)
	}
}

// checkLimited applies the shorter limit and the text object one after the other, as Slack does: a value that is
// no object fails both, which is why Slack says so twice.
func (w *walk) checkLimited(s *shape, at string, value any) {
	var inner walk
	object, ok := value.(map[string]any)
	if !ok {
		inner.add(wrongType(at, "must provide an object"))
	}
	if text, ok := object["text"].(string); ok && characters(text) > s.max {
		inner.add(tooLong(at+"/text", s.max, characters(text)))
	}
	inner.check(s.inner, at, value)
	if len(inner.problems) == 0 {
		return
	}
	w.add(allOf(at))
	w.problems = append(w.problems, inner.problems...)
}

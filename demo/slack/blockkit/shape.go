package blockkit

import (
	"math"
	"regexp"
)

// unbounded is the maximum of a value without one.
const unbounded = math.MaxInt64

type kind int

const (
	kindAny kind = iota
	kindString
	kindBoolean
	kindInteger
	kindNumber
	kindList
	kindObject
	// kindOneOf is an object that its "type" tells apart.
	kindOneOf
	// kindLimited is a text object whose text is shorter than text objects may be elsewhere.
	kindLimited
	// kindNullable is null or the inner shape.
	kindNullable
)

// shape describes which values Slack takes in one place. It is data: the walker gives it its meaning.
type shape struct {
	kind kind
	// min and max bound the characters of a string, the items of a list or the value of an integer. max is also
	// the limit of a kindLimited.
	min, max int64
	enum     []string
	pattern  *regexp.Regexp
	format   format
	// name is the "type" of an object, empty for objects without one.
	name   string
	fields []field
	// either holds fields of which exactly one must be there.
	either       []string
	alternatives []*shape
	// inner is the item of a list, or what a kindLimited or kindNullable narrows or widens.
	inner *shape
}

type field struct {
	name     string
	shape    *shape
	required bool
}

func req(name string, s *shape) field { return field{name: name, shape: s, required: true} }
func opt(name string, s *shape) field { return field{name: name, shape: s} }

func str(minimum, maximum int64) *shape {
	return &shape{kind: kindString, min: minimum, max: maximum}
}

func whole(minimum, maximum int64) *shape {
	return &shape{kind: kindInteger, min: minimum, max: maximum}
}

func choice(values ...string) *shape {
	return &shape{kind: kindString, max: unbounded, enum: values}
}

func matching(pattern string) *shape {
	return &shape{kind: kindString, max: unbounded, pattern: regexp.MustCompile(pattern)}
}

func formatted(f format, maximum int64) *shape {
	return &shape{kind: kindString, min: 1, max: maximum, format: f}
}

func list(minimum, maximum int64, item *shape) *shape {
	return &shape{kind: kindList, min: minimum, max: maximum, inner: item}
}

// typed is an object with the given "type".
func typed(name string, fields ...field) *shape {
	all := append([]field{req("type", choice(name))}, fields...)
	return &shape{kind: kindObject, name: name, fields: all}
}

// plain is an object without a "type".
func plain(fields ...field) *shape { return &shape{kind: kindObject, fields: fields} }

// exactlyOne makes a copy of an object that needs one and only one of the named fields.
func (s *shape) exactlyOne(names ...string) *shape {
	narrowed := *s
	narrowed.either = names
	return &narrowed
}

func oneOf(alternatives ...*shape) *shape {
	return &shape{kind: kindOneOf, alternatives: alternatives}
}

func limited(text *shape, maximum int64) *shape {
	return &shape{kind: kindLimited, max: maximum, inner: text}
}

func nullable(inner *shape) *shape { return &shape{kind: kindNullable, inner: inner} }

var (
	flag   = &shape{kind: kindBoolean}
	number = &shape{kind: kindNumber}
	// loose takes anything: the inside of values that Slack documents too thinly to judge.
	loose = &shape{kind: kindAny}
)

package scim

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// condition is a part of a filter. It looks at a resource, or within attr[…] at one element.
type condition interface {
	holds(r Resource) bool
}

type (
	both    []condition // all of them
	either  []condition // at least one
	negated struct{ of condition }

	// present is the operator pr.
	present struct{ at place }

	// element is attr[…]: one element for which all of the condition holds.
	element struct {
		at    place
		where condition
	}

	// comparison is attribute, operator and value; its value is a string, a bool, a number of an unknown attribute, or nil.
	comparison struct {
		at       place
		operator string
		value    any
		text     string    // the value as it is compared
		instant  time.Time // the value of a dateTime
	}
)

func (b both) holds(r Resource) bool {
	return !slices.ContainsFunc(b, func(c condition) bool { return !c.holds(r) })
}

func (e either) holds(r Resource) bool {
	return slices.ContainsFunc(e, func(c condition) bool { return c.holds(r) })
}

func (n negated) holds(r Resource) bool { return !n.of.holds(r) }

func (p present) holds(r Resource) bool { return p.at.some(r, isPresent) }

func (e element) holds(r Resource) bool { return e.at.some(r, e.fits) }

// fits looks at one element.
func (e element) fits(value any) bool {
	object, ok := value.(map[string]any)
	return ok && e.where.holds(object)
}

func (c comparison) holds(r Resource) bool { return c.at.some(r, c.fits) }

// fits compares one value. Null stands for having none (RFC 7643 section 2.5).
func (c comparison) fits(value any) bool {
	switch {
	case c.value == nil:
		return isPresent(value) == (c.operator == "ne")
	case c.at.attr == nil:
		return c.operator == "ne"
	}
	switch c.at.leaf().kind {
	case kindBoolean:
		return (value == c.value) == (c.operator == "eq")
	case kindTime:
		return c.fitsTime(value)
	case kindOpen:
		return c.fitsOpen(value)
	default:
		text, ok := value.(string)
		if !ok {
			return c.operator == "ne"
		}
		return c.fitsText(c.at.leaf().folded(text))
	}
}

func (c comparison) fitsText(text string) bool {
	switch c.operator {
	case "co":
		return strings.Contains(text, c.text)
	case "sw":
		return strings.HasPrefix(text, c.text)
	case "ew":
		return strings.HasSuffix(text, c.text)
	}
	return c.ordered(cmp.Compare(text, c.text))
}

func (c comparison) fitsTime(value any) bool {
	text, ok := value.(string)
	if ok && (c.operator == "co" || c.operator == "sw" || c.operator == "ew") {
		return c.fitsText(c.at.leaf().folded(text))
	}
	at, ok := parseTime(text)
	if !ok {
		return c.operator == "ne"
	}
	return c.ordered(at.Compare(c.instant))
}

// ordered turns how two values are ordered into the operator's answer.
func (c comparison) ordered(order int) bool {
	switch c.operator {
	case "eq":
		return order == 0
	case "ne":
		return order != 0
	case "gt":
		return order > 0
	case "ge":
		return order >= 0
	case "lt":
		return order < 0
	}
	return order <= 0 // le
}

// isPresent reports whether a value is one: not null, and not empty.
func isPresent(value any) bool {
	switch v := value.(type) {
	case nil:
		return false
	case string:
		return v != ""
	case map[string]any:
		return len(v) > 0
	case []any:
		return len(v) > 0
	}
	return true
}

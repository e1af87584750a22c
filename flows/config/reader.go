package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

// reader collects the mistakes of a file while its values are read.
type reader struct {
	file string
	errs Errors
}

// object is a mapping of the file whose keys are being read.
type object struct {
	*reader
	node
	what   string // for messages, such as `provider "drive"`
	broken bool   // it is no mapping, and that has been said
}

func (r *reader) wrong(at node, format string, args ...any) {
	r.wrongAt(at.line, at.column, format, args...)
}

func (r *reader) wrongAt(line, column int, format string, args ...any) {
	r.errs = append(r.errs, Error{File: r.file, Line: line, Column: column, Text: fmt.Sprintf(format, args...)})
}

// object reads a mapping and refuses keys that are not known.
func (r *reader) object(n node, what string, known ...string) object {
	o := object{reader: r, node: n, what: what}
	if n.kind != mapping {
		r.wrong(n, "%s must be %s, not %s", what, mapping, n.kind)
		o.node, o.broken = node{kind: mapping, line: n.line, column: n.column}, true
	}
	for _, e := range o.entries {
		if !slices.Contains(known, e.key) {
			r.wrongAt(e.line, e.column, "%s has no key %q; known are %s%s", what, e.key, orNone(known), rules.DidYouMean(e.key, known))
		}
	}
	return o
}

func orNone(words []string) string {
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, ", ")
}

// get finds a value of one kind; a value of another kind is a mistake and counts as absent.
func (o object) get(key string, want kind) (node, bool) {
	n, ok := o.find(key)
	if !ok {
		return node{}, false
	}
	if n.kind != want {
		hint := ""
		if want == text && (n.kind == integer || n.kind == decimal || n.kind == boolean) {
			hint = fmt.Sprintf(": write it in quotes, %q", n.raw)
		}
		o.wrong(n, "%s of %s must be %s, not %s%s", key, o.what, want, n.kind, hint)
		return node{}, false
	}
	return n, true
}

// text reads an optional text.
func (o object) text(key string) string {
	n, ok := o.get(key, text)
	if !ok {
		return ""
	}
	return n.string()
}

func (n node) string() string {
	value, _ := n.scalar.(string)
	return value
}

// must reads a required text.
func (o object) must(key, meant string) (string, node) {
	n, ok := o.find(key)
	if !ok || n.kind == text && strings.TrimSpace(n.string()) == "" {
		if !o.broken {
			o.wrong(o.node, "%s has no %s: %s", o.what, key, meant)
			o.errs[len(o.errs)-1].Key = key
		}
		return "", n
	}
	return o.text(key), n
}

// list reads an optional list; present says whether the key is there.
func (o object) list(key string) (items []node, present bool) {
	n, ok := o.get(key, list)
	return n.items, ok
}

// texts reads an optional list of texts, with their places.
func (o object) texts(key string) (values []node, present bool) {
	items, present := o.list(key)
	for _, item := range items {
		if item.kind != text {
			o.wrong(item, "%s of %s must be a list of texts, and this is %s", key, o.what, item.kind)
			continue
		}
		values = append(values, item)
	}
	return values, present
}

// number reads an optional whole number from 1 to high.
func (o object) number(key string, fallback, high int) int {
	n, ok := o.get(key, integer)
	if !ok {
		return fallback
	}
	value, _ := n.scalar.(int64)
	if value < 1 || value > int64(high) {
		o.wrong(n, "%s of %s must be between 1 and %d, not %d", key, o.what, high, value)
		return fallback
	}
	return int(value)
}

// duration reads an optional length of time; absent is 0.
func (o object) duration(key string) db.Duration {
	n, ok := o.get(key, text)
	if !ok {
		return 0
	}
	return o.durationOf(n)
}

func (r *reader) durationOf(n node) db.Duration {
	length, err := db.ParseDuration(n.string())
	if err != nil || n.string() == "" {
		r.wrong(n, "%q is not a duration: write for example 30m, 8h or 7d", n.string())
		return 0
	}
	return length
}

// oneOf reads an optional text out of a closed list.
func (o object) oneOf(key, fallback string, allowed ...string) string {
	n, ok := o.get(key, text)
	if !ok {
		return fallback
	}
	if !slices.Contains(allowed, n.string()) {
		o.wrong(n, "%s of %s must be one of %s, not %q%s", key, o.what, strings.Join(allowed, ", "), n.string(), rules.DidYouMean(n.string(), allowed))
		return fallback
	}
	return n.string()
}

var (
	slugForm  = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	emailForm = regexp.MustCompile(`^[^\s\pC@<>"',;]+@[^\s\pC@<>"',;]+$`)
)

// maxSlug is how long a slug may be.
const maxSlug = 60

// slug reads the name of an object and adds it to what messages say.
func (o *object) slug(known map[string]node) (string, bool) {
	value, at := o.must("slug", "write a name of lower-case letters, digits and hyphens")
	if value == "" {
		return "", false
	}
	kindOf := o.what
	o.what = fmt.Sprintf("%s %q", kindOf, value)
	if !slugForm.MatchString(value) || len(value) > maxSlug {
		o.wrong(at, "%q cannot be a slug: a letter comes first, then lower-case letters, digits and hyphens, at most %d in all", value, maxSlug)
	}
	if first, twice := known[value]; twice {
		o.wrong(at, "there are two of %s; the first is on line %d", o.what, first.line)
		return "", false
	}
	known[value] = at
	return value, true
}

// email reads an optional e-mail address in lower case.
func (o object) email(key string) string {
	n, ok := o.get(key, text)
	if !ok || n.string() == "" {
		return ""
	}
	return o.emailOf(n, key+" of "+o.what)
}

func (r *reader) emailOf(n node, what string) string {
	if !emailForm.MatchString(n.string()) {
		r.wrong(n, "%s must be an e-mail address, not %q", what, n.string())
		return ""
	}
	return strings.ToLower(n.string())
}

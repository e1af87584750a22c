package scim

import "strings"

// place is where a value stands: in which schema, in which attribute, and in which part of it. Without a sub-attribute
// it is the whole attribute, without an attribute the whole extension.
type place struct {
	schema    *schema
	attr, sub *attribute
}

// standing says what a path led to.
type standing int

const (
	known     standing = iota // to a place
	foreign                   // to a schema that we do not have
	strange                   // to a name that none of our schemas has
	malformed                 // to nothing that could be a name
)

// place resolves a path: attribute, attribute.sub, URN:attribute, URN:attribute.sub, and a URN alone. Between URN and
// attribute a dot will do, as old Entra jobs write it, and an attribute of an extension needs no URN.
func (t *Type) place(path string) (place, standing) {
	if s, rest := t.longest(path); s != nil {
		if rest == "" {
			return place{schema: s}, known
		}
		return s.place(rest[1:])
	}
	if strings.Contains(path, ":") {
		return place{}, foreign
	}
	for _, s := range t.schemas {
		if found, is := s.place(path); is == known || is == malformed {
			return found, is
		}
	}
	return place{}, strange
}

// longest is the schema with whose URN a path begins, and what is behind that: a URN may begin with another.
func (t *Type) longest(path string) (found *schema, rest string) {
	for _, s := range t.schemas {
		if behind, ok := s.after(path); ok && (found == nil || len(behind) < len(rest)) {
			found, rest = s, behind
		}
	}
	return found, rest
}

// after takes the schema's URN off a path. What is left is nothing, or begins with the separator.
func (s *schema) after(path string) (rest string, ok bool) {
	for _, urn := range append([]string{s.urn}, s.aliases...) {
		if len(path) < len(urn) || !strings.EqualFold(path[:len(urn)], urn) {
			continue
		}
		if rest = path[len(urn):]; rest == "" || rest[0] == ':' || rest[0] == '.' {
			return rest, true
		}
	}
	return "", false
}

func (s *schema) place(path string) (place, standing) {
	name, part, dotted := strings.Cut(path, ".")
	if !isName(name) || dotted && !isName(part) {
		return place{}, malformed
	}
	found := place{schema: s, attr: s.find(name)}
	if found.attr == nil {
		return place{}, strange
	}
	if dotted {
		if found.sub = found.attr.sub(part); found.sub == nil {
			return place{}, strange
		}
	}
	return found, known
}

// isName follows RFC 7643 section 2.1, with $ref besides.
func isName(text string) bool {
	if strings.EqualFold(text, "$ref") {
		return true
	}
	for n, r := range text {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (n == 0 || r != '-' && r != '_' && (r < '0' || r > '9')) {
			return false
		}
	}
	return text != ""
}

// String is the path as the schema writes it.
func (p place) String() string {
	var path string
	if p.schema != nil && p.schema.extension {
		path = p.schema.urn
	}
	for _, part := range []struct {
		attr      *attribute
		separator string
	}{{p.attr, ":"}, {p.sub, "."}} {
		if part.attr == nil {
			continue
		}
		if path != "" {
			path += part.separator
		}
		path += part.attr.name
	}
	return path
}

// leaf is the attribute whose values stand at the place.
func (p place) leaf() *attribute {
	if p.sub != nil {
		return p.sub
	}
	return p.attr
}

// valued is the place of the values themselves: emails stands for emails.value (RFC 7644 section 3.4.2.2).
func (p place) valued() place {
	if p.attr != nil && p.sub == nil && p.attr.kind == kindComplex {
		p.sub = p.attr.sub("value")
	}
	return p
}

// box is the object in which the attribute is: the resource, or an extension in it.
func (p place) box(r Resource) map[string]any {
	if p.schema == nil || !p.schema.extension {
		return r
	}
	box, _ := r[p.schema.urn].(map[string]any)
	return box
}

// some reports whether a test holds for one of the values at the place. A place without values has one, which is nil.
func (p place) some(r Resource, test func(any) bool) bool {
	switch {
	case p.schema != nil && p.attr == nil:
		return test(p.box(r)) // a whole extension
	case p.attr == nil:
		return test(nil)
	}
	value := p.box(r)[p.attr.name]
	list, many := value.([]any)
	if !many {
		return test(p.part(value))
	}
	for _, element := range list {
		if test(p.part(element)) {
			return true
		}
	}
	return len(list) == 0 && test(nil)
}

// part is what stands at the place in one element.
func (p place) part(element any) any {
	if p.sub == nil {
		return element
	}
	object, _ := element.(map[string]any)
	return object[p.sub.name]
}

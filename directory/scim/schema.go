package scim

import (
	"slices"
	"strings"
)

// kind is the type of an attribute, as /Schemas names it (RFC 7643 section 2.3).
type kind string

const (
	kindText      kind = "string"
	kindBoolean   kind = "boolean"
	kindTime      kind = "dateTime"
	kindReference kind = "reference"
	kindBinary    kind = "binary"
	kindComplex   kind = "complex"
	kindOpen      kind = "any" // a text, a number, a boolean or a list of texts: /Schemas has no word for it
)

// What clients may do with an attribute, and when they see it (RFC 7643 section 7).
const (
	readWrite, readOnly, writeOnly, immutable = "readWrite", "readOnly", "writeOnly", "immutable"
	byDefault, always, never                  = "default", "always", "never"
)

// Type is a kind of resource. Endpoint begins with a slash; URN is that of its core schema.
type Type struct {
	Name, Endpoint, URN string

	doc     string
	schemas []*schema // the core first, then the extensions
}

// schema is the attributes that one URN stands for. Common attributes (id, externalId, meta, schemas) can be used in
// paths but are not listed in /Schemas (RFC 7643 section 3.1). Aliases are URNs of SCIM 1 that clients still send.
type schema struct {
	urn, name, doc string
	aliases        []string
	extension      bool
	common         []*attribute
	attributes     []*attribute
}

// attribute is an attribute with its characteristics. Exact means that case counts. ByValue means that the value alone
// says which element it is, whatever its type. A value has most bytes at most, and there are mostValues of them.
type attribute struct {
	name, doc                        string
	kind                             kind
	multi, required, exact, byValue  bool
	mutability, returned, uniqueness string
	canonical, references            []string
	most, mostValues                 int
	subs                             []*attribute
}

// find looks a name up; names ignore case (RFC 7643 section 2.1).
func find(attributes []*attribute, name string) *attribute {
	for _, a := range attributes {
		if strings.EqualFold(a.name, name) {
			return a
		}
	}
	return nil
}

func (s *schema) find(name string) *attribute {
	if a := find(s.attributes, name); a != nil {
		return a
	}
	return find(s.common, name)
}

// listable reports that there can be several values.
func (a *attribute) listable() bool { return a.multi || a.kind == kindOpen }

// usual reports that a value is one of those that the schema names for the attribute, or for the type of anything; or
// that it names none.
func (a *attribute) usual(value any) bool {
	text, isText := value.(string)
	named := slices.Concat(a.canonical, []string{"work", "home", "other"})
	return a.canonical == nil || isText && slices.ContainsFunc(named, func(one string) bool { return strings.EqualFold(one, text) })
}

func (a *attribute) sub(name string) *attribute { return find(a.subs, name) }

// folded is a text as the attribute compares it.
func (a *attribute) folded(text string) string {
	if a.exact {
		return text
	}
	return strings.ToLower(text)
}

// simple is an attribute with one value that clients may read and write.
func simple(kind kind, name, doc string) *attribute {
	a := &attribute{name: name, doc: doc, kind: kind, mutability: readWrite, returned: byDefault, uniqueness: "none", most: mostText, mostValues: mostValues}
	if kind == kindReference || kind == kindBinary {
		a.exact, a.most = true, mostData
	}
	return a
}

func text(name, doc string) *attribute { return simple(kindText, name, doc) }

func complexOf(name, doc string, subs ...*attribute) *attribute {
	a := simple(kindComplex, name, doc)
	a.subs = subs
	return a
}

// plural is a multi-valued attribute with the usual sub-attributes (RFC 7643 section 2.4) around its value.
func plural(name, doc string, value *attribute, types ...string) *attribute {
	value.name = "value"
	return complexOf(name, doc,
		value,
		text("display", "What people read for the value"),
		text("type", "What the value is for").among(types...),
		simple(kindBoolean, "primary", "Whether this is the preferred value; true for one at most"),
	).many()
}

func (a *attribute) many() *attribute { a.multi = true; return a }

func (a *attribute) needed() *attribute { a.required = true; return a }

func (a *attribute) caseExact() *attribute { a.exact = true; return a }

func (a *attribute) among(values ...string) *attribute { a.canonical = values; return a }

func (a *attribute) refers(to ...string) *attribute { a.references = to; return a }

func (a *attribute) as(mutability, returned string) *attribute {
	a.mutability, a.returned = mutability, returned
	return a
}

// key marks a value by which resources are looked up.
func (a *attribute) key(uniqueness string) *attribute {
	a.uniqueness, a.most = uniqueness, mostName
	return a
}

// core is the schema that each resource of a type has.
func (t *Type) core() *schema { return t.schemas[0] }

// all is the attributes of a schema, common ones first.
func (s *schema) all() []*attribute { return slices.Concat(s.common, s.attributes) }

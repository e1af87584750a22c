package scim

import "strings"

// Filter chooses resources of a type (RFC 7644 section 3.4.2.2).
type Filter struct {
	root condition
}

// ParseFilter reads a filter: every operator, and, or, not, parentheses, attr[…], attr[…].sub and paths with URNs. A
// name that the type does not have is an attribute without a value. The error is an invalidFilter that says where.
func ParseFilter(t *Type, text string) (*Filter, error) {
	root, err := parseWhole(t, text)
	if err != nil {
		return nil, err
	}
	return &Filter{root: root}, nil
}

// Match reports whether the filter chooses a resource. Of a multi-valued attribute one value that fits is enough; case
// counts where the schema says so; times are compared as times. What has no value is not equal to anything.
func (f *Filter) Match(r Resource) bool { return f.root.holds(r) }

// Equality says that a resource must have a value, so that a database can narrow a search. Attribute is the path in
// lower case, without the URN of the core: "username", "emails.value", "active", "members.value". Value is a string as
// the client wrote it, or a bool; where CaseExact is false, a string fits in any case.
type Equality struct {
	Attribute string
	Value     any
	CaseExact bool
}

// Equalities lists what holds for every resource that the filter chooses. The filter may demand more: see Exact.
func (f *Filter) Equalities() []Equality {
	found, _ := narrow(f.root)
	return found
}

// Exact reports that the equalities are all that the filter says: who finds resources by them needs no Match.
func (f *Filter) Exact() bool {
	_, exact := narrow(f.root)
	return exact
}

// Mention says that an attribute must have a value that holds a text; where the text is empty, any value. Attribute is
// as in Equality, and the text in lower case.
type Mention struct{ Attribute, Text string }

// Mentions lists what values must hold in every resource that the filter chooses, besides what the equalities say. A
// database that looks for the texts has less to read; whether a resource is chosen only Match says.
func (f *Filter) Mentions() []Mention { return mentions(f.root) }

func mentions(c condition) (found []Mention) {
	switch c := c.(type) {
	case both:
		for _, part := range c {
			found = append(found, mentions(part)...)
		}
	case present:
		if c.at.attr != nil {
			found = []Mention{{Attribute: strings.ToLower(c.at.String())}}
		}
	case comparison:
		if c.at.attr != nil && (c.operator == "co" || c.operator == "sw" || c.operator == "ew") {
			found = []Mention{{Attribute: strings.ToLower(c.at.String()), Text: strings.ToLower(c.text)}}
		}
	case element:
		for _, one := range mentions(c.where) {
			one.Attribute = strings.ToLower(c.at.String()) + "." + one.Attribute
			found = append(found, one)
		}
	}
	return found
}

// narrow collects the equalities that must hold for a condition, and whether they are all of it.
func narrow(c condition) (found []Equality, exact bool) {
	switch c := c.(type) {
	case both:
		exact = true
		for _, part := range c {
			more, whole := narrow(part)
			found, exact = append(found, more...), exact && whole
		}
		return found, exact
	case comparison:
		if c.operator != "eq" || c.value == nil || c.at.attr == nil || c.at.leaf().kind == kindTime {
			return nil, false
		}
		if _, isText := c.value.(string); !isText && c.at.leaf().kind == kindOpen {
			return nil, false // a number can be written in several ways
		}
		return []Equality{{Attribute: strings.ToLower(c.at.String()), Value: c.value, CaseExact: c.at.leaf().exact}}, true
	case element:
		inner, whole := narrow(c.where)
		for _, equality := range inner {
			equality.Attribute = strings.ToLower(c.at.String()) + "." + equality.Attribute
			found = append(found, equality)
		}
		return found, whole && len(found) == 1 // two parts have to be in one element, which equalities do not say
	}
	return nil, false
}

package scim

import "strings"

// Selection is what a client wants to see of a resource: the parameters attributes and excludedAttributes (RFC 7644
// section 3.9). The zero Selection is all that is returned by default.
type Selection struct {
	only, without map[*attribute]parts
	chosen        bool
}

// parts says which sub-attributes are meant: some, or the whole attribute.
type parts struct {
	whole bool
	subs  []*attribute
}

// ParseSelection reads both parameters, which are empty if they were not given: names separated by commas. Names that
// the type does not have select nothing. With both, what is excluded is taken from what is selected. The error says
// that something is no name at all.
func ParseSelection(t *Type, attributes, excluded string) (Selection, error) {
	only, chosen, err := t.choice(attributes)
	if err != nil {
		return Selection{}, err
	}
	without, _, err := t.choice(excluded)
	return Selection{only: only, chosen: chosen, without: without}, err
}

func (t *Type) choice(list string) (chosen map[*attribute]parts, given bool, err error) {
	chosen = map[*attribute]parts{}
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		given = true
		op, is, err := t.path(name) // Microsoft's clients write emails[type eq "work"]: all of the attribute is shown
		at := op.at
		switch {
		case err != nil, is != known && strings.Contains(name, "["):
			return nil, given, InvalidPath("%s is no name of an attribute.", quoted(name))
		case is != known:
		case at.attr == nil:
			for _, a := range at.schema.attributes {
				chosen[a] = parts{whole: true}
			}
		default:
			p := chosen[at.attr]
			if at.sub != nil {
				p.subs = append(p.subs, at.sub)
			}
			p.whole = p.whole || at.sub == nil
			chosen[at.attr] = p
		}
	}
	return chosen, given, nil
}

// Wants reports whether an attribute of the resource is to be returned, such as members: one that is not need not even
// be read.
func (s Selection) Wants(attribute string) bool {
	for a, p := range s.without {
		if p.whole && strings.EqualFold(a.name, attribute) {
			return false
		}
	}
	for a := range s.only {
		if strings.EqualFold(a.name, attribute) {
			return true
		}
	}
	return !s.chosen
}

// Of is the resource as the client sees it: what was selected, always with id and schemas, and never with a password,
// with what is empty, or with what the type does not have. Lists of chosen parts are made anew; the rest is shared.
func (s Selection) Of(t *Type, r Resource) Resource {
	seen := Resource{}
	for _, schema := range t.schemas {
		shown := Resource{}
		for _, a := range schema.all() {
			if value := s.show(a, place{schema: schema, attr: a}.box(r)[a.name]); isPresent(value) || value == "" {
				shown[a.name] = value
			}
		}
		switch {
		case !schema.extension:
			seen = shown
		case len(shown) > 0:
			seen[schema.urn] = shown
		}
	}
	return seen
}

// show is what is seen of an attribute's value; nil is nothing.
func (s Selection) show(a *attribute, value any) any {
	if a.returned == never {
		return nil
	}
	if a.returned == always {
		return value
	}
	if s.chosen {
		only, ok := s.only[a]
		if !ok {
			return nil
		}
		if !only.whole {
			value = restricted(value, only.subs, true)
		}
	}
	without, ok := s.without[a]
	switch {
	case ok && without.whole:
		return nil
	case ok:
		return restricted(value, without.subs, false)
	}
	return value
}

// restricted keeps some sub-attributes of an object or of each element, or leaves them out.
func restricted(value any, subs []*attribute, keep bool) any {
	switch v := value.(type) {
	case []any:
		list := make([]any, 0, len(v))
		for _, element := range v {
			if element = restricted(element, subs, keep); isPresent(element) {
				list = append(list, element)
			}
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for name, part := range v {
			if (find(subs, name) != nil) == keep {
				object[name] = part
			}
		}
		return object
	}
	return value
}

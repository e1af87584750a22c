package target

import "strings"

// applyToElements changes the elements of a multi-valued attribute that fit a filter. Rest is what follows the opening
// bracket of the path: the filter, the closing bracket and perhaps a sub-attribute.
func (r resource) applyToElements(op operation, name, rest string) *scimError {
	p := &parser{rest: rest}
	fits, err := p.or(0)
	if err != nil || !p.sign("]") {
		return bad("invalidPath", "The path %q cannot be read", op.Path)
	}
	sub := strings.TrimPrefix(p.rest, ".")
	if p.rest != "" && (sub == p.rest || sub == "") {
		return bad("invalidPath", "The path %q cannot be read", op.Path)
	}
	kept, hit := []any{}, false
	for _, element := range r.elements(name) {
		object, _ := element.(map[string]any)
		if !fits(object) {
			kept = append(kept, element)
			continue
		}
		hit = true
		if op.Op == "remove" && sub == "" {
			continue
		}
		kept = append(kept, changedElement(object, op, sub))
	}
	if !hit {
		return r.missingElement(op, name, rest, sub)
	}
	r[name] = unique(kept)
	return nil
}

// changedElement is an element after the operation.
func changedElement(object map[string]any, op operation, sub string) any {
	if sub != "" {
		change(object, op, sub)
		return object
	}
	if fresh, ok := op.Value.(map[string]any); ok {
		for key, value := range fresh {
			write(object, key, value)
		}
	}
	return object
}

// missingElement is what happens if no element fits. Removing nothing is done; an element such as
// emails[type eq "work"].value is made, as identity providers expect; all else has no target.
func (r resource) missingElement(op operation, name, rest, sub string) *scimError {
	p := &parser{rest: rest}
	attribute := p.name()
	simple := p.word("eq")
	value, err := p.value()
	switch {
	case op.Op == "remove":
		return nil
	case !simple || err != nil || sub == "" || !p.sign("]"):
		return bad("noTarget", "Nothing fits %q", op.Path)
	}
	r[name] = append(r.elements(name), map[string]any{attribute: value, sub: op.Value})
	return nil
}

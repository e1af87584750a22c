package scim

import (
	"maps"
	"slices"
)

// apply changes a resource whose outermost map belongs to the caller; what is within is replaced, never changed.
func (op operation) apply(r Resource) error {
	schema := op.at.schema
	if op.at.attr == nil {
		delete(r, schema.urn)
		return nil
	}
	box := r
	if schema.extension {
		if box = maps.Clone(op.at.box(r)); box == nil {
			box = Resource{}
		}
	}
	changed, err := op.change(box[op.at.attr.name])
	if err != nil {
		return err
	}
	if isUnassigned(changed) {
		delete(box, op.at.attr.name)
	} else {
		box[op.at.attr.name] = changed
	}
	if !schema.extension {
		return nil
	}
	if r[schema.urn] = box; len(box) == 0 {
		delete(r, schema.urn)
	}
	return nil
}

// isUnassigned reports that there is nothing to store. An empty text is something.
func isUnassigned(value any) bool {
	list, isList := value.([]any)
	return value == nil || isList && len(list) == 0
}

// change is what becomes of the attribute.
func (op operation) change(old any) (any, error) {
	attr := op.at.attr
	switch {
	case attr.kind == kindOpen:
		return op.changeOpen(old)
	case attr.multi && (op.where != nil || op.at.sub != nil):
		return op.changeElements(elements(old))
	case attr.multi:
		return op.changeList(elements(old))
	case op.verb == verbRemove && op.at.sub == nil:
		return nil, nil //nolint:nilnil // Nil is a value here: unassigned.
	case op.verb == verbAdd && op.value == nil:
		return old, nil
	case op.at.sub != nil:
		return merged(old, map[string]any{op.at.sub.name: op.value}), nil // the value of a removal is nil
	case attr.kind == kindComplex && op.value != nil:
		return merged(old, op.value), nil
	}
	return op.value, nil
}

// changeList changes a multi-valued attribute as a whole.
func (op operation) changeList(old []any) (any, error) {
	attr, given := op.at.attr, elements(op.value)
	switch {
	case op.verb == verbReplace:
		return given, nil
	case op.verb == verbRemove && !op.given:
		return nil, nil //nolint:nilnil // Nil is a value here: unassigned.
	case op.verb == verbRemove:
		return slices.DeleteFunc(slices.Clone(old), func(element any) bool { return attr.listed(element, given) }), nil
	}
	all, touched := attr.joined(old, given)
	if len(all) > attr.mostValues {
		return nil, TooLarge("%s would have more than %d values.", op.at, attr.mostValues)
	}
	return onePrimary(all, touched), nil
}

// listed reports whether a client listed an element.
func (a *attribute) listed(element any, given []any) bool {
	return slices.ContainsFunc(given, func(one any) bool {
		parts, ok := one.(map[string]any)
		return ok && a.matchesGiven(element, parts)
	})
}

// changeElements changes the chosen elements of a multi-valued attribute, or a part of them.
func (op operation) changeElements(old []any) (any, error) {
	var kept []any
	var touched []int
	chosen := element{where: op.where}
	matched := false
	for _, one := range old {
		if op.where != nil && !chosen.fits(one) {
			kept = append(kept, one)
			continue
		}
		matched = true
		if one = op.changeElement(one); one != nil {
			kept, touched = append(kept, one), append(touched, len(kept))
		}
	}
	if !matched && op.verb != verbRemove && op.value != nil {
		made, err := op.make()
		if err != nil {
			return nil, err
		}
		if made != nil {
			kept, touched = append(kept, made), append(touched, len(kept))
		}
	}
	if len(kept) > op.at.attr.mostValues {
		return nil, TooLarge("%s would have more than %d values.", op.at, op.at.attr.mostValues)
	}
	return op.at.attr.united(onePrimary(kept, touched)), nil
}

// changeElement is what becomes of one element; nil is nothing.
func (op operation) changeElement(old any) any {
	switch {
	case op.at.sub != nil && (op.verb != verbAdd || op.value != nil):
		return merged(old, map[string]any{op.at.sub.name: op.value})
	case op.verb == verbRemove, op.verb == verbReplace && op.value == nil:
		return nil
	case op.value == nil:
		return old
	}
	return merged(old, op.value)
}

// make is the element that a path means which matched none: what its filter demands, with the value. Entra sets a
// user's first address in this way. Replacing whole elements that are not there has no target (RFC 7644 section
// 3.5.2.3), and neither has replacing a part of one whose type is none that the schema names.
func (op operation) make() (any, error) {
	demanded := map[string]any{}
	if op.where != nil {
		equalities, exact := narrow(op.where)
		if !exact || op.at.sub == nil && op.verb == verbReplace {
			return nil, NoTarget("There is no %s.", quoted(op.path))
		}
		for _, equality := range equalities {
			sub := op.at.attr.sub(equality.Attribute)
			if op.verb == verbReplace && !sub.usual(equality.Value) {
				return nil, NoTarget("There is no %s.", quoted(op.path))
			}
			demanded[sub.name] = equality.Value
		}
	}
	if op.at.sub != nil {
		return merged(demanded, map[string]any{op.at.sub.name: op.value}), nil
	}
	return merged(demanded, op.value), nil
}

// elements is the list of a multi-valued attribute; it is not changed.
func elements(value any) []any {
	list, _ := value.([]any)
	return list
}

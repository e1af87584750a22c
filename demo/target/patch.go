package target

import (
	"slices"
	"strings"
)

// patchBody is a PATCH request (RFC 7644 section 3.5.2).
type patchBody struct {
	Operations []operation
}

type operation struct {
	Op, Path string
	Value    any
}

// patched applies all operations to a copy: either all of them count or none.
func patched(r resource, operations []operation) (resource, *scimError) {
	r = r.copied()
	if len(operations) == 0 {
		return nil, bad("invalidSyntax", "A PATCH needs Operations")
	}
	for _, op := range operations {
		op.Op = strings.ToLower(op.Op)
		if !slices.Contains([]string{"add", "replace", "remove"}, op.Op) {
			return nil, bad("invalidSyntax", "Operation %q is none of add, replace, remove", op.Op)
		}
		if err := r.apply(op); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// apply carries out one operation. Without a path, the value's keys are the paths, and read-only ones are ignored.
func (r resource) apply(op operation) *scimError {
	if op.Path != "" {
		return r.applyAt(op)
	}
	object, ok := op.Value.(map[string]any)
	if !ok {
		return bad("noTarget", "Operation %s needs a path or an object", op.Op)
	}
	for key, value := range object {
		if slices.Contains(readOnly, resolve(key)[0]) {
			continue
		}
		if err := r.applyAt(operation{op.Op, key, value}); err != nil {
			return err
		}
	}
	return nil
}

// applyAt carries out an operation at "attr", "attr.sub", "attr[filter]" or "attr[filter].sub".
func (r resource) applyAt(op operation) *scimError {
	name, rest, filtered := strings.Cut(op.Path, "[")
	steps := resolve(name)
	if slices.Contains(readOnly, steps[0]) {
		return bad("mutability", "%s cannot be changed", steps[0])
	}
	if steps[0] == "" || slices.Contains(steps, "") {
		return bad("invalidPath", "The path %q cannot be read", op.Path)
	}
	if filtered {
		return r.applyToElements(op, steps[0], rest)
	}
	parent, last := map[string]any(r), steps[len(steps)-1]
	for _, step := range steps[:len(steps)-1] {
		inner, ok := lookup(parent, step).(map[string]any)
		if !ok {
			inner = map[string]any{}
			write(parent, step, inner)
		}
		parent = inner
	}
	if len(steps) == 1 && slices.Contains(many, last) {
		r.applyToList(op, last)
		return nil
	}
	change(parent, op, last)
	return nil
}

// change sets or removes one value. Adding an object to an object adds its parts.
func change(parent map[string]any, op operation, name string) {
	old, isObject := lookup(parent, name).(map[string]any)
	fresh, both := op.Value.(map[string]any)
	switch {
	case op.Op == "remove" || op.Value == nil:
		write(parent, name, nil)
	case isObject && both:
		for key, value := range fresh {
			write(old, key, value)
		}
	case name == "active":
		write(parent, name, boolean(op.Value))
	default:
		write(parent, name, op.Value)
	}
}

// write sets an attribute, or takes it away if value is nil; names ignore case.
func write(object map[string]any, name string, value any) {
	for key := range object {
		if strings.EqualFold(key, name) {
			delete(object, key)
		}
	}
	if value != nil {
		object[spell(name)] = value
	}
}

// applyToList changes a whole multi-valued attribute. Removing with a value takes out what the value lists and nothing
// else: read by the letter of the RFC it would empty a group.
func (r resource) applyToList(op operation, name string) {
	switch old := r.elements(name); {
	case op.Op == "remove" && len(flat(op.Value)) > 0:
		gone := list(op.Value)
		r[name] = slices.DeleteFunc(old, func(element any) bool {
			return slices.ContainsFunc(gone, func(g any) bool { return elementValue(g) == elementValue(element) })
		})
	case op.Op == "remove" || op.Value == nil:
		delete(r, name)
	case op.Op == "add":
		r[name] = unique(append(old, list(op.Value)...))
	default:
		r[name] = unique(list(op.Value))
	}
}

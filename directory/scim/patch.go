package scim

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Patch is a list of changes to one resource (RFC 7644 section 3.5.2).
type Patch struct {
	resource   *Type
	operations []operation
	members    []MemberOp
}

// verb is what an operation does.
type verb string

const (
	verbAdd     verb = "add"
	verbReplace verb = "replace"
	verbRemove  verb = "remove"
)

// operation is one change at one place. Where chooses elements of a multi-valued attribute; nil means no choice. The
// value is in its attribute's form. Given says of a removal that it lists what to remove.
type operation struct {
	verb  verb
	at    place
	where condition
	value any
	given bool
	path  string // as the client wrote it
}

// ParsePatch reads the body of a PATCH and checks it as a whole, before anything is changed. It takes what identity
// providers send: operations in any case, booleans as texts, and values whose keys are paths. Names in a value that
// the type does not have are ignored, as in Read; a path to one is an invalidPath.
func ParsePatch(t *Type, body []byte) (*Patch, error) {
	object, err := decodeObject(body)
	if err != nil {
		return nil, err
	}
	list, ok := member(object, "Operations").([]any)
	if !ok || len(list) == 0 {
		return nil, InvalidSyntax("Operations must be a list of at least one operation.")
	}
	if len(list) > mostOperations {
		return nil, TooLarge("A patch may have %d operations, and this one has %d.", mostOperations, len(list))
	}
	p := &Patch{resource: t}
	for _, one := range list {
		given, ok := one.(map[string]any)
		if !ok {
			return nil, InvalidSyntax("An operation must be an object.")
		}
		if err := p.read(given); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// Apply makes the changes on a copy, all or none, and reports whether the copy differs. The copy shares with the
// resource what did not change. Members of groups are not looked at: see Members. The error is a noTarget, or says
// that something required would be missing.
func (p *Patch) Apply(r Resource) (Resource, bool, error) {
	before := maps.Clone(r)
	if before == nil {
		before = Resource{}
	}
	before["schemas"] = p.resource.schemasOf(before)
	after := maps.Clone(before)
	for _, op := range p.operations {
		if err := op.apply(after); err != nil {
			return nil, false, err
		}
	}
	if err := p.resource.complete(after); err != nil {
		return nil, false, err
	}
	after["schemas"] = p.resource.schemasOf(after)
	return after, !reflect.DeepEqual(before, after), nil
}

// Members is what the patch does to the members of a group, in order. It takes no list of all members to carry out.
func (p *Patch) Members() []MemberOp { return slices.Clone(p.members) }

// read reads one operation.
func (p *Patch) read(given map[string]any) error {
	name, _ := member(given, "op").(string)
	does := verb(strings.ToLower(name))
	if does != verbAdd && does != verbReplace && does != verbRemove {
		return InvalidSyntax("op must be add, replace or remove, not %s.", quoted(name))
	}
	path, isText := member(given, "path").(string)
	if !isText && member(given, "path") != nil {
		return InvalidSyntax("path must be a text.")
	}
	value, has := given["value"]
	if !has {
		value = member(given, "value")
		has = value != nil
	}
	switch {
	case !has && does != verbRemove:
		return InvalidValue("The operation %s needs a value.", does)
	case path == "" && does == verbRemove:
		return NoTarget("The operation remove needs a path.")
	case path == "":
		return p.readAll(does, value)
	}
	return p.readAt(does, path, value)
}

// readAll reads a value without a path: an object whose keys are paths.
func (p *Patch) readAll(does verb, value any) error {
	object, ok := value.(map[string]any)
	if !ok {
		return InvalidValue("Without a path, the value must be an object.")
	}
	operations, err := p.resource.operations(does, object)
	if err != nil {
		return err
	}
	for _, op := range operations {
		if op.at.attr == members && op.value == nil {
			continue // a client writes null for what it does not speak about: nobody is taken out for that
		}
		if err := p.keep(op); err != nil {
			return err
		}
	}
	return nil
}

// readAt reads a value that has a path.
func (p *Patch) readAt(does verb, path string, value any) error {
	op, is, err := p.resource.path(path)
	if err != nil {
		return err
	}
	if is == foreign {
		return nil // of a schema that we do not have, and so do not store
	}
	if is == known && op.at.attr == nil {
		return p.readExtension(op, does, value)
	}
	if err := changeable(op, is, does); err != nil {
		return err
	}
	if op.at.leaf().returned != byDefault {
		_, _, err := op.coerce(value)
		return err // a password, or the schemas, which follow from what is there
	}
	if op.verb = does; does == verbRemove && (op.where != nil || op.at.sub != nil || !op.at.attr.listable()) {
		return p.keep(op) // what is removed is clear, whatever the value
	}
	if op.value, op.given, err = op.coerce(value); err != nil {
		return err
	}
	return p.keep(op)
}

// readExtension reads an operation whose path is a URN alone.
func (p *Patch) readExtension(op operation, does verb, value any) error {
	if does == verbRemove {
		if op.verb = does; !op.at.schema.extension {
			return InvalidPath("%s names no attribute.", quoted(op.path))
		}
		return p.keep(op)
	}
	return p.readAll(does, map[string]any{op.at.schema.urn: value})
}

// keep sorts operations: those about members are for whoever holds the members.
func (p *Patch) keep(op operation) error {
	if op.at.attr != members {
		p.operations = append(p.operations, op)
		return nil
	}
	change, err := op.memberOp()
	if err == nil && change.Op != "" {
		p.members = append(p.members, change)
	}
	return err
}

// member finds a key of a message; names ignore case.
func member(object map[string]any, name string) any {
	for key, value := range object {
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return nil
}

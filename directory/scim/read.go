package scim

import "strings"

// Read reads the body of a POST or PUT: names as the schema writes them, values in their types, and without what
// clients may not set, what no schema of ours has, and passwords. Null and empty lists are left out, with one
// exception: members that were given stay as an empty list, so that a PUT which empties a group differs from one that
// does not speak of members. "active" is not made up: where it is absent, the client did not say it.
func Read(t *Type, body []byte) (Resource, error) {
	object, err := decodeObject(body)
	if err != nil {
		return nil, err
	}
	if err := checkSchemas(member(object, "schemas")); err != nil {
		return nil, err
	}
	operations, err := t.operations(verbAdd, object)
	if err != nil {
		return nil, err
	}
	r := Resource{}
	for _, op := range operations {
		if err := op.apply(r); err != nil {
			return nil, err
		}
		if op.at.attr == members && op.value != nil && r["members"] == nil {
			r["members"] = []any{}
		}
	}
	if err := t.complete(r); err != nil {
		return nil, err
	}
	r["schemas"] = t.schemasOf(r)
	return r, nil
}

// checkSchemas wants a list of texts. Which ones is not looked at: providers send URNs of SCIM 1 and of their own, and
// the address says of which type the resource is.
func checkSchemas(value any) error {
	list, ok := value.([]any)
	if value != nil && !ok {
		return InvalidSyntax("schemas must be a list of URNs.")
	}
	for _, one := range list {
		if _, ok := one.(string); !ok {
			return InvalidSyntax("schemas must be a list of URNs.")
		}
	}
	return nil
}

// complete refuses a resource that lacks something required.
func (t *Type) complete(r Resource) error {
	for _, a := range t.core().attributes {
		if text, _ := r[a.name].(string); a.required && strings.TrimSpace(text) == "" {
			return InvalidValue("%s is required.", a.name)
		}
	}
	return nil
}

// schemasOf lists the core schema and each extension of which there is something.
func (t *Type) schemasOf(r Resource) []any {
	schemas := []any{t.URN}
	for _, s := range t.schemas {
		if box, _ := r[s.urn].(map[string]any); s.extension && len(box) > 0 {
			schemas = append(schemas, s.urn)
		}
	}
	return schemas
}

package scim

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// UsersWith is Users with attributes of further extensions, by path: urn:…:extension:acme:2.0:User:territory. Such an
// attribute has a text, a number, a boolean or a list of texts, which is kept as it was sent. Paths of attributes that
// there are, and paths that lead to no attribute of an extension, add nothing.
func UsersWith(paths []string) *Type {
	t := users
	for _, path := range paths {
		t = t.with(path)
	}
	return t
}

// with adds one attribute to a copy of the type.
func (t *Type) with(path string) *Type {
	cut := max(strings.LastIndex(path, ":"), 0)
	urn, name := path[:cut], strings.TrimPrefix(path[cut:], ":")
	if _, is := t.place(path); is == known || !isName(name) || !t.extends(urn) {
		return t
	}
	larger := *t
	larger.schemas = slices.Clone(t.schemas)
	for n, s := range t.schemas {
		if strings.EqualFold(s.urn, urn) {
			extended := *s
			extended.attributes = append(slices.Clone(s.attributes), open(name))
			larger.schemas[n] = &extended
			return &larger
		}
	}
	larger.schemas = append(larger.schemas, &schema{
		urn: urn, name: "Extension", doc: "Attributes that the settings of the directory name", extension: true,
		attributes: []*attribute{open(name)},
	})
	return &larger
}

// extends reports whether a URN can be that of an extension with further attributes: what the standard keeps for itself,
// an old name of a schema, and what is an attribute already, cannot.
func (t *Type) extends(urn string) bool {
	folded := strings.ToLower(urn)
	if !strings.HasPrefix(folded, "urn:") {
		return false
	}
	for _, reserved := range []string{"urn:ietf:params:scim:api:", "urn:ietf:params:scim:schemas:core:"} {
		if strings.HasPrefix(folded+":", reserved) {
			return false
		}
	}
	for _, s := range t.schemas {
		if slices.ContainsFunc(s.aliases, func(alias string) bool { return strings.EqualFold(alias, urn) }) {
			return false
		}
	}
	at, is := t.place(urn)
	return is != known || at.attr == nil
}

// open is an attribute of which nobody has said what its values are.
func open(name string) *attribute {
	return simple(kindOpen, name, "A text, a number, a boolean or a list of texts, kept as it was sent").caseExact()
}

// coerceOpen takes a value as it is.
func (a *attribute) coerceOpen(value any, where string) (any, error) {
	switch v := value.(type) {
	case string:
		return a.coerceText(v, where)
	case bool:
		return v, nil
	case json.Number:
		if _, fits := numeric(v); !fits || len(v) > mostName {
			return nil, InvalidValue("%s is a number that cannot be kept.", where)
		}
		return v, nil
	case []any:
		return a.coerceTexts(v, where)
	}
	return nil, InvalidValue("%s must be a text, a number, a boolean or a list of texts.", where)
}

// coerceTexts takes a list of texts, each of which may stand in an object, as Entra writes them.
func (a *attribute) coerceTexts(list []any, where string) (any, error) {
	if len(list) > a.mostValues {
		return nil, TooLarge("%s has more than %d values.", where, a.mostValues)
	}
	var texts []any
	for _, one := range list {
		if object, ok := one.(map[string]any); ok {
			one = object["value"]
		}
		if one == nil {
			continue
		}
		text, err := a.coerceText(one, "What "+where+" lists")
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	if texts == nil {
		return nil, nil //nolint:nilnil // Nil is a value here: unassigned.
	}
	return a.united(texts), nil
}

// changeOpen changes an open attribute. To what is a list, values are added, and those that a removal names are taken out;
// another value is replaced, or removed, as a whole.
func (op operation) changeOpen(old any) (any, error) {
	list, many := old.([]any)
	switch {
	case op.verb == verbReplace, op.verb == verbAdd && !many && op.value != nil:
		return op.value, nil
	case op.verb == verbRemove && (!many || op.value == nil):
		return nil, nil //nolint:nilnil // Nil is a value here: unassigned.
	case op.verb == verbRemove:
		named := listOf(op.value)
		return slices.DeleteFunc(slices.Clone(list), func(one any) bool { return slices.Contains(named, one) }), nil
	case op.value == nil:
		return old, nil
	}
	added := listOf(op.value)
	for _, one := range added {
		if _, ok := one.(string); !ok {
			return op.value, nil // no text: it is a list no longer
		}
	}
	all, _ := op.at.attr.joined(list, added)
	if len(all) > op.at.attr.mostValues {
		return nil, TooLarge("%s would have more than %d values.", op.at, op.at.attr.mostValues)
	}
	return all, nil
}

// listOf is a list, or a value as a list of one.
func listOf(value any) []any {
	if list, many := value.([]any); many {
		return list
	}
	return []any{value}
}

// numeric is the number that a value is, as a body or a database has it.
func numeric(value any) (float64, bool) {
	switch v := value.(type) {
	case float64:
		return v, true
	case json.Number:
		n, err := v.Float64()
		return n, err == nil
	}
	return 0, false
}

// suitsOpen checks what an open attribute is compared with: texts have every operator, numbers have an order, and
// booleans are equal or not.
func (p *parser) suitsOpen(c *comparison, name token) error {
	text, isText := c.value.(string)
	_, isNumber := numeric(c.value)
	switch {
	case !isText && (c.operator == "co" || c.operator == "sw" || c.operator == "ew"):
		return p.fail(name.start, c.operator+" needs a text in quotes")
	case !isText && !isNumber && c.operator != "eq" && c.operator != "ne":
		return p.fail(name.start, "true and false have only eq and ne")
	}
	c.text = text
	return nil
}

// fitsOpen compares one value of an open attribute. Values of two kinds differ.
func (c comparison) fitsOpen(value any) bool {
	if text, isText := value.(string); isText {
		if _, wantsText := c.value.(string); wantsText {
			return c.fitsText(text)
		}
	}
	is, isNumber := numeric(value)
	wanted, wantsNumber := numeric(c.value)
	if isNumber && wantsNumber {
		return c.ordered(cmp.Compare(is, wanted))
	}
	truth, isTruth := value.(bool)
	wantedTruth, wantsTruth := c.value.(bool)
	return (isTruth && wantsTruth && truth == wantedTruth) == (c.operator == "eq") && (c.operator == "eq" || c.operator == "ne")
}

// compareOpen orders values of an open attribute: numbers, then truths, then texts.
func compareOpen(a, b any) int {
	one, other := orderOf(a), orderOf(b)
	return cmp.Or(cmp.Compare(one.kind, other.kind), cmp.Compare(one.number, other.number), cmp.Compare(one.text, other.text))
}

// openOrder is where a value of an open attribute comes.
type openOrder struct {
	kind   int
	number float64
	text   string
}

func orderOf(value any) openOrder {
	if number, ok := numeric(value); ok {
		return openOrder{kind: 0, number: number}
	}
	if truth, ok := value.(bool); ok {
		return openOrder{kind: 1, number: float64(rank(truth))}
	}
	text, _ := value.(string)
	return openOrder{kind: 2, text: text}
}

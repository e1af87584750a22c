package scim

import (
	"slices"
	"strconv"
	"strings"
)

var operators = []string{"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"}

// element reads attr[…], and attr[…].sub with an operator, which speaks about the same element.
func (p *parser) element(name token, at place) (condition, error) {
	if p.within != nil || at.sub != nil {
		return nil, p.fail(p.next.start, "brackets stand only after an attribute")
	}
	if at.attr != nil && at.attr.kind != kindComplex {
		return nil, p.fail(p.next.start, quoted(name.text)+" has no parts")
	}
	where, err := p.brackets(at)
	if err != nil {
		return nil, err
	}
	if part, dotted := p.dotted(); dotted {
		found, err := p.part(at, part)
		if err != nil {
			return nil, err
		}
		more, err := p.expression(part, found)
		return element{at: at, where: both{where, more}}, err
	}
	return element{at: at, where: where}, nil
}

// brackets reads […]. Of an attribute that we do not have the parts are unknown too.
func (p *parser) brackets(at place) (condition, error) {
	if at.attr == nil {
		at.attr = &attribute{}
	}
	p.within = &at
	defer func() { p.within = nil }()
	if err := p.advance(); err != nil {
		return nil, err
	}
	where, err := p.alternatives()
	if err != nil {
		return nil, err
	}
	if !p.is("]") {
		return nil, p.fail(p.next.start, "expected ], not "+p.seen())
	}
	return where, p.advance()
}

// dotted reports whether a sub-attribute follows upon a bracket, without a space.
func (p *parser) dotted() (token, bool) {
	follows := p.next.kind == tokenWord && strings.HasPrefix(p.next.text, ".") && p.next.start > 0 && p.input[p.next.start-1] == ']'
	return p.next, follows
}

// part resolves the sub-attribute behind attr[…] and goes on.
func (p *parser) part(at place, name token) (place, error) {
	text := name.text[1:]
	if !isName(text) {
		return place{}, p.fail(name.start, quoted(name.text)+" is no part of an attribute")
	}
	found := place{}
	if at.attr != nil {
		found.attr = at.attr.sub(text)
	}
	return found, p.advance()
}

// expression reads an operator and its value.
func (p *parser) expression(name token, at place) (condition, error) {
	operator := p.next
	if p.compared++; p.most > 0 && p.compared > p.most {
		return nil, p.fail(name.start, "these are more comparisons than "+strconv.Itoa(p.most))
	}
	if p.is("pr") {
		return present{at}, p.advance()
	}
	c := comparison{at: at, operator: strings.ToLower(operator.text)}
	if operator.kind != tokenWord || !slices.Contains(operators, c.operator) {
		return nil, p.fail(operator.start, "expected an operator such as eq, not "+p.seen())
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if err := p.value(&c, name); err != nil {
		return nil, err
	}
	return c, p.advance()
}

// value reads what is compared with, and checks that it can be.
func (p *parser) value(c *comparison, name token) error {
	if err := p.literal(c); err != nil {
		return err
	}
	if c.value == nil {
		if c.operator != "eq" && c.operator != "ne" {
			return p.fail(p.next.start, "null has only eq and ne")
		}
		return nil
	}
	if c.at.attr == nil {
		return nil
	}
	c.at = c.at.valued()
	return p.suits(c, name)
}

func (p *parser) literal(c *comparison) error {
	switch {
	case p.next.kind == tokenText:
		c.value = p.next.text
	case p.is("true"), p.is("false"):
		c.value = p.is("true")
	case p.is("null"):
		c.value = nil
	default:
		value, ok := number(p.next.text)
		if p.next.kind != tokenWord || !ok {
			return p.fail(p.next.start, "expected a value, not "+p.seen()+"; texts stand in quotes")
		}
		c.value = value
	}
	return nil
}

// suits checks a value against its attribute's type (RFC 7644 section 3.4.2.2, table 3).
func (p *parser) suits(c *comparison, name token) error {
	leaf := c.at.leaf()
	text, isText := c.value.(string)
	ordering := c.operator == "gt" || c.operator == "ge" || c.operator == "lt" || c.operator == "le"
	partial := c.operator == "co" || c.operator == "sw" || c.operator == "ew"
	switch {
	case leaf.kind == kindComplex:
		return p.fail(name.start, quoted(name.text)+" has parts: name one of them")
	case leaf.kind == kindOpen:
		return p.suitsOpen(c, name)
	case leaf.kind == kindBoolean:
		if truth, ok := booleanOf(text); ok {
			c.value = truth
		}
		if _, ok := c.value.(bool); !ok || ordering || partial {
			return p.fail(name.start, quoted(name.text)+" is true or false, and has only eq and ne")
		}
		return nil
	case !isText:
		return p.fail(p.next.start, quoted(name.text)+" is compared with a text in quotes")
	case leaf.kind == kindBinary && ordering:
		return p.fail(name.start, quoted(name.text)+" has no order")
	}
	c.text = leaf.folded(text)
	if leaf.kind == kindTime && !partial {
		var ok bool
		if c.instant, ok = parseTime(text); !ok {
			return p.fail(p.next.start, "expected a dateTime such as 2026-11-27T09:00:00Z, not "+p.seen())
		}
	}
	return nil
}

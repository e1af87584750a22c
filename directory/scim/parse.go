package scim

import (
	"strings"
	"unicode/utf8"
)

// parser reads a filter. Within attr[…] names are those of the attribute's parts. Depth counts parentheses, compared the
// comparisons, of which there are at most most; 0 is no bound but that of the length.
type parser struct {
	lexer

	resource *Type
	within   *place
	depth    int

	compared, most int
}

func parseWhole(t *Type, text string) (condition, error) {
	p, err := newParser(t, text)
	if err != nil {
		return nil, err
	}
	p.most = mostCompared
	root, err := p.alternatives()
	if err != nil {
		return nil, err
	}
	return root, p.ends()
}

// newParser stands before the first token.
func newParser(t *Type, text string) (*parser, error) {
	if len(text) > mostFilter {
		return nil, InvalidFilter("The filter is longer than %d bytes.", mostFilter)
	}
	if !utf8.ValidString(text) {
		return nil, InvalidFilter("The filter is not UTF-8.")
	}
	p := &parser{lexer: lexer{input: text}, resource: t}
	return p, p.advance()
}

func (p *parser) ends() error {
	if p.next.kind != tokenEnd {
		return p.fail(p.next.start, "expected and, or, or the end, not "+p.seen())
	}
	return nil
}

// alternatives reads what "or" joins; "and" binds closer.
func (p *parser) alternatives() (condition, error) {
	parts, err := p.list("or", func() (condition, error) {
		parts, err := p.list("and", p.term)
		if len(parts) == 1 {
			return parts[0], err
		}
		return both(parts), err
	})
	if len(parts) == 1 {
		return parts[0], err
	}
	return either(parts), err
}

// list reads parts with a word between them.
func (p *parser) list(word string, part func() (condition, error)) ([]condition, error) {
	var parts []condition
	for {
		one, err := part()
		if err != nil {
			return nil, err
		}
		parts = append(parts, one)
		if !p.is(word) {
			return parts, nil
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
}

// term reads not (…), (…), or an expression about an attribute.
func (p *parser) term() (condition, error) {
	if p.is("(") {
		return p.group()
	}
	if p.next.kind != tokenWord {
		return nil, p.fail(p.next.start, "expected the name of an attribute, not "+p.seen())
	}
	name := p.next
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.is("(") && strings.EqualFold(name.text, "not") {
		inner, err := p.group()
		return negated{inner}, err
	}
	at, err := p.named(name)
	if err != nil {
		return nil, err
	}
	if p.is("[") {
		return p.element(name, at)
	}
	return p.expression(name, at)
}

// group reads a filter in parentheses.
func (p *parser) group() (condition, error) {
	open := p.next.start
	if p.depth++; p.depth > mostDepth {
		return nil, p.fail(open, "parentheses are too deep")
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	inner, err := p.alternatives()
	if err != nil {
		return nil, err
	}
	if !p.is(")") {
		return nil, p.fail(p.next.start, "expected ), not "+p.seen())
	}
	p.depth--
	return inner, p.advance()
}

// named resolves a name. One that we do not have is a place without a value (RFC 7644 section 3.4.2.1).
func (p *parser) named(name token) (place, error) {
	if p.within != nil {
		if !isName(name.text) {
			return place{}, p.fail(name.start, quoted(name.text)+" is no name of an attribute")
		}
		return place{attr: p.within.attr.sub(name.text)}, nil
	}
	at, is := p.resource.place(name.text)
	switch {
	case is == malformed || is == known && at.attr == nil && !at.schema.extension:
		return place{}, p.fail(name.start, quoted(name.text)+" is no name of an attribute")
	case is == known && at.leaf() != nil && at.leaf().returned == never:
		return place{}, p.fail(name.start, quoted(name.text)+" cannot be searched")
	}
	return at, nil
}

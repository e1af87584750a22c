package target

import (
	"encoding/json"
	"strings"
)

// condition says whether an object fits a filter (RFC 7644 section 3.4.2.2).
type condition func(object map[string]any) bool

// maxDepth bounds brackets within brackets.
const maxDepth = 20

// parseFilter reads a filter; the error is always invalidFilter.
func parseFilter(text string) (condition, *scimError) {
	p := &parser{rest: text}
	c, err := p.or(0)
	if err == nil && strings.TrimSpace(p.rest) != "" {
		err = p.fail()
	}
	return c, err
}

// parser is a recursive descent over what is left of the text.
type parser struct{ rest string }

func (p *parser) fail() *scimError {
	return bad("invalidFilter", "The filter cannot be read at %q", p.rest)
}

func (p *parser) or(depth int) (condition, *scimError) {
	left, err := p.and(depth)
	for err == nil && p.word("or") {
		var right condition
		first := left
		right, err = p.and(depth)
		left = func(o map[string]any) bool { return first(o) || right(o) }
	}
	return left, err
}

func (p *parser) and(depth int) (condition, *scimError) {
	left, err := p.term(depth)
	for err == nil && p.word("and") {
		var right condition
		first := left
		right, err = p.term(depth)
		left = func(o map[string]any) bool { return first(o) && right(o) }
	}
	return left, err
}

func (p *parser) term(depth int) (condition, *scimError) {
	if depth > maxDepth {
		return nil, p.fail()
	}
	if p.word("not") {
		inner, err := p.group(depth)
		return func(o map[string]any) bool { return !inner(o) }, err
	}
	if strings.HasPrefix(strings.TrimLeft(p.rest, " "), "(") {
		return p.group(depth)
	}
	return p.comparison(depth)
}

func (p *parser) group(depth int) (condition, *scimError) {
	if !p.sign("(") {
		return nil, p.fail()
	}
	inner, err := p.or(depth + 1)
	if err == nil && !p.sign(")") {
		err = p.fail()
	}
	return inner, err
}

// comparison reads "attr op value", "attr pr" or "attr[filter]".
func (p *parser) comparison(depth int) (condition, *scimError) {
	name := p.name()
	if name == "" {
		return nil, p.fail()
	}
	if p.sign("[") {
		inner, err := p.or(depth + 1)
		if err == nil && !p.sign("]") {
			err = p.fail()
		}
		return func(o map[string]any) bool { return anyElement(o, name, inner) }, err
	}
	if p.word("pr") {
		return func(o map[string]any) bool { return len(values(o, name)) > 0 }, nil
	}
	for _, operator := range operators {
		if p.word(operator) {
			wanted, err := p.value()
			return func(o map[string]any) bool { return compare(values(o, name), operator, wanted, exact(name)) }, err
		}
	}
	return nil, p.fail()
}

// sign takes a sign if it comes next.
func (p *parser) sign(s string) bool {
	rest, ok := strings.CutPrefix(strings.TrimLeft(p.rest, " "), s)
	if ok {
		p.rest = rest
	}
	return ok
}

// word takes a word, in any case, if it comes next and ends there.
func (p *parser) word(w string) bool {
	rest := strings.TrimLeft(p.rest, " ")
	if len(rest) < len(w) || !strings.EqualFold(rest[:len(w)], w) {
		return false
	}
	if after := rest[len(w):]; after != "" && !strings.ContainsRune(" ()[]\"", rune(after[0])) {
		return false
	}
	p.rest = rest[len(w):]
	return true
}

func (p *parser) name() string {
	rest := strings.TrimLeft(p.rest, " ")
	end := strings.IndexFunc(rest, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._:-$", r))
	})
	if end < 0 {
		end = len(rest)
	}
	p.rest = rest[end:]
	return rest[:end]
}

// value reads one JSON scalar.
func (p *parser) value() (any, *scimError) {
	decoder := json.NewDecoder(strings.NewReader(p.rest))
	var v any
	if err := decoder.Decode(&v); err != nil {
		return nil, p.fail()
	}
	switch v.(type) {
	case map[string]any, []any:
		return nil, p.fail()
	}
	p.rest = p.rest[decoder.InputOffset():]
	return v, nil
}

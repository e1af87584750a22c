package config

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

func (r *yamlReader) read(n ast.Node, depth int) node {
	if n == nil {
		return node{kind: null, line: 1, column: 1}
	}
	line, column := place(n)
	out := node{kind: null, line: line, column: column, exact: -1}
	if r.nodes++; depth > maxDepth || r.nodes > maxNodes {
		r.errs = append(r.errs, r.at(n, "values stand in each other too deeply, or there are too many"))
		return out
	}
	switch v := n.(type) {
	case *ast.MappingNode:
		r.entries(&out, v.Values, depth)
	case *ast.MappingValueNode:
		r.entries(&out, []*ast.MappingValueNode{v}, depth)
	case *ast.SequenceNode:
		out.kind = list
		for _, item := range v.Values {
			out.items = append(out.items, r.read(item, depth+1))
		}
	case *ast.AnchorNode:
		r.anchors[v.Name.String()] = v.Value
		return r.read(v.Value, depth+1)
	case *ast.AliasNode:
		return r.alias(v, depth)
	case *ast.NullNode:
	default:
		r.scalar(&out, n)
		if strings.ContainsRune(out.string(), 0) || !utf8.ValidString(out.string()) {
			r.errs = append(r.errs, r.at(n, "this text holds a character that the database cannot keep"))
		}
	}
	return out
}

func (r *yamlReader) alias(v *ast.AliasNode, depth int) node {
	name := v.Value.String()
	target, known := r.anchors[name]
	if !known || r.open[name] {
		r.errs = append(r.errs, r.at(v, fmt.Sprintf("there is no anchor &%s before this", name)))
		return node{kind: null}
	}
	r.open[name] = true
	defer delete(r.open, name)
	return r.read(target, depth+1)
}

func (r *yamlReader) entries(out *node, values []*ast.MappingValueNode, depth int) {
	out.kind = mapping
	seen := map[string]bool{}
	for _, v := range values {
		if v.Key.IsMergeKey() {
			r.errs = append(r.errs, r.at(v, "merging with << is not supported: write the keys out"))
			continue
		}
		key := r.read(v.Key, depth+1)
		name, isText := key.scalar.(string)
		if !isText {
			name = key.raw
		}
		if seen[name] {
			r.errs = append(r.errs, Error{File: r.file, Line: key.line, Column: key.column, Text: fmt.Sprintf("%q stands here a second time", name)})
		}
		seen[name] = true
		value := r.read(v.Value, depth+1)
		if value.kind == null {
			value.line, value.column = key.line, key.column
		}
		out.entries = append(out.entries, entry{key: name, line: key.line, column: key.column, value: value})
	}
}

func (r *yamlReader) scalar(out *node, n ast.Node) {
	if tk := n.GetToken(); tk != nil {
		out.raw = tk.Value
	}
	switch v := n.(type) {
	case *ast.StringNode:
		out.kind, out.scalar, out.exact = text, v.Value, exactOffset(v)
	case *ast.LiteralNode:
		out.kind, out.scalar = text, v.Value.Value
	case *ast.BoolNode:
		out.kind, out.scalar = boolean, v.Value
	case *ast.IntegerNode:
		r.integer(out, v)
	case *ast.FloatNode:
		out.kind, out.scalar = decimal, v.Value
		if math.IsInf(v.Value, 0) || math.IsNaN(v.Value) {
			r.errs = append(r.errs, r.at(n, "this number is too large: write it in quotes if it is a name"))
		}
	default:
		r.errs = append(r.errs, r.at(n, fmt.Sprintf("%q cannot stand in this file: use text, numbers, true, false, lists and maps", firstLine(out.raw))))
	}
}

func (r *yamlReader) integer(out *node, v *ast.IntegerNode) {
	out.kind = integer
	switch number := v.Value.(type) {
	case int64:
		out.scalar = number
	case uint64:
		if number <= math.MaxInt64 {
			out.scalar = int64(number)
		}
	}
	if whole, ok := out.scalar.(int64); !ok || whole > 1<<53 || whole < -1<<53 {
		r.errs = append(r.errs, r.at(v, "this number is too large: write it in quotes if it is a name"))
		out.scalar = int64(0)
	}
}

// exactOffset is where in the file a text begins after its token's place, if it stands there letter by letter.
func exactOffset(v *ast.StringNode) int {
	switch {
	case strings.ContainsAny(v.Value, "\n\\") || v.Token == nil:
		return -1
	case v.Token.Type == token.StringType:
		return 0
	case v.Token.Type == token.SingleQuoteType && !strings.Contains(v.Value, "'"):
		return 1
	case v.Token.Type == token.DoubleQuoteType && !strings.ContainsAny(v.Value, `"`):
		return 1
	}
	return -1
}

package config

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	yamltree "github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// The bounds of a file, so that no text can use up the stack or the memory.
const (
	maxSize  = 4 << 20 // bytes
	maxDepth = 60      // of values within each other
	maxNodes = 200_000 // values, counting each use of an alias
)

// yamlReader turns the YAML library's tree into ours.
type yamlReader struct {
	file    string
	anchors map[string]ast.Node
	open    map[string]bool // aliases being followed
	nodes   int
	errs    Errors
}

// readYAML reads one YAML document. An empty one is a mapping without keys.
func readYAML(file string, content []byte) (root node, errs Errors) {
	defer func() {
		if recover() != nil { // the library panics on some texts that are not YAML
			errs = Errors{{file, 1, 1, "this is not valid YAML"}}
		}
	}()
	if problem := unreadable(content); problem != "" {
		return node{}, Errors{{file, 1, 1, problem}}
	}
	tree, err := yamltree.ParseBytes(content, 0)
	if err != nil {
		return node{}, Errors{syntaxError(file, err)}
	}
	r := &yamlReader{file: file, anchors: map[string]ast.Node{}, open: map[string]bool{}}
	empty := node{kind: mapping, line: 1, column: 1}
	var bodies []ast.Node
	for _, doc := range tree.Docs {
		if doc.Body != nil && doc.Body.Type() != ast.CommentType {
			bodies = append(bodies, doc.Body)
		}
	}
	if len(bodies) == 0 {
		return empty, nil
	}
	if len(bodies) > 1 {
		return node{}, Errors{r.at(bodies[1], "only one YAML document may stand in the file")}
	}
	root = r.read(bodies[0], 0)
	if root.kind == null {
		return empty, r.errs
	}
	return root, r.errs
}

// unreadable says why a text is not even tried.
func unreadable(content []byte) string {
	switch {
	case len(content) > maxSize:
		return "the file is larger than 4 MB"
	case !utf8.Valid(content):
		return "the file is not UTF-8 text"
	}
	depth := 0
	for line := range strings.Lines(string(content)) {
		if strings.Count(line, "- ") > 2000 || strings.Count(line, "? ") > 2000 || strings.Count(line, ": ") > 20_000 {
			return "a line of the file is too long"
		}
		depth += strings.Count(line, "[") + strings.Count(line, "{") - strings.Count(line, "]") - strings.Count(line, "}")
		if depth > 5000 || strings.Count(line, "[")+strings.Count(line, "{") > 5000 {
			return "values stand in each other too deeply"
		}
	}
	return ""
}

func syntaxError(file string, err error) Error {
	e := Error{File: file, Line: 1, Column: 1, Text: "this is not valid YAML: " + firstLine(err.Error())}
	var known yaml.Error
	if errors.As(err, &known) {
		e.Text = "this is not valid YAML: " + known.GetMessage()
		if tk := known.GetToken(); tk != nil && tk.Position != nil {
			e.Line, e.Column = tk.Position.Line, tk.Position.Column
		}
	}
	return e
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func (r *yamlReader) at(n ast.Node, problem string) Error {
	line, column := place(n)
	return Error{File: r.file, Line: line, Column: column, Text: problem}
}

func place(n ast.Node) (line, column int) {
	if tk := startOf(n); tk != nil && tk.Position != nil {
		return tk.Position.Line, tk.Position.Column
	}
	return 1, 1
}

// startOf is the first token of a value: the library names the colon of a mapping's first key instead.
func startOf(n ast.Node) *token.Token {
	switch v := n.(type) {
	case *ast.MappingNode:
		if !v.IsFlowStyle && len(v.Values) > 0 {
			return v.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		return v.Key.GetToken()
	}
	return n.GetToken()
}

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
			r.errs = append(r.errs, Error{r.file, key.line, key.column, fmt.Sprintf("%q stands here a second time", name)})
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
			r.errs = append(r.errs, r.at(n, "this number is too large"))
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

package config

import (
	"bytes"
	"errors"
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
			errs = Errors{{File: file, Line: 1, Column: 1, Text: "this is not valid YAML"}}
		}
	}()
	content = bytes.TrimPrefix(content, []byte("\ufeff")) // the mark that some editors put first
	if problem := unreadable(content); problem != "" {
		return node{}, Errors{{File: file, Line: 1, Column: 1, Text: problem}}
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

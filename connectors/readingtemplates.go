package connectors

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// maxNesting is how deep lists and maps may stand in each other.
const maxNesting = 40

// template checks the placeholders of a value, wherever they stand in it. Names are what they may use besides subject.
func (r reading) template(value any, names []string, path ...string) {
	if len(path) > maxNesting {
		r.wrong("lists and maps stand in each other too deep", path[:1]...)
		return
	}
	switch v := value.(type) {
	case string:
		r.templateText(v, names, path)
	case []any:
		for i, element := range v {
			r.template(element, names, append(slices.Clone(path), strconv.Itoa(i))...)
		}
	case map[string]any:
		for _, key := range sortedKeys(v) {
			if strings.Contains(key, "{{") {
				r.wrong("a key may not hold placeholders, only a value", path...)
				return
			}
			r.template(v[key], names, append(slices.Clone(path), key)...)
		}
	}
}

func (r reading) templateText(text string, names, path []string) {
	if !holds(text) {
		return
	}
	parts, err := pieces(text)
	switch {
	case err != nil:
		r.wrong(err.Error(), path...)
		return
	case r.deps.CheckTemplate == nil || r.deps.Expand == nil:
		r.wrong("placeholders cannot be filled in here", path...)
		return
	}
	if err := r.deps.CheckTemplate(text, names...); err != nil {
		r.wrong(err.Error(), path...)
		return
	}
	for _, p := range parts {
		if p.filled {
			r.knownArgs(p.text, names, path)
		}
	}
}

// condition reads an optional condition.
func (r reading) condition(key string, names []string) string {
	expr := r.text(key)
	switch {
	case expr == "":
	case r.deps.CheckCondition == nil || r.deps.Holds == nil:
		r.wrong("conditions cannot be answered here", key)
	default:
		if err := r.deps.CheckCondition(expr, names...); err != nil {
			r.wrong(err.Error(), key)
			break
		}
		r.knownArgs(expr, names, []string{key})
	}
	return expr
}

// knownArgs notes arguments that an expression uses and nobody declared.
func (r reading) knownArgs(expr string, names, path []string) {
	if !slices.Contains(names, scopeArgs) {
		return
	}
	declared := make([]string, len(r.args))
	for i, field := range r.args {
		declared[i] = field.Name
	}
	for _, name := range argsIn(expr) {
		if !slices.Contains(declared, name) {
			r.wrong(fmt.Sprintf("there is no argument %q: declared are %s", name, orNone(declared)), path...)
		}
	}
}

// pathTemplate reads the path of a request.
func (r reading) pathTemplate(names []string) []piece {
	text := r.must("path", `which path below the base address is called, such as "/tickets/{{ args.id }}"`)
	r.template(text, names, "path")
	parts, err := pieces(text)
	if err != nil || text == "" {
		return nil // said already
	}
	if reason := badPath(sample(parts)); reason != "" {
		r.wrong(reason, "path")
	}
	return parts
}

// sample is a text with something harmless for each placeholder.
func sample(parts []piece) string {
	var text strings.Builder
	for _, p := range parts {
		if p.filled {
			text.WriteString("1")
		} else {
			text.WriteString(p.text)
		}
	}
	return text.String()
}

var plainPath = regexp.MustCompile(`^/[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*$`)

// badPath says why a path cannot be called, or "".
func badPath(path string) string {
	unescaped, err := url.PathUnescape(path)
	switch {
	case !strings.HasPrefix(path, "/"):
		return "must begin with /"
	case strings.ContainsAny(path, "?#"):
		return "must not hold ? or #: write what follows the ? into query"
	case err != nil || !plainPath.MatchString(path):
		return "holds characters that must be written as %XX"
	case leavesSegment(unescaped):
		return "must not hold . or .. as a segment"
	}
	return ""
}

// headerName is a token as RFC 9110 section 5.6.2 has it.
var headerName = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,80}$")

// ownHeaders are set by us or by the transport.
var ownHeaders = []string{"Host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "Te", "Trailer", "Keep-Alive"}

// CheckHeader says why a header of this name cannot stand in a configuration: it is no name, it belongs to the
// transport, or it sounds as if it held a secret, which may stand there by reference only.
func CheckHeader(name string) error {
	lower := strings.ToLower(strings.ReplaceAll(name, "-", "_"))
	switch {
	case !headerName.MatchString(name):
		return fmt.Errorf("%q is no name of a header", name)
	case slices.Contains(ownHeaders, http.CanonicalHeaderKey(name)):
		return fmt.Errorf("the header %s is set by the transport", name)
	case soundsSecret(lower) || strings.Contains(lower, "cookie"):
		return fmt.Errorf("the header %s would hold a secret: use token, and auth: header where it has a name of its own", name)
	}
	return nil
}

// fields reads query or headers: values that are texts, numbers or booleans, and for a query lists of those.
func (r reading) fields(key string, names []string) map[string]any {
	inner, given := r.object(key)
	if !given {
		return nil
	}
	for _, name := range sortedKeys(inner.values) {
		_, isMap := inner.values[name].(map[string]any)
		if _, isList := inner.values[name].([]any); isMap || isList && key == "headers" {
			inner.wrong("must be a text, a number or a boolean", name)
		}
		if err := CheckHeader(name); err != nil && key == "headers" {
			inner.wrong(err.Error(), name)
		}
	}
	inner.template(inner.values, names)
	return inner.values
}

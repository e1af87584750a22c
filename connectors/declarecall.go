package connectors

import (
	"fmt"
	"strings"
	"time"
)

// The bounds of what a declaration may say about time.
const (
	minTimeout, maxTimeout   = time.Second, 5 * time.Minute
	maxConsistency           = 5 * time.Minute
	minDeadline, maxDeadline = time.Minute, 30 * 24 * time.Hour
)

// The keys of requests; a call has more of its own.
var (
	requestKeys = []string{"method", "path", "query", "headers", "success", "timeout"}
	checkKeys   = append([]string{"absent", "done", "outputs", "consistency"}, requestKeys...)
	callKeys    = append([]string{
		"name", "effect", "undo", "doc", "args", "base_url", "token", "auth", "header", "body", "outputs", "idempotency_header", "ends_sessions", "check",
	}, requestKeys...)
)

// call reads the declaration of an API call.
func (r reading) call(info Info, before declared) declaredCall {
	r.only(callKeys...)
	call := declaredCall{endpoint: Endpoint{
		Name: r.name("name"), Doc: r.text("doc"), Undo: r.text("undo"), Effect: r.effect(), EndsSessions: r.flag("ends_sessions"),
	}}
	for _, known := range before.added(info).Endpoints {
		if known.Name == call.endpoint.Name && known.Name != "" {
			r.wrong(fmt.Sprintf("there is an endpoint %q already", known.Name), "name")
			break
		}
	}
	r.args, call.defaults = r.arguments()
	call.endpoint.Args = r.args
	names := []string{scopeArgs, scopeTarget}
	reads := call.endpoint.Effect == Reads
	call.request = r.request(names, reads)
	r.template(r.values["body"], names, "body")
	call.request.body = r.values["body"]
	call.outputs = r.outputs()
	call.own = r.ownAddress(info, names)
	call.key = r.keyHeader()
	if inner, given := r.object("check"); given {
		call.check = inner.check(call.endpoint.Effect, names)
		call.endpoint.Consistency = inner.span("consistency", 3*time.Second, 0, maxConsistency)
	}
	r.settleable(call)
	call.describe()
	return call
}

func (r reading) effect() Effect {
	effect := Effect(r.must("effect", "grants, revokes or reads"))
	if effect != "" && effect != Grants && effect != Revokes && effect != Reads {
		r.wrong(fmt.Sprintf("%q is none of grants, revokes, reads", string(effect)), "effect")
	}
	if effect != Revokes && r.flag("ends_sessions") {
		r.wrong("only a call that revokes ends sessions", "ends_sessions")
	}
	return effect
}

// settleable refuses what would leave nobody knowing whether a change was made.
func (r reading) settleable(call declaredCall) {
	reads := call.endpoint.Effect == Reads
	for _, key := range []string{"check", "idempotency_header", "body"} {
		if value, given := r.values[key]; given && value != nil && reads {
			r.wrong("a call that reads has no "+key, key)
		}
	}
	if !reads && call.check == nil && call.key == "" {
		r.wrong("a call that writes needs a check or an idempotency_header: otherwise nobody could tell what came of a call whose answer was lost")
	}
	if call.endpoint.EndsSessions && call.check == nil {
		r.wrong("that sessions have ended can be said only after a check", "ends_sessions")
	}
}

func (r reading) keyHeader() string {
	name := r.text("idempotency_header")
	if name == "" {
		return ""
	}
	if err := CheckHeader(name); err != nil {
		r.wrong(err.Error(), "idempotency_header")
	}
	return name
}

// describe writes what people read about a declared call, and lists its outputs.
func (d *declaredCall) describe() {
	e := &d.endpoint
	if e.Doc == "" {
		e.Doc = d.request.method + " " + written(d.request.path)
	}
	if e.Effect != Reads && d.check == nil {
		e.Doc = strings.TrimSuffix(e.Doc, ".") + ". Nothing can be read back here: only the call's own answer tells that it was done, " +
			"doing it again calls again with the same idempotency key, and a plan always finds it still to do"
	}
	outputs := map[string]any{}
	if d.check != nil {
		outputs["exists"] = "whether the check found it"
		for name := range d.check.outputs {
			outputs[name] = "from the answer of the check"
		}
	}
	for name := range d.outputs {
		if _, taken := outputs[name]; !taken {
			outputs[name] = "from the answer of the call; absent where the call was not made or its answer was lost"
		}
		if d.check == nil {
			outputs[name] = "from the answer of the call"
		}
	}
	for _, name := range sortedKeys(outputs) {
		e.Outputs = append(e.Outputs, Field{Name: name, Type: TypeAny, Doc: fmt.Sprint(outputs[name])})
	}
}

// written is a template as it was written.
func written(parts []piece) string {
	var text strings.Builder
	for _, p := range parts {
		text.WriteString(p.text)
	}
	return text.String()
}

package connectors

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// DeclarationError says what is wrong with one of the endpoints that a configuration declares. Index counts from 0 in
// the provider's list. Path leads to the key within the declaration, such as ["args", "title", "type"], where the
// elements of a list are named by their number; it is empty where the declaration as a whole is meant.
type DeclarationError struct {
	Index  int
	Path   []string
	Reason string
}

// Error names the place and the reason.
func (e *DeclarationError) Error() string {
	place := fmt.Sprintf("endpoints[%d]", e.Index)
	for _, key := range e.Path {
		place += "." + key
	}
	return place + ": " + e.Reason
}

// The names that templates may use, besides subject.
const (
	scopeArgs     = "args"
	scopeTarget   = "target"
	scopeResponse = "response"
)

// declared is a provider's list of endpoints, read.
type declared struct {
	calls []declaredCall
	hooks []declaredHook
}

// declaredCall is an API call:
//
//	name: create_ticket           # {provider}_api_create_ticket
//	effect: grants                # grants | revokes | reads
//	undo: close_ticket            # the endpoint that takes it back, if there is one
//	doc: Opens a ticket
//	args:
//	  title: {type: string, required: true, default: "Access for {{ subject.email }}", doc: what the ticket is called}
//	base_url: https://example.com # only where the provider's own address is not meant; then also token, auth, header
//	method: POST                  # POST, or GET for reads
//	path: "/tickets/{{ args.id }}"
//	query: {notify: "true"}
//	headers: {X-Reason: access}
//	body: {title: "{{ args.title }}"}
//	success: [200, 201]           # any 2xx if absent
//	outputs: {id: "{{ response.body.id }}"}
//	idempotency_header: Idempotency-Key
//	timeout: 30s
//	check:                        # reads whether the wanted state is there
//	  path: "/tickets"            # also method, query, headers, success, timeout
//	  absent: [404]               # these answers mean that it is not there
//	  done: "response.body.total > 0" # CEL; where absent, a success means: there
//	  outputs: {url: "{{ response.body.items[0].web_url }}"}
//	  consistency: 3s             # how long a change may take to show
//
// A call that writes has a check or an idempotency_header: otherwise a lost answer could never be settled.
type declaredCall struct {
	endpoint Endpoint
	defaults map[string]any
	own      *ownAddress // nil where the provider's own client is used
	request  declaredRequest
	outputs  map[string]any
	key      string // the idempotency header
	check    *declaredCheck
}

// declaredRequest is one request with its placeholders.
type declaredRequest struct {
	method         string
	path           []piece
	query, headers map[string]any
	body           any
	success        []int
	timeout        time.Duration
}

// declaredCheck is the request that reads whether the wanted state is there.
type declaredCheck struct {
	request declaredRequest
	absent  []int
	done    string
	outputs map[string]any
}

// ownAddress is an address that stands in the declaration itself.
type ownAddress struct {
	address             address
	token, auth, header string
}

// declaredHook is a webhook:
//
//	webhook: notify_hr            # {provider}_webhook_notify_hr
//	url: https://hr.example.com/hooks/usher
//	secret: env:HR_SECRET         # whsec_…; a list of two while a secret is being replaced
//	event: access.granted
//	doc: Tells the HR system
//	args: {grade: {type: int}}
//	body: {who: "{{ subject.email }}"} # the message's data; subject, target and args if absent
//	deadline: 1h                  # for the callback, where the receiver answers 202
//	timeout: 15s
type declaredHook struct {
	hook     Hook
	defaults map[string]any
	address  address
	secrets  []string // references
	body     any
	timeout  time.Duration
}

// declarations reads a provider's list of endpoints. It finds all mistakes; each is a [DeclarationError].
func declarations(info Info, deps Deps, list []any) (declared, error) {
	var all declared
	var mistakes []error
	for i, entry := range list {
		r := reading{index: i, deps: deps, mistakes: &mistakes}
		values, ok := entry.(map[string]any)
		if !ok {
			r.wrong("a declared endpoint is a map with name or webhook")
			continue
		}
		r.values = values
		if _, hook := values["webhook"]; hook {
			all.hooks = append(all.hooks, r.hook(all))
		} else {
			all.calls = append(all.calls, r.call(info, all))
		}
	}
	if len(mistakes) == 0 {
		all.checkUndo(info, list, &mistakes)
	}
	return all, errors.Join(mistakes...)
}

// checkUndo looks for what is named as the way back, which may be declared later than what names it.
func (d declared) checkUndo(info Info, list []any, mistakes *[]error) {
	info = d.added(info)
	for _, call := range d.calls {
		undo, known := info.Endpoint(call.endpoint.Undo)
		reason := ""
		switch {
		case call.endpoint.Undo == "":
		case !known:
			reason = fmt.Sprintf("there is no endpoint %q: known are %s", call.endpoint.Undo, orNone(endpointNames(info)))
		case undo.Effect == Reads || undo.Effect == call.endpoint.Effect || call.endpoint.Effect == Reads:
			reason = fmt.Sprintf("%s %s and %s %s: one must grant and the other revoke",
				call.endpoint.Name, call.endpoint.Effect, undo.Name, undo.Effect)
		}
		if reason != "" {
			*mistakes = append(*mistakes, &DeclarationError{Index: indexOf(list, call.endpoint.Name), Path: []string{"undo"}, Reason: reason})
		}
	}
}

func indexOf(list []any, name string) int {
	return slices.IndexFunc(list, func(entry any) bool {
		values, _ := entry.(map[string]any)
		return values["name"] == name
	})
}

// added is a connector's description with the declared endpoints.
func (d declared) added(info Info) Info {
	info.Endpoints, info.Hooks = slices.Clone(info.Endpoints), slices.Clone(info.Hooks)
	for _, call := range d.calls {
		info.Endpoints = append(info.Endpoints, call.endpoint)
	}
	for _, hook := range d.hooks {
		info.Hooks = append(info.Hooks, hook.hook)
	}
	return info
}

func endpointNames(info Info) []string {
	names := make([]string, len(info.Endpoints))
	for i, e := range info.Endpoints {
		names[i] = e.Name
	}
	return names
}

// separates reports whether a name would make script types ambiguous.
func separates(name string) bool {
	return strings.Contains("_"+name+"_", "_api_") || strings.Contains("_"+name+"_", "_webhook_")
}

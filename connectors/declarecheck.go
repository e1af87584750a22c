package connectors

import (
	"fmt"
	"net/http"
	"slices"
)

// request reads what calls and checks have in common.
func (r reading) request(names []string, reads bool) declaredRequest {
	methods := []string{http.MethodGet, http.MethodHead}
	if !reads {
		methods = []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
	}
	return declaredRequest{
		method: r.oneOf("method", methods...), path: r.pathTemplate(names), query: r.fields("query", names),
		headers: r.fields("headers", names), success: r.statuses("success"),
		timeout: r.span("timeout", httpTimeout, minTimeout, maxTimeout),
	}
}

// check reads the request that reads back.
func (r reading) check(effect Effect, names []string) *declaredCheck {
	r.only(checkKeys...)
	withResponse := append(slices.Clone(names), scopeResponse)
	check := &declaredCheck{
		request: r.request(names, true), absent: r.statuses("absent"),
		done: r.condition("done", withResponse), outputs: r.outputs(),
	}
	for _, status := range check.absent {
		if check.request.succeeds(status) {
			r.wrong(fmt.Sprintf("%d cannot mean both that it is there and that it is not", status), "absent")
		}
	}
	if check.done == "" && len(check.absent) == 0 && effect != Reads {
		// No status is taken for "not there" unless it is written: a wrong path answers 404 too.
		r.wrong("needs absent (statuses which mean that it is not there) or done (a condition): otherwise every answer would mean the same")
	}
	return check
}

// succeeds reports whether a status is one of success.
func (q declaredRequest) succeeds(status int) bool {
	if len(q.success) == 0 {
		return status >= 200 && status <= 299
	}
	return slices.Contains(q.success, status)
}

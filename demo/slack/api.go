package slack

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
)

// call is one Web API call being answered.
type call struct {
	method  string
	request *http.Request
	args    args
	token   *token
	app     *App
}

// actor is who calls: the person of a user token, else the app's bot.
func (c *call) actor() string {
	if c.token != nil && c.token.kind == userToken {
		return c.token.user
	}
	return c.app.BotUser
}

// can is true when the token has the scope.
func (c *call) can(scope string) bool {
	if c.token == nil {
		return c.app.can(scope)
	}
	return slices.Contains(c.token.scopes, scope)
}

// serveAPI answers POST and GET /api/{method}.
func (w *Workspace) serveAPI(rw http.ResponseWriter, r *http.Request) {
	c := &call{method: r.PathValue("method"), request: r}
	fault := w.takeFault(c.method)
	if fault != nil && fault.before(rw, r, w.ctx.Done()) {
		w.mu.Lock()
		w.note(LevelWarning, c.method, "fault: "+string(fault.Kind), "", nil)
		w.mu.Unlock()
		return
	}
	body, err := w.answer(c)
	if fault != nil && fault.Kind == FaultLost {
		w.mu.Lock()
		w.note(LevelWarning, c.method, "fault: the answer was lost after the work was done", "", nil)
		w.mu.Unlock()
		hangUp(rw)
		return
	}
	w.respond(rw, c, body, err)
}

// answer runs the method under the lock and journals the outcome.
func (w *Workspace) answer(c *call) (answer, error) {
	spec := methodSpecs[c.method]
	a, err := readArgs(c.request, spec.JSON)
	c.args = a
	w.mu.Lock()
	defer w.mu.Unlock()
	var body answer
	if err == nil {
		body, err = w.dispatch(c, spec)
	}
	w.journalCall(c, err)
	return body, err
}

func (w *Workspace) dispatch(c *call, spec methodSpec) (answer, error) {
	run := methods[c.method]
	if run == nil {
		return nil, refuse("unknown_method").with("req_method", c.method)
	}
	if err := w.authenticate(c); err != nil {
		return nil, err
	}
	if c.token != nil {
		if err := w.authorize(c, spec); err != nil {
			return nil, err
		}
		if err := w.limit(c, spec); err != nil {
			return nil, err
		}
	}
	if err := c.args.require(spec.Required); err != nil {
		return nil, err
	}
	return run(w, c)
}

func (w *Workspace) journalCall(c *call, err error) {
	var no *refusal
	if errors.As(err, &no) {
		detail := ""
		if meta, ok := no.extra["response_metadata"].(map[string]any); ok {
			lines, _ := meta["messages"].([]string)
			detail = strings.Join(lines, "\n")
		}
		if needed, ok := no.extra["needed"].(string); ok {
			detail = "needed: " + needed
		}
		w.note(no.level(), c.method, no.code, detail, c.args.journaled())
		return
	}
	w.note(LevelInfo, c.method, "ok", "", c.args.journaled())
}

func (w *Workspace) respond(rw http.ResponseWriter, c *call, body answer, err error) {
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	rw.Header().Set("X-Slack-Req-Id", secret(16))
	if c.token != nil {
		rw.Header().Set("X-OAuth-Scopes", strings.Join(c.token.scopes, ","))
		if spec := methodSpecs[c.method]; len(spec.Scopes) > 0 {
			rw.Header().Set("X-Accepted-OAuth-Scopes", strings.Join(spec.Scopes, ","))
		}
	}
	status := http.StatusOK
	out := answer{"ok": true}
	for key, value := range body {
		out[key] = value
	}
	var no *refusal
	if errors.As(err, &no) {
		out = no.body()
		for key := range no.header {
			rw.Header().Set(key, no.header.Get(key))
		}
		if no.status != 0 {
			status = no.status
		}
	}
	rw.WriteHeader(status)
	_ = json.NewEncoder(rw).Encode(out) // the client may be gone, which is its own affair
}

// seconds writes a duration as whole seconds, at least one, as Retry-After wants.
func seconds(d time.Duration) int {
	return max(1, int((d+time.Second-1)/time.Second))
}

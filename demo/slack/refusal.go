package slack

import (
	"errors"
	"net/http"
	"strings"
)

// refusal is an answer that is not ok: HTTP 200 with {"ok":false,"error":code} unless a status is set.
type refusal struct {
	code   string
	extra  map[string]any
	status int
	header http.Header
}

func refuse(code string) *refusal { return &refusal{code: code, extra: map[string]any{}} }

// Error makes a refusal an error; the text is Slack's code.
func (r *refusal) Error() string { return r.code }

func (r *refusal) with(key string, value any) *refusal {
	r.extra[key] = value
	return r
}

// messages adds response_metadata.messages, each line marked as Slack does.
func (r *refusal) messages(lines ...string) *refusal {
	marked := make([]string, len(lines))
	for i, line := range lines {
		marked[i] = "[ERROR] " + line
	}
	return r.with("response_metadata", map[string]any{"messages": marked})
}

func invalidArguments(lines ...string) *refusal {
	return refuse("invalid_arguments").messages(lines...)
}

func (r *refusal) body() map[string]any {
	body := map[string]any{"ok": false, "error": r.code}
	for key, value := range r.extra {
		body[key] = value
	}
	return body
}

// plainAnswers are refusals that are ordinary answers to a question or a repeated wish, not mistakes of the app.
var plainAnswers = map[string]bool{
	"users_not_found": true, "already_in_channel": true, "already_reacted": true, "no_reaction": true,
	"already_pinned": true, "no_active_sessions": true, "method_not_supported_for_channel_type": true,
}

// level says how the journal files a refusal.
func (r *refusal) level() Level {
	if r.code == "ratelimited" || plainAnswers[r.code] {
		return LevelWarning
	}
	return LevelError
}

// explain puts a refusal and its messages into one line.
func explain(err error) string {
	var no *refusal
	if !errors.As(err, &no) {
		return err.Error()
	}
	if meta, ok := no.extra["response_metadata"].(map[string]any); ok {
		lines, _ := meta["messages"].([]string)
		return no.code + ": " + strings.Join(lines, "; ")
	}
	return no.code
}

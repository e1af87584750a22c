package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/usherhq/usher/flows"
)

// largestCallback bounds what a receiver may say, in bytes.
const largestCallback = 256 << 10

// callback takes the answer of a webhook's receiver. What it says about links is only what their holder has to know.
func (w *Web) callback(out http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method != http.MethodPost:
		out.Header().Set("Allow", "POST")
		callbackProblem(out, http.StatusMethodNotAllowed)
		return
	case !isType(r, "application/json"):
		callbackProblem(out, http.StatusUnsupportedMediaType)
		return
	}
	answer, err := readCallback(http.MaxBytesReader(out, r.Body, largestCallback))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		callbackProblem(out, http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		reply(out, http.StatusBadRequest, map[string]any{"error": err.Error()})
		return
	}
	err = w.links.Callback(r.Context(), r.PathValue("token"), answer)
	refusal, refused := flows.Refusal(err)
	switch {
	case err == nil:
		reply(out, http.StatusOK, map[string]any{"accepted": true})
	case refused:
		reply(out, http.StatusBadRequest, map[string]any{"error": refusal.Text})
	case errors.Is(err, flows.ErrNoLink):
		callbackProblem(out, http.StatusNotFound)
	case errors.Is(err, flows.ErrLinkOver):
		callbackProblem(out, http.StatusGone)
	case errors.Is(err, flows.ErrLinkEarly):
		out.Header().Set("Retry-After", "5")
		callbackProblem(out, http.StatusServiceUnavailable)
	default:
		reference := w.report(r.Context(), "callback", err)
		reply(out, http.StatusInternalServerError, map[string]any{"error": "something went wrong, try again; the log has it as " + reference})
	}
}

// What may be wrong with a body. Whoever writes the receiver reads it.
var (
	errObject = errors.New(`the body must be one JSON object such as {"status": "done", "message": "...", "output": {}}`)
	errField  = errors.New("unknown field: known are status, message and output")
	errStatus = errors.New(`status must be "done" or "failed"`)
	errZero   = errors.New(`texts must not contain the character \u0000`) // PostgreSQL stores none that do
)

// readCallback reads a body. An error that is not of the reader says what is wrong, without repeating values.
func readCallback(body io.Reader) (flows.CallbackAnswer, error) {
	var answer flows.CallbackAnswer
	var fields map[string]json.RawMessage
	decoder := json.NewDecoder(body)
	if err := decoder.Decode(&fields); err != nil {
		return answer, unless(err, errObject)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return answer, unless(err, errObject)
	}
	for name, value := range fields {
		into := map[string]any{"status": &answer.Status, "message": &answer.Message, "output": &answer.Output}[name]
		if into == nil {
			return answer, errField
		}
		if err := json.Unmarshal(value, into); err != nil {
			return answer, fmt.Errorf("%s is not of the right kind: status and message are texts, output is an object", name)
		}
	}
	switch {
	case answer.Status != "done" && answer.Status != "failed":
		return answer, errStatus
	case hasZero(answer.Message), hasZero(answer.Output):
		return answer, errZero
	}
	answer.Message = clean(answer.Message)
	return answer, nil
}

// unless is what is wrong with a body, unless it is too large.
func unless(err, wrong error) error {
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return large
	}
	return wrong
}

// hasZero looks for the character U+0000 at any depth, in names and in texts.
func hasZero(value any) bool {
	switch value := value.(type) {
	case string:
		return strings.ContainsRune(value, 0)
	case map[string]any:
		for name, inner := range value {
			if hasZero(name) || hasZero(inner) {
				return true
			}
		}
	case []any:
		for _, inner := range value {
			if hasZero(inner) {
				return true
			}
		}
	}
	return false
}

// callbackProblem is an answer that says nothing about any link.
func callbackProblem(out http.ResponseWriter, status int) {
	text := map[int]string{
		http.StatusNotFound:              "unknown",
		http.StatusGone:                  "over, or used already",
		http.StatusTooManyRequests:       "too many calls: try again later",
		http.StatusServiceUnavailable:    "not open yet: try again in a moment",
		http.StatusMethodNotAllowed:      "only POST is allowed",
		http.StatusUnsupportedMediaType:  "the content type must be application/json",
		http.StatusRequestEntityTooLarge: "the body must have at most 256 KB",
	}[status]
	reply(out, status, map[string]any{"error": text})
}

func reply(out http.ResponseWriter, status int, body map[string]any) {
	out.Header().Set("Content-Type", "application/json")
	out.WriteHeader(status)
	_ = json.NewEncoder(out).Encode(body) // the caller hung up
}

package web_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/scripts"
	"github.com/usherhq/usher/handlers/web"
)

var errBroken = errors.New("the disk with secret-token is full")

var _ web.Links = (*flows.Flows)(nil)

// links plays flows.Flows: one question, which the token "good" opens, and one callback.
type links struct {
	mu        sync.Mutex
	question  flows.Question
	answers   []string // value and comment of each answer that was recorded
	callbacks []flows.CallbackAnswer
	looks     int
}

// tokens are what links do that are not "good".
var tokens = map[string]error{
	"never": flows.ErrNoLink, "over": flows.ErrLinkOver, "early": flows.ErrLinkEarly, "broken": errBroken,
	"self": &flows.Error{Text: "You can't decide on access of your own. Somebody else who was asked has to."},
}

func (l *links) Question(_ context.Context, token string) (flows.Question, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.looks++
	if token == "self" {
		return l.question, nil
	}
	return l.question, l.known(token)
}

func (*links) known(token string) error {
	if token == "good" {
		return nil
	}
	if err, known := tokens[token]; known {
		return err
	}
	return flows.ErrNoLink
}

func (l *links) AnswerByLink(_ context.Context, token, value, comment string) (flows.Question, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.known(token); err != nil {
		return flows.Question{}, err
	}
	if l.question.AnsweredBy != "" {
		return flows.Question{}, &flows.Error{Text: l.question.AnsweredBy + " already answered “" + l.question.Answer + "”. Nothing was changed."}
	}
	for _, button := range l.question.Buttons {
		if button.Value == value {
			l.answers = append(l.answers, value+"|"+comment)
			l.question.Answer, l.question.AnsweredBy = button.Text, "ben@example.com"
			return l.question, nil
		}
	}
	return flows.Question{}, &flows.Error{Text: "Choose one of the answers."}
}

func (l *links) Callback(_ context.Context, token string, answer flows.CallbackAnswer) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.known(token); err != nil {
		return err
	}
	if len(l.callbacks) > 0 {
		return flows.ErrLinkOver
	}
	l.callbacks = append(l.callbacks, answer)
	return nil
}

// recorded are the answers that were recorded.
func (l *links) recorded() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.answers...)
}

// bundle is a Web with its surroundings.
type bundle struct {
	t *testing.T
	*links

	handler http.Handler
	log     *strings.Builder
	now     time.Time
}

func sample() flows.Question {
	return flows.Question{
		Person: "Ben Okafor", Requester: "Carla Ruiz", Subject: "Ana Díaz", Entitlement: "Drive editors", Provider: "Acme Drive",
		Reason: "Fix the logo in the quarterly report.\nIt is on page 3.", Text: "May Ana edit the shared drives?",
		Buttons: []scripts.Button{{Text: "Approve", Style: scripts.Green, Value: "approve"}, {Text: "Deny", Style: scripts.Red, Value: "deny"}},
		Until:   time.Date(2026, 12, 4, 14, 30, 0, 0, time.UTC),
	}
}

func setup(t *testing.T) *bundle {
	t.Helper()
	b := &bundle{t: t, links: &links{question: sample()}, log: &strings.Builder{}, now: time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)}
	made, err := web.New(web.Options{
		Links: b.links, Key: []byte(strings.Repeat("k", 32)), Clock: func() time.Time { return b.now }, Log: slog.New(slog.NewTextHandler(b.log, nil)),
	})
	require.NoError(t, err)
	mux := http.NewServeMux()
	made.Register(mux)
	b.handler = mux
	return b
}

// answer is what came back.
type answer struct {
	Status int
	Header http.Header
	Body   string
}

func (b *bundle) do(r *http.Request) answer {
	b.t.Helper()
	recorder := httptest.NewRecorder()
	b.handler.ServeHTTP(recorder, r)
	body, err := io.ReadAll(recorder.Result().Body)
	require.NoError(b.t, err)
	return answer{recorder.Code, recorder.Header(), string(body)}
}

func (b *bundle) get(path string) answer {
	b.t.Helper()
	return b.do(httptest.NewRequestWithContext(b.t.Context(), http.MethodGet, path, nil))
}

// post sends a body of a type.
func (b *bundle) post(path, kind, body string) answer {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	return b.do(r)
}

var markField = regexp.MustCompile(`name="mark" value="([^"]+)"`)

// mark opens a page and reads the field that its form carries.
func (b *bundle) mark(token string) string {
	b.t.Helper()
	found := markField.FindStringSubmatch(b.get("/mail/" + token).Body)
	require.Len(b.t, found, 2)
	return found[1]
}

const formType = "application/x-www-form-urlencoded"

// press sends a page's form.
func (b *bundle) press(token, mark, value, comment string) answer {
	b.t.Helper()
	return b.post("/mail/"+token, formType, url.Values{"mark": {mark}, "answer": {value}, "comment": {comment}}.Encode())
}

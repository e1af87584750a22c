package idp_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/idp"
	"github.com/usherhq/usher/demo/target"
)

// token is what the identity provider shows to the other side.
const token = "secret-of-the-test"

// peer is a service provider to which an identity provider pushes.
type peer struct {
	*target.Target

	t  *testing.T
	id *idp.Provider
}

// staff are who works at the company of the tests.
var staff = []idp.Person{
	{Email: "dana@example.com", Name: "Dana Weiss", Title: "Lead", Department: "IT"},
	{Email: "ana@example.com", Name: "Ana Diaz", Title: "Designer", Department: "Design", Manager: "dana@example.com"},
	{Email: "ben@example.com", Name: "Ben Okafor", Title: "Designer", Department: "Design", Manager: "dana@example.com"},
}

// pushing lets an identity provider push to a system.
func pushing(t *testing.T) *peer {
	t.Helper()
	p := &peer{t: t, Target: target.New(target.Options{Token: token})}
	server := httptest.NewServer(p.Handler())
	t.Cleanup(server.Close)
	p.id = idp.New(idp.Options{Name: "Acme ID", People: staff, Groups: []idp.Group{{Name: "On call", Members: []string{"ana@example.com"}}}})
	go p.id.Push(t.Context(), server.URL+"/scim/v2", token)
	p.heard()
	return p
}

// heard waits until the system was told of everything.
func (p *peer) heard() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	defer cancel()
	require.NoError(p.t, p.id.Wait(ctx))
}

// does makes a change and waits until it was heard.
func (p *peer) does(change idp.Change) {
	p.t.Helper()
	require.NoError(p.t, p.id.Do(change))
	p.heard()
}

func (p *peer) user(email string) target.User {
	p.t.Helper()
	user, known := p.User(email)
	require.True(p.t, known, email)
	return user
}

func TestEachChangeIsPushed(t *testing.T) {
	t.Parallel()
	p := pushing(t)
	require.Equal(t, "Ana Diaz", p.user("ana@example.com").Name)
	require.Equal(t, []string{"ana@example.com"}, p.Members("On call"))

	p.does(idp.Change{Action: "hire", Name: "  Nora   Stein ", Title: "Designer", Department: "Design", Email: "nora@example.com"})
	require.Equal(t, "Nora Stein", p.user("nora@example.com").Name)
	p.does(idp.Change{Action: "change", Email: "nora@example.com", Title: "Seller", Department: "Sales"})
	require.Equal(t, "Seller", p.user("nora@example.com").Title)
	p.does(idp.Change{Action: "join", Email: "nora@example.com", Group: "On call"})
	p.does(idp.Change{Action: "leave", Email: "ana@example.com", Group: "On call"})
	require.Equal(t, []string{"nora@example.com"}, p.Members("On call"))
	p.does(idp.Change{Action: "suspend", Email: "nora@example.com"})
	require.False(t, p.user("nora@example.com").Active)
	p.does(idp.Change{Action: "resume", Email: "nora@example.com"})
	require.True(t, p.user("nora@example.com").Active)
	p.does(idp.Change{Action: "delete", Email: "nora@example.com"})
	_, known := p.User("nora@example.com")
	require.False(t, known)
	p.does(idp.Change{Action: "quarter"})
	for _, one := range staff {
		require.False(t, p.user(one.Email).Active)
	}
}

func TestWhatCantBeIsRefused(t *testing.T) {
	t.Parallel()
	p := pushing(t)
	for want, change := range map[string]idp.Change{
		"There is no such action.":        {Action: "fire"},
		"Write the name of who is hired.": {Action: "hire", Name: " "},
		"Somebody has the address ana@example.com already. Write another first name.": {Action: "hire", Name: "Ana", Email: "Ana@example.com"},
		"There is nobody with the address zoe@example.com.":                           {Action: "suspend", Email: "zoe@example.com"},
		"There is no group Nowhere.":                                                  {Action: "join", Email: "ana@example.com", Group: "Nowhere"},
		"Choose a department, and another to which it moves.":                         {Action: "reorganise", Department: "IT", To: "IT"},
		"Nobody is in Law.": {Action: "reorganise", Department: "Law", To: "IT"},
		"There is nobody with the address nobody@example.com.":   {Action: "delete", Email: "nobody@example.com"},
		"There is nobody with the address somebody@example.com.": {Action: "change", Email: "somebody@example.com"},
		"There is nobody with the address else@example.com.":     {Action: "resume", Email: "else@example.com"},
	} {
		require.EqualError(t, p.id.Do(change), want)
	}
}

// What was not heard is said again, and nothing overtakes it.
func TestWhatWasNotHeardIsSaidAgain(t *testing.T) {
	t.Parallel()
	p := pushing(t)
	require.True(t, p.SetMode(target.Offline))
	require.NoError(t, p.id.Do(idp.Change{Action: "suspend", Email: "ana@example.com"}))
	require.NoError(t, p.id.Do(idp.Change{Action: "suspend", Email: "ben@example.com"}))
	page := httptest.NewServer(p.id.Handler())
	defer page.Close()
	shown := p.shows(page.URL, func(shown picture) bool { return !shown.History[0].Good })
	require.Contains(t, shown.History[0].Text, "Suspended Ana Diaz: 503")
	require.Equal(t, 2, shown.Waiting)
	require.True(t, p.SetMode(target.Online))
	p.heard()
	require.False(t, p.user("ana@example.com").Active)
	require.False(t, p.user("ben@example.com").Active)
}

// picture is what the page is told.
type picture struct {
	Waiting int
	People  []idp.Person
	History []struct {
		Text string
		Good bool
	}
}

// shows reads the stream of the page until it shows something.
func (p *peer) shows(page string, what func(picture) bool) picture {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, page+"/events", nil)
	require.NoError(p.t, err)
	answer, err := http.DefaultClient.Do(request)
	require.NoError(p.t, err)
	defer func() { _ = answer.Body.Close() }()
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		require.NotContains(p.t, lines.Text(), token)
		data, is := strings.CutPrefix(lines.Text(), "data: ")
		var shown picture
		if is {
			require.NoError(p.t, json.Unmarshal([]byte(data), &shown))
		}
		if is && what(shown) {
			return shown
		}
	}
	require.Fail(p.t, "the stream ended", "%v", lines.Err())
	return picture{}
}

// Only the page itself changes something, and what it says wrong is told in a sentence.
func TestOnlyThePageChangesSomething(t *testing.T) {
	t.Parallel()
	p := pushing(t)
	page := httptest.NewServer(p.id.Handler())
	defer page.Close()
	for _, c := range []struct {
		body, origin string
		status       int
	}{
		{`{"action":"suspend","email":"ana@example.com"}`, "https://evil.example", http.StatusForbidden},
		{`{"action":"suspend"`, "", http.StatusBadRequest},
		{`{"action":"suspend","email":"` + strings.Repeat("a", 1<<17) + `"}`, "", http.StatusBadRequest},
		{`{"action":"suspend","email":"zoe@example.com"}`, "", http.StatusConflict},
		{`{"action":"suspend","email":"ben@example.com"}`, "", http.StatusNoContent},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, page.URL+"/changes", strings.NewReader(c.body))
		require.NoError(t, err)
		if c.origin != "" {
			request.Header.Set("Origin", c.origin)
		}
		answer, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Equal(t, c.status, answer.StatusCode, c.origin)
	}
	p.heard()
	require.True(t, p.user("ana@example.com").Active)
	require.False(t, p.user("ben@example.com").Active)
}

package workos_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/directory/workos"
	"github.com/usherhq/usher/directory/workos/workostest"
)

func client(t testing.TB, address string) *workos.Client {
	t.Helper()
	c, err := workos.NewClient(address, workostest.Key)
	require.NoError(t, err)
	return c.Unhurried()
}

// TestClientReadsEventsInOrder reads some pages of events to their end.
func TestClientReadsEventsInOrder(t *testing.T) {
	t.Parallel()
	server := workostest.Start(t, start)
	directory := server.CreateDirectory("Acme")
	for i := range 230 {
		server.CreateUser(directory, "person"+strconv.Itoa(i)+"@example.com")
	}
	server.Emit("connection.activated", workostest.Object{"id": "conn_1"})
	c := client(t, server.URL)
	var read []string
	events, err := c.EventsSince(t.Context(), start)
	for len(events) > 0 {
		require.NoError(t, err)
		for _, event := range events {
			read = append(read, event.ID)
		}
		events, err = c.EventsAfter(t.Context(), read[len(read)-1])
	}
	require.NoError(t, err)
	var made []string
	for _, event := range server.Events()[:231] { // not that of a connection
		made = append(made, event["id"].(string)) //nolint:forcetypeassert // so the server makes them
	}
	require.Equal(t, made, read)
	calls := server.Calls()
	require.Len(t, calls, 4)
	require.Contains(t, calls[0], "range_start=2026-11-02T08%3A00%3A00.000Z")
	require.NotContains(t, calls[0], "after=")
	require.NotContains(t, calls[1], "range_start")
}

// TestClientReadsTheState reads users, groups and members, and one of each.
func TestClientReadsTheState(t *testing.T) {
	t.Parallel()
	server := workostest.Start(t, start)
	directory, other := server.CreateDirectory("Acme"), server.CreateDirectory("Other")
	var people []string
	for i := range 120 {
		people = append(people, server.CreateUser(directory, "person"+strconv.Itoa(i)+"@example.com"))
	}
	stranger := server.CreateUser(other, "stranger@example.com")
	editors, empty := server.CreateGroup(directory, "Editors"), server.CreateGroup(directory, "Empty")
	server.AddMember(editors, people[7])
	state := client(t, server.URL).State(directory)

	var users, groups, members, nobody []string
	add := func(to *[]string) func(workos.User) error {
		return func(u workos.User) error { *to = append(*to, u.ID); return nil }
	}
	for after, next := "", "more"; next != ""; after = next {
		var some []workos.User
		var err error
		some, next, err = state.Users(t.Context(), after)
		require.NoError(t, err)
		for _, user := range some {
			users = append(users, user.ID)
		}
	}
	require.Equal(t, people, users)
	some, next, err := state.Groups(t.Context(), "")
	require.NoError(t, err)
	require.Empty(t, next)
	for _, group := range some {
		groups = append(groups, group.ID)
	}
	require.Equal(t, []string{editors, empty}, groups)
	require.NoError(t, state.Members(t.Context(), editors, add(&members)))
	require.Equal(t, people[7:8], members)
	require.NoError(t, state.Members(t.Context(), empty, add(&nobody)))
	require.Empty(t, nobody)

	user, err := state.User(t.Context(), people[7])
	require.NoError(t, err)
	require.Equal(t, "person7@example.com", user.Address())
	group, err := state.Group(t.Context(), editors)
	require.NoError(t, err)
	require.Equal(t, "Editors", group.Name)
	_, err = state.User(t.Context(), stranger)
	require.ErrorIs(t, err, workos.ErrMissing, "he is of another directory")
	_, err = state.Group(t.Context(), "directory_group_1")
	require.ErrorIs(t, err, workos.ErrMissing)
}

// TestClientSaysWhatAnErrorIs checks that each failure is of its kind, and says nothing of the key.
func TestClientSaysWhatAnErrorIs(t *testing.T) {
	t.Parallel()
	large := `{"object":"list","data":["` + strings.Repeat("x", 17<<20) + `"]}`
	for name, tc := range map[string]struct {
		fault workostest.Fault
		want  error
		wait  time.Duration
		says  string
	}{
		"wrong key":             {workostest.Fault{Status: 401}, workos.ErrKey, 0, "check the directory's API key"},
		"may not":               {workostest.Fault{Status: 403}, workos.ErrKey, 0, "may read"},
		"too often":             {workostest.Fault{Status: 429, RetryAfter: "7"}, workos.ErrTransient, 7 * time.Second, "429"},
		"too often, for ever":   {workostest.Fault{Status: 429, RetryAfter: "99999999999"}, workos.ErrTransient, time.Hour, "429"},
		"too often, until then": {workostest.Fault{Status: 429, RetryAfter: "Fri, 01 Jan 2100 00:00:00 GMT"}, workos.ErrTransient, time.Hour, "429"},
		"broken":                {workostest.Fault{Status: 500}, workos.ErrTransient, 0, "500"},
		"away":                  {workostest.Fault{Status: 503, RetryAfter: "x"}, workos.ErrTransient, 0, "503"},
		"the line was cut":      {workostest.Fault{Cut: true}, workos.ErrTransient, 0, "unexpected EOF"},
		"nobody answers":        {workostest.Fault{Hang: true}, workos.ErrTransient, 0, ""},
		"elsewhere":             {workostest.Fault{Status: 302}, workos.ErrAnswer, 0, "check the directory's address"},
		"not WorkOS":            {workostest.Fault{Status: 200, Body: "<html>"}, workos.ErrAnswer, 0, "can't be read"},
		"not a list":            {workostest.Fault{Status: 200, Body: "{}"}, workos.ErrAnswer, 0, "no list"},
		"not events":            {workostest.Fault{Status: 200, Body: `{"data":[{"object":"event"}]}`}, workos.ErrAnswer, 0, "without a name"},
		"too much":              {workostest.Fault{Status: 200, Body: large}, workos.ErrAnswer, 0, "larger than 16 MB"},
		"says the key":          {workostest.Fault{Status: 422, Body: `{"message":"no: ` + workostest.Key + `"}`}, nil, 0, "no: ***"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := workostest.Start(t, start)
			server.Fail(tc.fault)
			c := client(t, server.URL)
			if tc.fault.Hang {
				c.Within(50 * time.Millisecond)
			}
			_, err := c.EventsSince(t.Context(), start)
			require.Error(t, err)
			if tc.want != nil {
				require.ErrorIs(t, err, tc.want)
			}
			require.Equal(t, tc.wait, workos.RetryAfter(err))
			require.Contains(t, err.Error(), tc.says)
			require.NotContains(t, err.Error(), workostest.Key)
			c.Within(time.Minute)
			_, err = c.EventsSince(t.Context(), start)
			require.NoError(t, err, "the next call is answered")
			require.Len(t, server.Calls(), 2, "and nothing was repeated")
		})
	}
}

// TestClientTellsOfAnUnknownCursor asks after an event that nobody knows, and one that is not kept any more.
func TestClientTellsOfAnUnknownCursor(t *testing.T) {
	t.Parallel()
	server := workostest.Start(t, start)
	server.CreateUser(server.CreateDirectory("Acme"), "ana@example.com")
	c := client(t, server.URL)
	_, err := c.EventsAfter(t.Context(), "event_unknown")
	require.ErrorIs(t, err, workos.ErrCursor)
	events, err := c.EventsSince(t.Context(), start)
	require.NoError(t, err)
	_, err = c.EventsAfter(t.Context(), events[0].ID)
	require.NoError(t, err)
	server.Advance(workos.Retention + time.Hour)
	_, err = c.EventsAfter(t.Context(), events[0].ID)
	require.ErrorIs(t, err, workos.ErrCursor)
}

// TestClientStopsWithItsCaller checks that a call ends when its caller does, and says so.
func TestClientStopsWithItsCaller(t *testing.T) {
	t.Parallel()
	server := workostest.Start(t, start)
	server.Fail(workostest.Fault{Hang: true})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := client(t, server.URL).EventsSince(ctx, start)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.NotErrorIs(t, err, workos.ErrTransient)
}

// TestClientGivesItsKeyToNobodyElse follows no redirect.
func TestClientGivesItsKeyToNobodyElse(t *testing.T) {
	t.Parallel()
	var told []string
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		told = append(told, r.Header.Get("Authorization"))
	}))
	t.Cleanup(elsewhere.Close)
	leads := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	t.Cleanup(leads.Close)
	_, err := client(t, leads.URL).EventsSince(t.Context(), start)
	require.ErrorIs(t, err, workos.ErrAnswer)
	require.Empty(t, told)
}

// TestClientEndsAListThatGoesRound does not read a list for ever.
func TestClientEndsAListThatGoesRound(t *testing.T) {
	t.Parallel()
	server := workostest.Start(t, start)
	directory := server.CreateDirectory("Acme")
	server.Fail(workostest.Fault{Times: 5, Status: 200, Body: `{"object":"list","data":[],"list_metadata":{"after":"directory_user_1"}}`})
	state := client(t, server.URL).State(directory)
	require.ErrorIs(t, state.Members(t.Context(), "directory_group_1", func(workos.User) error { return nil }), workos.ErrAnswer)
	require.Len(t, server.Calls(), 2)
	_, _, err := state.Users(t.Context(), "directory_user_1")
	require.ErrorIs(t, err, workos.ErrAnswer)
	_, _, err = state.Groups(t.Context(), "directory_user_1")
	require.ErrorIs(t, err, workos.ErrAnswer)
}

// TestNewClientRefuses says what is wrong with an address or a key, and not what the key is.
func TestNewClientRefuses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string][2]string{
		"no scheme":        {"api.example.com", "sk_1"},
		"another scheme":   {"ftp://api.example.com", "sk_1"},
		"a query":          {"https://api.example.com?a=1", "sk_1"},
		"a user":           {"https://me@api.example.com", "sk_1"},
		"no key":           {"https://api.example.com", ""},
		"a key with lines": {"https://api.example.com", "sk_1\nHost: evil"},
	} {
		_, err := workos.NewClient(tc[0], tc[1])
		require.Error(t, err, name)
		require.NotContains(t, err.Error(), "sk_1", name)
	}
	_, err := workos.NewClient("", "sk_1")
	require.NoError(t, err)
}

// TestEventTime reads when an event was made from its id, as far as it is one.
func TestEventTime(t *testing.T) {
	t.Parallel()
	at, ok := workos.EventTime("event_01ARZ3NDEKTSV4RRFFQ69G5FAV") // the example of the ULID specification
	require.True(t, ok)
	require.Equal(t, "2016-07-30T23:54:10.259Z", at.Format("2006-01-02T15:04:05.000Z"))
	server := workostest.Start(t, start)
	server.CreateDirectory("Acme")
	id, isText := server.Events()[0]["id"].(string)
	require.True(t, isText)
	at, ok = workos.EventTime(id)
	require.True(t, ok)
	require.Equal(t, start.Add(2*time.Millisecond), at)
	for _, none := range []string{"", "event_", "event_1", "wh_01FKJ843CVE8F7BXQSPFH0M53", "event_Z1FKJ843CVE8F7BXQSPFH0M53V", "event_01FKJ8U3CVE8F7BXQSPFH0M53V"} {
		_, ok := workos.EventTime(none)
		require.False(t, ok, none)
	}
}

package gitlabtest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors/gitlab/gitlabtest"
)

// bench is a server with a token, and 45 people.
type bench struct {
	*gitlabtest.Server
	address string
}

func newBench(t *testing.T) bench {
	t.Helper()
	s := gitlabtest.New()
	s.AddUser(gitlabtest.User{Username: "bot"})
	for range 44 {
		s.AddUser(gitlabtest.User{Username: "someone"})
	}
	s.AddToken("secret", "bot", "api")
	s.AddGroup("acme", map[string]int{"bot": 50})
	s.AddProject("acme/site", nil)
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	return bench{s, web.URL}
}

func (b bench) do(t *testing.T, method, path, body string) (*http.Response, string) {
	t.Helper()
	address := path
	if !strings.HasPrefix(path, "http") {
		address = b.address + "/api/v4" + path
	}
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("PRIVATE-TOKEN", "secret")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	answer, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response, string(answer)
}

// next is the address of the next page in a Link header, or "".
func next(link string) string {
	for part := range strings.SplitSeq(link, ", ") {
		if address, isNext := strings.CutSuffix(part, `>; rel="next"`); isNext {
			return strings.TrimPrefix(address, "<")
		}
	}
	return ""
}

// TestPages follows Link by offset and by keyset, until all were seen.
func TestPages(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, query := range []string{"", "?per_page=7", "?pagination=keyset&per_page=10&order_by=id&sort=asc", "?per_page=1000"} {
		seen, address := 0, "/users"+query
		for address != "" {
			response, body := b.do(t, http.MethodGet, address, "")
			require.Equal(t, http.StatusOK, response.StatusCode)
			var page []map[string]any
			require.NoError(t, json.Unmarshal([]byte(body), &page))
			require.LessOrEqual(t, len(page), 100)
			require.Equal(t, strings.Contains(query, "keyset"), response.Header.Get("X-Total") == "")
			seen += len(page)
			address = next(response.Header.Get("Link"))
		}
		require.Equal(t, 45, seen, query)
	}
	response, _ := b.do(t, http.MethodGet, "/users?page=3", "")
	require.Equal(t, []string{"3", "", "2", "45", "3"}, []string{
		response.Header.Get("X-Page"), response.Header.Get("X-Next-Page"), response.Header.Get("X-Prev-Page"), response.Header.Get("X-Total"), response.Header.Get("X-Total-Pages"),
	})
}

// TestTextsAct shows that the server is no softer than GitLab: what is not neutralised does what it says.
func TestTextsAct(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	_, body := b.do(t, http.MethodPost, "/projects/acme%2Fsite/issues", `{"title":"x @a","description":"one\r\n/label ~y ~\"z z\"\n/assign @bot\nhey &commat;b <i>@</i>c \\@d é@e f@g"}`)
	require.NotContains(t, body, "/label")
	response, _ := b.do(t, http.MethodPost, "/projects/acme%2Fsite/issues/1/notes", `{"body":"/close"}`)
	require.Equal(t, http.StatusAccepted, response.StatusCode)
	response, _ = b.do(t, http.MethodPost, "/projects/acme%2Fsite/issues/1/notes", `{"body":"done\n/confidential\n/due tomorrow"}`)
	require.Equal(t, http.StatusCreated, response.StatusCode)
	issue := b.Issues("acme/site")[0]
	require.Equal(t, "closed", issue.State)
	require.True(t, issue.Confidential)
	require.Equal(t, []string{"y", "z z"}, issue.Labels)
	require.Len(t, issue.Assignees, 1)
	require.Len(t, issue.Notes, 1)
	require.Equal(t, "done", issue.Notes[0].Body)
	require.Len(t, issue.Commands, 5)
	require.Equal(t, []string{"a", "e", "b", "c", "d"}, inOrder(issue.Mentions))
}

// inOrder puts names in the order a, e, b, c, d, g: the server finds them form by form.
func inOrder(names []string) []string {
	var all []string
	for _, wanted := range []string{"a", "e", "b", "c", "d", "g"} {
		for _, name := range names {
			if name == wanted {
				all = append(all, name)
			}
		}
	}
	return all
}

// TestSearchIsPostgres: tags, comments and long words are not found, beginnings of words are.
func TestSearchIsPostgres(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	long := strings.Repeat("w", 50)
	b.AddIssue("acme/site", "bot", gitlabtest.Issue{Title: "title", Description: "shown [//]: # (linked) <!-- hidden --> <b tagged> " + long})
	for term, found := range map[string]bool{"shown": true, "show": true, "linked": true, "title": false, "hidden": false, "tagged": false, long: false, "shown linked": true, "shown other": false} {
		_, body := b.do(t, http.MethodGet, "/projects/acme%2Fsite/issues?in=description&search="+strings.ReplaceAll(term, " ", "+"), "")
		require.Equal(t, found, strings.Contains(body, `"iid":1`), term)
	}
}

// TestWhatIsNotPlayed answers as GitLab does for an unknown address.
func TestWhatIsNotPlayed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	response, body := b.do(t, http.MethodGet, "/projects/acme%2Fsite/merge_requests", "")
	require.Equal(t, http.StatusNotFound, response.StatusCode)
	require.Contains(t, body, "404 Not Found")
	response, body = b.do(t, http.MethodPost, "/projects/acme%2Fsite/issues", `{"title":`)
	require.Equal(t, http.StatusBadRequest, response.StatusCode, body)
}

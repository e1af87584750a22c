package main

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors/mail/mailtest"
)

// outside is where people reach the bot's HTTP side, as the bot is told. The stories look it up on this machine.
const outside = "https://usher.acme.example"

// here is an address of the bot's HTTP side as it can be reached in a story.
func (c *company) here(address string) string {
	c.t.Helper()
	path, is := strings.CutPrefix(address, outside)
	require.True(c.t, is, address)
	return "http://" + c.log.httpAddress() + path
}

// secret writes a secret into the company's folder, and is the reference to it.
func (c *company) secret(name, value string) string {
	c.t.Helper()
	path := filepath.Join(c.Dir, name)
	require.NoError(c.t, os.WriteFile(path, []byte(value), 0o600))
	return "file:" + path
}

// hookReceiver takes webhooks whose signature is right, and says that it will call back.
type hookReceiver struct {
	signer *standardwebhooks.Webhook

	mu    sync.Mutex
	taken []struct {
		Type     string
		Data     map[string]any
		Callback string
	}
}

// ServeHTTP takes one.
func (h *hookReceiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil || h.signer.Verify(body, r.Header) != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var read struct {
		Type     string
		Data     map[string]any
		Callback string
	}
	_ = json.Unmarshal(body, &read) // what is missing shows in the story
	h.taken = append(h.taken, read)
	w.WriteHeader(http.StatusAccepted)
}

// TestAWebhookThatIsAnsweredLater: signed, taken, and answered through the bot's own HTTP side, once.
func TestAWebhookThatIsAnsweredLater(t *testing.T) {
	t.Parallel()
	const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	signer, err := standardwebhooks.NewWebhook(secret)
	require.NoError(t, err)
	receiver := &hookReceiver{signer: signer}
	server := httptest.NewServer(receiver)
	t.Cleanup(server.Close)
	c := found(t, "")
	c.offers(offer{
		providers: `  - slug: badges
    name: Badge office
    connector: http
    settings: {base_url: "` + server.URL + `"}
    endpoints:
      - {webhook: print, url: "` + server.URL + `/print", secret: "` + c.secret("hook-secret", secret) + `", event: badge.wanted, body: {who: "{{ subject.email }}"}, deadline: 1d}
`,
		provision: `      - {name: badge, type: badges_webhook_print}
      - {name: tell, type: slack_notification, args: {to: "{{ subject.email }}", text: "Your badge has the number {{ badge.response.number }}"}}
`,
	})
	c.serve(map[string]string{"USHER_PUBLIC_URL": outside})
	card := c.flow("A badge")
	c.untilProgress(card.TS, "Giving access", "*badge*: waits for the receiver to call back until")
	require.Len(t, receiver.taken, 1)
	require.Equal(t, "badge.wanted", receiver.taken[0].Type)
	require.Equal(t, map[string]any{"who": "ana@acme.example"}, receiver.taken[0].Data)

	link := c.here(receiver.taken[0].Callback)
	answer := `{"status":"done","message":"Printed","output":{"number":"B-17"}}`
	require.Equal(t, http.StatusNotFound, c.post(link+"x", answer))
	require.Equal(t, http.StatusOK, c.post(link, answer))
	c.dm("ana", "Your badge has the number B-17")
	c.untilCard(card.TS, "Active")
	c.untilProgress(card.TS, "Giving access", "*badge*: applied in", "Printed")
	require.Equal(t, http.StatusGone, c.post(link, answer), "it counts once")
	c.once(card.TS, "Giving access", "Done")
	require.Equal(t, []string{"script.started", "script.paused", "script.succeeded"}, actionsOf(c.logged(c.id(card), "badge")))
	c.unremarkable()
}

// post sends JSON and returns the status.
func (c *company) post(address, body string) int {
	c.t.Helper()
	answer, err := http.Post(address, "application/json", strings.NewReader(body))
	require.NoError(c.t, err)
	require.NoError(c.t, answer.Body.Close())
	return answer.StatusCode
}

// TestMail asks and tells by a real mail server; the page behind the link decides by POST alone, and once.
func TestMail(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t)
	c := found(t, "")
	c.offers(offer{provision: `      - name: sure
        type: email_approval
        args: {to: "@drive-admins", subject: "A decision of yours", text: "May {{ subject.name }} edit?", within: 2d}
      - {name: tell, type: email_notification, args: {to: "{{ subject.email }}", subject: "Come in", text: "{{ sure.by }} let you in"}}
`})
	c.serve(map[string]string{"USHER_PUBLIC_URL": outside, "SMTP_URL": server.URL()})
	card := c.flow("By mail")
	links := map[string]string{}
	for _, mail := range server.Await(t, 2) {
		require.Equal(t, "A decision of yours", mail.Subject)
		require.Contains(t, mail.Text, "May Ana Diaz edit?")
		_, rest, has := strings.Cut(mail.Text, outside)
		require.True(t, has, mail.Text)
		links[mail.To] = c.here(outside + strings.Fields(rest)[0])
	}
	require.Len(t, links, 2)
	dana, eve := links["dana@acme.example"], links["eve@acme.example"]
	c.untilProgress(card.TS, "Giving access", "*sure*: waits for an answer of Dana Weiss or Eve Lind until")

	var marks []string
	for _, link := range []string{dana, eve, dana} {
		status, page := c.page(http.Get(link))
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, page, "May Ana Diaz edit?")
		require.Contains(t, page, "By mail")
		_, rest, _ := strings.Cut(page, `name="mark" value="`)
		mark, _, _ := strings.Cut(rest, `"`)
		marks = append(marks, html.UnescapeString(mark))
	}
	require.Equal(t, []string{"script.started", "script.asked"}, actionsOf(c.logged(c.id(card), "sure")), "looking decides nothing")

	status, page := c.page(http.PostForm(dana, url.Values{"mark": {marks[0]}, "answer": {"approve"}, "comment": {"Gladly"}}))
	require.Equal(t, http.StatusOK, status, page)
	require.Contains(t, page, "Recorded: Approve")
	status, page = c.page(http.PostForm(eve, url.Values{"mark": {marks[1]}, "answer": {"deny"}}))
	require.Equal(t, http.StatusConflict, status)
	require.Contains(t, page, "Dana Weiss already answered “Approve”. Nothing was changed.")
	c.untilCard(card.TS, "Active")
	c.untilThread(card.TS, c.mention("dana")+" answered “Approve” to *sure*. “Gladly”")
	c.untilProgress(card.TS, "Giving access", "Dana Weiss answered “Approve” after")

	told := server.Await(t, 3)[2]
	require.Equal(t, "ana@acme.example", told.To)
	require.Equal(t, "Come in", told.Subject)
	require.Contains(t, told.Text, "dana@acme.example let you in")
	answered, facts := c.entry(c.logged(c.id(card), "sure"), "script.answered")
	require.Equal(t, "dana@acme.example", answered.Actor)
	require.Equal(t, "Gladly", facts.Reason)
	c.once(card.TS, "Giving access", "Done")
	c.unremarkable()
}

// page reads an answer of the bot's HTTP side.
func (c *company) page(answer *http.Response, err error) (status int, text string) {
	c.t.Helper()
	require.NoError(c.t, err)
	defer func() { require.NoError(c.t, answer.Body.Close()) }()
	content, err := io.ReadAll(answer.Body)
	require.NoError(c.t, err)
	return answer.StatusCode, html.UnescapeString(string(content))
}

// TestAnIssue is opened, commented on and closed in GitLab, and the thread leads to it.
func TestAnIssue(t *testing.T) {
	t.Parallel()
	lab := lab()
	c := found(t, "")
	c.offers(offer{
		providers: c.atLab(lab),
		provision: `      - {name: open, type: gitlab_issue_create, args: {title: "Access for {{ subject.name }}", description: "Because: {{ request.reason }}"}}
      - {name: note, type: gitlab_issue_add_comment, args: {issue: "{{ open.iid }}", text: "Given by Usher"}}
      - {name: close, type: gitlab_issue_close, args: {issue: "{{ open.iid }}"}}
`,
	})
	c.serve(nil)
	card := c.flow("The relaunch")
	c.untilCard(card.TS, "Active")
	issues := lab.Issues("acme/access")
	require.Len(t, issues, 1)
	require.Equal(t, "Access for Ana Diaz", issues[0].Title)
	require.Equal(t, "closed", issues[0].State)
	require.Contains(t, issues[0].Description, "Because: The relaunch")
	require.Len(t, issues[0].Notes, 1)
	require.Contains(t, issues[0].Notes[0].Body, "Given by Usher")
	c.untilProgress(card.TS, "Giving access", "*open*: applied in", "|Open it>", "*note*: applied in", "*close*: applied in")
	c.once(card.TS, "Giving access", "Done")
	c.unremarkable()
}

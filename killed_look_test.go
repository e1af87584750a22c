package main

import (
	"bytes"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors/gitlab/gitlabtest"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo/slack"
)

func count(all []string, one string) int {
	return len(all) - len(slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == one }))
}

// mails counts the mails to a person that say something, each Message-ID once.
func (k *killing) mails(to, text string) int {
	ids := map[string]bool{}
	for _, mail := range k.mail.Messages(k.c.t) {
		if mail.To == to && strings.Contains(mail.Text, text) {
			ids[mail.Header.Get("Message-Id")] = true
		}
	}
	return len(ids)
}

// byHand says that the task was done.
func (k *killing) byHand(name string) {
	c := k.c
	c.t.Helper()
	var task slack.Message
	c.until("the task has its button", func() bool {
		for _, message := range c.dms(name, "is to be done by hand") {
			if slices.Contains(message.Buttons(), "Done by hand") {
				task = message
				return true
			}
		}
		return false
	})
	c.press(name, task.Target(), "Done by hand")
	form := c.view(name, "Done by hand")
	c.fill(name, form.Target(), "Evidence", "Ticket 4711")
	c.submit(name, form)
}

// messages counts the Slack messages of a purpose that were posted for a request, once the bot knows of one: after a
// restart it looks for what it posted before.
func (k *killing) messages(purpose, request string) int {
	k.c.t.Helper()
	var n int64
	k.c.until("the bot knows of the message", func() bool {
		var err error
		n, err = k.c.store.NewSelect().Table("messages").Where("purpose = ?", purpose).Where("request_id = ?", request).Where("ts <> ''").Count(k.c.ctx)
		require.NoError(k.c.t, err)
		return n > 0
	})
	return int(n)
}

// scriptID is the id of the script that is killed.
func (k *killing) scriptID(request string) string {
	var rows []db.FlowScript
	require.NoError(k.c.t, k.c.store.NewSelect().Model(&rows).Where("request_id = ?", request).Where("name = 'it'").Scan(k.c.ctx))
	require.Len(k.c.t, rows, 1)
	return rows[0].ID
}

func (k *killing) delivered(id string) int {
	k.desk.mu.Lock()
	defer k.desk.mu.Unlock()
	n := 0
	for known := range k.desk.hooks {
		if strings.HasPrefix(known, id) {
			n++
		}
	}
	return n
}

func (k *killing) tickets(title string) int {
	k.desk.mu.Lock()
	defer k.desk.mu.Unlock()
	return k.desk.titled(title)
}

// callback is the token that came with a webhook, or nothing.
func (k *killing) callback(id string) string {
	k.desk.mu.Lock()
	defer k.desk.mu.Unlock()
	written, err := json.Marshal(k.desk.hooks[id])
	require.NoError(k.c.t, err)
	_, rest, _ := strings.Cut(string(written), "/callbacks/")
	token, _, _ := strings.Cut(rest, `"`)
	return token
}

// callBack answers a webhook until the answer is taken.
func (k *killing) callBack(token string) {
	k.c.until("the callback is taken", func() bool {
		answer, err := http.Post(k.http()+"/callbacks/"+token, "application/json", bytes.NewBufferString(`{"status":"done"}`))
		if err != nil {
			return false
		}
		_ = answer.Body.Close()
		return answer.StatusCode == http.StatusOK || answer.StatusCode == http.StatusGone
	})
}

// answerMail presses Approve on the page behind the mail's link.
func (k *killing) answerMail(to, text string) {
	c := k.c
	var link string
	for _, mail := range k.mail.Messages(c.t) {
		if mail.To == to && strings.Contains(mail.Text, text) {
			_, rest, found := strings.Cut(mail.Text, "https://usher.acme.example/mail/")
			require.True(c.t, found, mail.Text)
			link = strings.Fields(rest)[0]
		}
	}
	c.until("the answer is taken", func() bool { return pressApprove(k.http() + "/mail/" + link) })
}

// accounts counts the target's accounts of a name.
func (k *killing) accounts(email string) int {
	k.c.t.Helper()
	question, err := http.NewRequestWithContext(k.c.ctx, http.MethodGet, k.c.TargetURL+"/scim/v2/Users?filter="+url.QueryEscape(`userName eq "`+email+`"`), nil)
	require.NoError(k.c.t, err)
	token, err := os.ReadFile(filepath.Join(k.c.Dir, "drive-token"))
	require.NoError(k.c.t, err)
	question.Header.Set("Authorization", "Bearer "+string(token))
	answer, err := http.DefaultClient.Do(question)
	require.NoError(k.c.t, err)
	defer func() { require.NoError(k.c.t, answer.Body.Close()) }()
	var found struct {
		TotalResults int `json:"totalResults"`
	}
	require.NoError(k.c.t, json.NewDecoder(answer.Body).Decode(&found))
	return found.TotalResults
}

// inWing counts how often a person is in #wing.
func (k *killing) inWing(name string) int {
	members := k.c.Workspace.Members("wing")
	return count(members, k.c.person(name).ID())
}

// http is where the process that is killed serves HTTP.
func (k *killing) http() string { return "http://" + k.env["USHER_HTTP_ADDR"] }

var formMark = regexp.MustCompile(`name="mark" value="([^"]+)"`)

// pressApprove presses Approve on a question's page, and says whether that was taken.
func pressApprove(page string) bool {
	shown, err := http.Get(page)
	if err != nil {
		return false
	}
	content, err := io.ReadAll(shown.Body)
	_ = shown.Body.Close()
	mark := formMark.FindSubmatch(content)
	if err != nil || mark == nil {
		return false
	}
	answer, err := http.PostForm(page, url.Values{"mark": {html.UnescapeString(string(mark[1]))}, "answer": {"approve"}})
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// issues are the issues of a title.
func (k *killing) issues(title string) []gitlabtest.Issue {
	return slices.DeleteFunc(k.gitlab.Issues("acme/access"), func(i gitlabtest.Issue) bool { return i.Title != title })
}

package flows_test

import (
	"context"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors/mail"
	"github.com/usherhq/usher/connectors/mail/mailtest"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// post is a Mailer on a real mail server.
type post struct{ *mail.Sender }

func (p post) Send(ctx context.Context, m flows.Mail) error {
	return p.Sender.Send(ctx, mail.Message{To: m.To, ToName: m.ToName, Subject: m.Subject, Text: m.Text, HTML: m.HTML, MessageID: m.MessageID})
}

// plainLetters say only what a test looks for.
type plainLetters struct{}

func (plainLetters) Approval(q flows.Question, link string) (subject, text, page string) {
	return "Question for " + q.Person, q.Text + "\n" + link, "<p>" + html.EscapeString(q.Text) + "</p>"
}

func (plainLetters) Notification(subject, text string) (string, string, string) {
	return subject, text, "<p>" + html.EscapeString(text) + "</p>"
}

// mailing gives the bundle a mail server.
func (b *bundle) mailing(t testing.TB) *mailtest.Server {
	t.Helper()
	server := mailtest.Start(t)
	sender, err := mail.New(server.URL(), "usher@example.com")
	require.NoError(t, err)
	b.options.Mailer, b.options.Letters, b.options.PublicURL = post{sender}, plainLetters{}, "https://usher.example.com"
	b.Flows, err = flows.New(b.options)
	require.NoError(t, err)
	return server
}

func TestANotificationByMail(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		server := b.mailing(t)
		b.chain(t, "mails", "provision", `{name: mail, type: email_notification, args: {to: "{{ subject.email }}", subject: "Hello {{ subject.name }}", text: "You have <b>{{ entitlement.name }}</b>"}}`)
		b.offer(t, "mailed", "Editors", "[{chain: auto}]", "mails", "editors-out")
		request := b.ask(t, "ana", "mailed", "8h").Request
		b.drive(t)
		require.Equal(t, db.Active, b.grant(t, request.ID).Status)
		got := server.Await(t, 1)[0]
		require.Equal(t, "ana@example.com", got.To)
		require.Equal(t, "Hello Ana", got.Subject)
		require.Contains(t, got.HTML, "&lt;b&gt;")
		id, _ := b.script(t, request.ID, "mail").Output["message_id"].(string)
		require.Equal(t, b.script(t, request.ID, "mail").ID+"@usher.example.com", id)
		require.Contains(t, got.Header.Get("Message-Id"), id)
	})
}

// askedByMail is a request whose provisioning asks two people by mail, and the tokens of their links.
func (b *bundle) askedByMail(t testing.TB, server *mailtest.Server) (db.Request, map[string]string) {
	t.Helper()
	b.chain(t, "asks", "provision", `{name: ask, type: email_approval, args: {to: [manager, eve@example.com, ana@example.com], text: "May {{ subject.name }} enter?", within: 1d}}`)
	b.offer(t, "asked", "Editors", "[{chain: auto}]", "asks", "editors-out")
	request := b.ask(t, "ana", "asked", "8h").Request
	b.drive(t)
	return request, b.tokens(t, server.Await(t, 2))
}

func (b *bundle) tokens(t testing.TB, mails []mailtest.Message) map[string]string {
	t.Helper()
	tokens := map[string]string{}
	for _, one := range mails {
		_, link, found := strings.Cut(one.Text, "https://usher.example.com/mail/")
		require.True(t, found, one.Text)
		token, err := url.PathUnescape(strings.Fields(link)[0])
		require.NoError(t, err)
		tokens[one.To] = token
	}
	return tokens
}

func TestAnApprovalByMail(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request, tokens := b.askedByMail(t, b.mailing(t))
		require.Len(t, tokens, 2, "never the person who benefits")
		q, err := b.Question(b.ctx, tokens["ben@example.com"])
		require.NoError(t, err)
		require.Equal(t, "May Ana enter?", q.Text)
		require.Equal(t, "Ben", q.Person)
		require.Len(t, q.Buttons, 2)
		require.Equal(t, db.Paused, b.script(t, request.ID, "ask").Status, "reading decides nothing")

		for _, token := range []string{"", "x", tokens["ben@example.com"] + "A", strings.ToUpper(tokens["ben@example.com"])} {
			_, err := b.Question(b.ctx, token)
			require.ErrorIs(t, err, flows.ErrNoLink)
		}
		_, err = b.AnswerByLink(b.ctx, tokens["eve@example.com"], "perhaps", "")
		refused(t, err, "Choose one")
		q, err = b.AnswerByLink(b.ctx, tokens["eve@example.com"], "approve", "Fine with me")
		require.NoError(t, err)
		require.Equal(t, "Approve", q.Answer)
		_, err = b.AnswerByLink(b.ctx, tokens["eve@example.com"], "approve", "")
		refused(t, err, "already answered")
		_, err = b.AnswerByLink(b.ctx, tokens["ben@example.com"], "deny", "")
		refused(t, err, "eve already answered “Approve”")
		b.drive(t)
		require.Equal(t, db.Active, b.grant(t, request.ID).Status)
		require.Equal(t, "Fine with me", b.script(t, request.ID, "ask").Output["comment"])
	})
}

// Whoever lost power since the mail was sent has none by its link.
func TestALinkGivesNoPower(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request, tokens := b.askedByMail(t, b.mailing(t))
		b.leave(t, "eve")
		_, err := b.AnswerByLink(b.ctx, tokens["eve@example.com"], "approve", "")
		refused(t, err, "deactivated")
		b.pass(t, 25*hour)
		require.Equal(t, db.Failed, b.script(t, request.ID, "ask").Status)
		_, err = b.AnswerByLink(b.ctx, tokens["ben@example.com"], "approve", "")
		refused(t, err, "Nobody answered in time")
	})
}

// A new try sends new links; the old ones are over.
func TestLinksEndWithTheirRound(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		server := b.mailing(t)
		request, old := b.askedByMail(t, server)
		_, err := b.AnswerByLink(b.ctx, old["ben@example.com"], "deny", "Not today")
		require.NoError(t, err)
		script := b.script(t, request.ID, "ask")
		require.Equal(t, db.Failed, script.Status)
		require.NoError(t, b.Retry(b.ctx, script.ID, b.people["dana"]))
		b.drive(t)
		fresh := b.tokens(t, server.Await(t, 4)[2:])
		_, err = b.AnswerByLink(b.ctx, old["eve@example.com"], "approve", "")
		require.ErrorIs(t, err, flows.ErrLinkOver)
		_, err = b.AnswerByLink(b.ctx, fresh["eve@example.com"], "approve", "")
		require.NoError(t, err)
	})
}

// Without a mail server, or without an address that links could lead to, the owner hears what to set.
func TestMailThatCannotBeSent(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.chain(t, "mails", "provision", `{name: mail, type: email_notification, args: {to: "{{ subject.email }}", subject: s, text: t}}`)
		b.offer(t, "mailed", "Editors", "[{chain: auto}]", "mails", "editors-out")
		request := b.ask(t, "ana", "mailed", "8h").Request
		b.drive(t)
		script := b.script(t, request.ID, "mail")
		require.Equal(t, db.Failed, script.Status)
		require.Contains(t, script.Summary, "set SMTP_URL")
	})
}

// A server that is busy is tried again, also for a question.
func TestAQuestionWaitsForABusyMailServer(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.mailing(t)
		b.hire(t, "busy")
		b.chain(t, "asks", "provision", `{name: ask, type: email_approval, retry: {attempts: 3, backoff: 1s}, args: {to: busy@example.com, text: t}}`)
		b.offer(t, "asked", "Editors", "[{chain: auto}]", "asks", "editors-out")
		request := b.ask(t, "ana", "asked", "8h").Request
		for range 4 {
			b.pass(t, minute)
		}
		script := b.script(t, request.ID, "ask")
		require.Equal(t, db.Failed, script.Status)
		require.Equal(t, 3, script.Attempts)
		require.Equal(t, "transient", script.Outcome)
	})
}

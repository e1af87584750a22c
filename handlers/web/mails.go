package web

import (
	"bytes"
	_ "embed" // what mails say is compiled in
	html "html/template"
	"regexp"
	"strings"
	text "text/template"

	"github.com/usherhq/usher/flows"
)

var (
	//go:embed mails.txt
	mailTexts string
	//go:embed mails.html
	mailPages string

	mailText = text.Must(text.New("mails").Parse(mailTexts))
	mailHTML = html.Must(html.New("mails").Parse(mailPages))
)

const (
	// longestTold bounds what people typed in a mail, in characters: the page behind the link has all of it.
	longestTold = 1000
	// longestSubject bounds a subject, in characters.
	longestSubject = 120
)

// Letters writes what mails say. It implements flows.Letters.
type Letters struct{}

// Approval is ApprovalMail.
func (Letters) Approval(q flows.Question, link string) (subject, text, html string) {
	return ApprovalMail(q, link)
}

// Notification is NotificationMail.
func (Letters) Notification(subject, text string) (string, string, string) {
	return NotificationMail(subject, text)
}

// ApprovalMail asks the person of a question for an answer on the page behind the link. The link is the only one, opens
// the question and decides nothing; what people typed is on one line and makes no links of its own.
func ApprovalMail(q flows.Question, link string) (subject, text, html string) {
	letter := struct {
		Headline, Person, Link, Answers string
		Facts                           []fact
	}{Headline: told(headline(q)), Person: told(q.Person), Link: link, Answers: choices(q)}
	for _, one := range facts(q) {
		letter.Facts = append(letter.Facts, fact{Name: one.Name, Value: told(one.Value)})
	}
	subject = clip("Your answer is needed: "+told(q.Entitlement)+" for "+told(q.Subject), longestSubject)
	text, html = written("approval", letter)
	return subject, text, html
}

// NotificationMail tells something in the words of a workflow. They are escaped and otherwise as they are.
func NotificationMail(subject, text string) (string, string, string) {
	subject = clip(oneLine(subject), longestSubject)
	if subject == "" {
		subject = "News about your access"
	}
	plain, html := written("notification", struct{ Subject, Text string }{subject, clean(text)})
	return subject, plain, html
}

// written fills in both forms of a mail from the same facts.
func written(name string, facts any) (plain, html string) {
	var first, second bytes.Buffer
	if err := mailText.ExecuteTemplate(&first, name, facts); err != nil {
		panic(err) // the templates and their data are ours
	}
	if err := mailHTML.ExecuteTemplate(&second, name, facts); err != nil {
		panic(err)
	}
	return strings.TrimSpace(first.String()) + "\n", strings.TrimSpace(second.String()) + "\n"
}

// choices are the buttons in words: Approve or Deny.
func choices(q flows.Question) string {
	var names []string
	for _, button := range q.Buttons {
		names = append(names, told(button.Text))
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// linking is where mail programs find links: in addresses with two slashes, and in bare names of hosts.
var linking = regexp.MustCompile(`(/)(/)|(\.)(\w)`)

// told is what somebody typed, as it stands in a mail: a character that joins words and can't be seen keeps mail programs
// from making links of it.
func told(text string) string {
	return linking.ReplaceAllString(clip(oneLine(text), longestTold), "$1$3\u2060$2$4")
}

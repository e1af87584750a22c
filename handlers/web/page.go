package web

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the page and its style are compiled in
	"encoding/base64"
	"html/template"
	"net/http"
	"time"

	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/scripts"
)

var (
	//go:embed page.html
	pageText string
	//go:embed page.css
	pageStyle string

	pages = template.Must(template.New("page").Parse(pageText))
)

// policy lets a page have its own style, send its own form to where it came from, and nothing else.
var policy = "default-src 'none'; style-src 'sha256-" + digest(pageStyle) + "'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// secure sets the headers that every answer has.
func secure(header http.Header) {
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Frame-Options", "DENY") // for browsers that do not know frame-ancestors
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Robots-Tag", "noindex, nofollow")
}

// page is everything that a page shows.
type page struct {
	Title  string
	Notice string // above all else: what did not work
	Lead   string
	Person string // whose decision it is; empty where there is nothing to decide
	Facts  []fact
	Form   *form
	Again  string // text of a link to the question; empty for none
}

// fact is a line about a question.
type fact struct {
	Name, Value string
	At          time.Time // a time instead of a text
}

// form is what decides.
type form struct {
	Mark    string
	Buttons []scripts.Button
}

// buttons are a question's as a page shows them. What a press sends is left as it is.
func buttons(q flows.Question) []scripts.Button {
	all := make([]scripts.Button, 0, len(q.Buttons))
	for _, button := range q.Buttons {
		button.Text = oneLine(button.Text)
		if button.Style != scripts.Green && button.Style != scripts.Red {
			button.Style = scripts.Plain
		}
		all = append(all, button)
	}
	return all
}

// Style is the page's style: a method, so that the template can't be given another.
func (page) Style() template.CSS { return template.CSS(pageStyle) } //nolint:gosec // a file of ours

// asking is a question that waits for an answer.
func asking(q flows.Question, notice, mark string) page {
	return page{
		Title: headline(q), Notice: notice, Person: oneLine(q.Person), Facts: facts(q), Form: &form{Mark: mark, Buttons: buttons(q)},
	}
}

// answered is a question that was answered.
func answered(q flows.Question, title, lead string) page {
	all := append([]fact{{Name: "Question", Value: headline(q)}}, facts(q)...)
	return page{Title: oneLine(title), Lead: oneLine(lead), Facts: all}
}

// headline is the question itself.
func headline(q flows.Question) string {
	if text := clean(q.Text); text != "" {
		return text
	}
	return "May " + oneLine(q.Subject) + " have " + oneLine(q.Entitlement) + "?"
}

// facts are what somebody has to know to decide, in the same words on the page and in the mail.
func facts(q flows.Question) []fact {
	access := oneLine(q.Entitlement)
	if provider := oneLine(q.Provider); provider != "" {
		access += " (" + provider + ")"
	}
	all := []fact{{Name: "Access", Value: access}, {Name: "For", Value: oneLine(q.Subject)}, {Name: "Asked by", Value: oneLine(q.Requester)}}
	if reason := clean(q.Reason); reason != "" {
		all = append(all, fact{Name: "Reason", Value: reason})
	}
	if q.AnsweredBy == "" && !q.Until.IsZero() {
		all = append(all, fact{Name: "Answer until", Value: moment(q.Until), At: q.Until.UTC()})
	}
	return all
}

// moment is a time as people read it, wherever they are.
func moment(at time.Time) string { return at.UTC().Format("Monday, 2 January 2006, 15:04 UTC") }

// draw writes a page.
func (w *Web) draw(out http.ResponseWriter, status int, p page) {
	var content bytes.Buffer
	if err := pages.Execute(&content, p); err != nil {
		panic(err) // the template and its data are ours
	}
	out.Header().Set("Content-Type", "text/html; charset=utf-8")
	out.WriteHeader(status)
	_, _ = out.Write(content.Bytes()) // the caller hung up
}

package flows

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

// Mail is one mail. MessageID is the same for every attempt at it, so that its receiver can drop a second copy.
type Mail struct {
	To, ToName, Subject, Text, HTML, MessageID string
}

// Mailer sends mail. It is implemented where SMTP is known. Its errors are marked as those of connectors: Unsure when
// the mail was handed over and the server's answer was lost.
type Mailer interface {
	Send(ctx context.Context, mail Mail) error
}

// Letters writes what mails say. It is implemented where people's texts are.
type Letters interface {
	// Approval asks the person of a question for an answer, on the page behind a link.
	Approval(q Question, link string) (subject, text, html string)
	// Notification tells something.
	Notification(subject, text string) (string, string, string)
}

// errNoMail says that this installation can't send mail.
var errNoMail = errors.New("no mail can be sent: set SMTP_URL")

// errNoAddress says that links in mails would lead nowhere.
var errNoAddress = errors.New("a mail needs a link that leads back to Usher: set USHER_PUBLIC_URL")

// mail tells somebody something by mail.
func (f *Flows) mail(ctx context.Context, w work) attempt {
	if f.mailer == nil {
		return refusedAttempt(errNoMail)
	}
	to := text(w.args, "to")
	mail := Mail{To: to, MessageID: f.messageID(w.key())}
	mail.Subject, mail.Text, mail.HTML = f.letters.Notification(firstText(text(w.args, "subject"), "Access: "+w.item.Entitlement.Name), text(w.args, "text"))
	if err := f.mailer.Send(ctx, mail); err != nil {
		return attempt{Result: notSent(err)}
	}
	return done("Mailed "+to+".", map[string]any{"to": to, "text": text(w.args, "text"), "message_id": mail.MessageID})
}

// messageID names a mail for good.
func (f *Flows) messageID(key string) string {
	host := "usher.mail.invalid"
	if address, err := url.Parse(f.publicURL); err == nil && hostForm.MatchString(address.Hostname()) {
		host = address.Hostname()
	}
	return key + "@" + host
}

// hostForm is a name that may stand in a Message-ID.
var hostForm = regexp.MustCompile(`^[A-Za-z0-9.-]+$`)

// notSent is an attempt at a mail that failed. Whether a server that went away has the mail can't be read back: it is
// sent once more under the same Message-ID.
func notSent(err error) connectors.Result {
	result := connectors.Failure(err)
	if result.Outcome == connectors.Unknown {
		result.Outcome = connectors.Transient
	}
	result.Summary = "The mail could not be sent: " + result.Summary
	return result
}

// askByMail sends each person who may answer a link to a page with the buttons, and lets the script wait.
func (f *Flows) askByMail(ctx context.Context, w work) attempt {
	waiting := ask(w)
	switch {
	case waiting.Outcome != outcomePaused:
		return waiting
	case f.mailer == nil:
		return refusedAttempt(errNoMail)
	case f.publicURL == "":
		return refusedAttempt(errNoAddress)
	}
	var refused error
	sent := 0
	for _, one := range w.asked {
		err := f.mailQuestion(ctx, w, *one.Person)
		result := notSent(err)
		switch {
		case err == nil:
			sent++
		case result.Outcome == connectors.Refused:
			refused = err // others may still be reached
		default:
			return attempt{Result: result}
		}
	}
	if sent == 0 {
		return attempt{Result: notSent(refused)}
	}
	return waiting
}

func (f *Flows) mailQuestion(ctx context.Context, w work, p db.Person) error {
	if strings.HasSuffix(p.Email, ".invalid") {
		return connectors.Refuse(fmt.Errorf("%s has no e-mail address", p.Name))
	}
	token, err := f.sign(ctx, purposeMail, w.script.ID, fmt.Sprint(w.script.Round), p.ID)
	if err != nil {
		return connectors.Retry(err, 0)
	}
	question, err := question(w.script, w.request, w.item, p)
	if err != nil {
		return connectors.Refuse(err)
	}
	question.Until = f.Now().Add(lengthOf(w.args, "within", answerWithin))
	mail := Mail{To: p.Email, ToName: p.Name, MessageID: f.messageID(w.key() + "." + p.ID)}
	mail.Subject, mail.Text, mail.HTML = f.letters.Approval(question, strings.TrimRight(f.publicURL, "/")+"/mail/"+token)
	if own := text(w.args, "subject"); own != "" {
		mail.Subject = own
	}
	return f.mailer.Send(ctx, mail)
}

// Question is what an approval script asks one person by mail.
type Question struct {
	Person      string // who is asked
	Requester   string
	Subject     string // who would benefit
	Entitlement string
	Provider    string
	Reason      string // of the request
	Text        string // the question
	Buttons     []scripts.Button
	Until       time.Time
	Answer      string // text of the button that was pressed; empty while it is open
	AnsweredBy  string
}

func question(script db.FlowScript, request db.Request, item db.RequestItem, p db.Person) (Question, error) {
	buttons, err := scripts.ReadButtons(script.Args["buttons"])
	return Question{
		Person: p.Name, Requester: request.Requester.Name, Subject: item.Subject.Name, Entitlement: item.Entitlement.Name,
		Provider: item.Entitlement.Provider.Name, Reason: request.Reason, Text: text(script.Args, "text"), Buttons: buttons,
		Until: script.DueAt, Answer: text(script.Output, "button"), AnsweredBy: text(script.Output, "name"),
	}, err
}

// Question reads what a mail's link asks. It decides nothing: mail scanners follow links. Errors are ErrNoLink,
// ErrLinkEarly and ErrLinkOver; a question that was answered is no error and says by whom.
func (f *Flows) Question(ctx context.Context, token string) (Question, error) {
	script, p, err := f.linked(ctx, token)
	if err != nil {
		return Question{}, err
	}
	run, err := db.ActionFlowByID(ctx, f.store, script.FlowID)
	if err != nil {
		return Question{}, err
	}
	grant, err := db.GrantByID(ctx, f.store, run.GrantID)
	if err != nil {
		return Question{}, err
	}
	request, err := db.RequestByID(ctx, f.store, run.RequestID)
	if err != nil {
		return Question{}, err
	}
	item, err := db.ItemByID(ctx, f.store, grant.ItemID)
	if err != nil {
		return Question{}, err
	}
	q, err := question(script, request, item, p)
	if err != nil || q.AnsweredBy != "" {
		return q, err
	}
	return q, awaited(run, script, db.WaitsAnswer, fmt.Sprint(script.Round), &change{now: f.Now()})
}

// linked finds the script and the person of a mail's link.
func (f *Flows) linked(ctx context.Context, token string) (db.FlowScript, db.Person, error) {
	scriptID, rest, err := f.verify(ctx, purposeMail, token)
	if err != nil {
		return db.FlowScript{}, db.Person{}, err
	}
	round, personID, _ := strings.Cut(rest, ".")
	script, err := db.ScriptByID(ctx, f.store, scriptID)
	if errors.Is(err, db.ErrNotFound) || (err == nil && fmt.Sprint(script.Round) != round) {
		return script, db.Person{}, ErrLinkOver
	}
	if err != nil {
		return script, db.Person{}, err
	}
	p, err := db.PersonByID(ctx, f.store, personID)
	return script, p, err
}

// AnswerByLink records the answer that the person of a mail's link gave on its page, and returns the question as it
// is then. The same rules hold as for a press in Slack; a link counts once, since a question is answered once.
func (f *Flows) AnswerByLink(ctx context.Context, token, value, comment string) (Question, error) {
	linked, p, err := f.linked(ctx, token)
	if err != nil {
		return Question{}, err
	}
	err = f.refusedOnScript(ctx, linked.ID, p.ID, f.withScript(ctx, linked.ID, func(ctx context.Context, c *change, run db.ActionFlow, grant db.Grant, script db.FlowScript) error {
		if script.Round != linked.Round {
			return ErrLinkOver
		}
		if _, err := f.mayAnswer(ctx, c, run, grant, script, p.ID); err != nil {
			return err
		}
		if overdue(script.DueAt, c.now) {
			return ErrLinkOver
		}
		buttons, err := scripts.ReadButtons(script.Args["buttons"])
		if err != nil {
			return err
		}
		for _, button := range buttons {
			if button.Value == value {
				return c.answer(ctx, run, grant, script, p, button, clipText(comment, longestMessage))
			}
		}
		return refuse("Choose one of the answers.")
	}))
	if err != nil {
		return Question{}, err
	}
	return f.Question(ctx, token)
}

package web

import (
	"errors"
	"net/http"

	"github.com/usherhq/usher/flows"
)

// mail serves the page behind a mail's link. To look decides nothing: mail scanners follow links.
func (w *Web) mail(out http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		w.ask(out, r, http.StatusOK, "")
	case http.MethodPost:
		w.press(out, r)
	default:
		out.Header().Set("Allow", "GET, HEAD, POST")
		w.mailProblem(out, http.StatusMethodNotAllowed)
	}
}

// ask shows a question as it is now, below a notice if there is one.
func (w *Web) ask(out http.ResponseWriter, r *http.Request, status int, notice string) {
	token := r.PathValue("token")
	q, err := w.links.Question(r.Context(), token)
	switch {
	case err != nil:
		w.wrong(out, r, err)
	case q.AnsweredBy != "":
		w.draw(out, status, answered(q, "Answered: "+q.Answer, "This question was answered by "+q.AnsweredBy+". Nothing is left to do here."))
	default:
		w.draw(out, status, asking(q, notice, w.mark(token, w.clock())))
	}
}

// press records an answer that came from the page's form.
func (w *Web) press(out http.ResponseWriter, r *http.Request) {
	if !isType(r, "application/x-www-form-urlencoded") {
		w.mailProblem(out, http.StatusUnsupportedMediaType)
		return
	}
	given, err := readAnswer(out, r)
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok && large != nil {
		w.mailProblem(out, http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil || elsewhere(r) {
		w.mailProblem(out, http.StatusBadRequest)
		return
	}
	token := r.PathValue("token")
	if !w.fresh(token, given.mark, w.clock()) {
		w.ask(out, r, http.StatusForbidden, "Nothing was recorded: the page had been open for a long time. Look once more, then press again.")
		return
	}
	q, err := w.links.AnswerByLink(r.Context(), token, given.value, given.comment)
	if err != nil {
		w.wrong(out, r, err)
		return
	}
	w.draw(out, http.StatusOK, answered(q, "Recorded: "+q.Answer, "Your answer was recorded for "+q.AnsweredBy+". You can close this page."))
}

// wrong shows why there is no question, or why an answer did not count.
func (w *Web) wrong(out http.ResponseWriter, r *http.Request, err error) {
	refusal, refused := flows.Refusal(err)
	switch {
	case refused:
		w.draw(out, http.StatusConflict, page{Title: "Nothing was recorded", Lead: refusal.Text, Again: "Look at the question"})
	case errors.Is(err, flows.ErrNoLink):
		w.mailProblem(out, http.StatusNotFound)
	case errors.Is(err, flows.ErrLinkOver):
		w.mailProblem(out, http.StatusGone)
	case errors.Is(err, flows.ErrLinkEarly):
		out.Header().Set("Retry-After", "5")
		w.draw(out, http.StatusServiceUnavailable, page{
			Title: "Not open yet", Lead: "This question is being asked just now. Try again in a moment.", Again: "Try again",
		})
	default:
		reference := w.report(r.Context(), "mail", err)
		w.draw(out, http.StatusInternalServerError, page{
			Title: "Something went wrong",
			Lead:  "This could not be done just now. Look at the question again to see whether an answer was recorded; if this stays, tell an admin the reference " + reference + ".",
			Again: "Look at the question",
		})
	}
}

// problems are the pages of answers that say nothing about any question. A link that never was and one whose time is
// over look the same.
var problems = map[int]page{
	http.StatusNotFound:              dead,
	http.StatusGone:                  dead,
	http.StatusTooManyRequests:       {Title: "Too many tries", Lead: "This page was asked for too often. Wait a few seconds, then try again."},
	http.StatusMethodNotAllowed:      {Title: "Nothing was recorded", Lead: "This page can be looked at and answered, and nothing else."},
	http.StatusUnsupportedMediaType:  notOurs,
	http.StatusBadRequest:            notOurs,
	http.StatusRequestEntityTooLarge: {Title: "Nothing was recorded", Lead: "The comment is too long. Go back, shorten it, and press again."},
}

var (
	dead = page{
		Title: "This link does not work",
		Lead: "The question was settled or its time is over, or the address is not complete. " +
			"Open the link in the mail once more; if you still see this, there is nothing left to answer. The request’s thread in Slack says how it ended.",
	}
	notOurs = page{
		Title: "Nothing was recorded",
		Lead:  "This did not come from the page of the question. Open the link in the mail, and press a button there.",
	}
)

func (w *Web) mailProblem(out http.ResponseWriter, status int) { w.draw(out, status, problems[status]) }

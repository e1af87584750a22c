package connectors

import (
	"errors"
	"fmt"
	"net/http"
)

// answered says what an answer means.
func (b *boundHook) answered(resp *http.Response, body []byte, callback string) HookResult {
	status := resp.StatusCode
	detail := (&JSONClient{Detail: JSONDetail}).detail(body)
	answer := &StatusError{Status: status, Detail: detail}
	switch {
	case status == http.StatusAccepted && callback == "":
		return b.ended(Refuse(errors.New("the receiver answered 202 and will call back, but it has no address to call: set USHER_PUBLIC_URL")))
	case status == http.StatusAccepted:
		result := b.ended(nil)
		result.Outcome, result.Waits = "", true
		result.Summary = b.hook.Event + " was taken by the receiver, which will call back"
		return result
	case isSuccess(status):
		result := b.ended(nil)
		result.Output = Redact(map[string]any{scopeResponse: bodyOf(body)})
		return result
	case status == http.StatusGone:
		return b.ended(Refuse(errors.New("the receiver answered 410 Gone: it has switched this webhook off; ask whoever runs it, then change or remove the webhook")))
	case status >= 300 && status < 400:
		return b.ended(Refuse(fmt.Errorf("the receiver answered %d, which leads to another address: webhooks follow no redirect; change the url", status)))
	case status >= 500 || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout || status == http.StatusTooEarly:
		return b.ended(Retry(answer, retryAfter(resp.Header)))
	}
	return b.ended(Refuse(fmt.Errorf("the receiver answered %d %s%s", status, http.StatusText(status), inBrackets(detail))))
}

func inBrackets(detail string) string {
	if detail == "" {
		return ""
	}
	return " (" + detail + ")"
}

// ended is a delivery as its error tells; nil is one that was taken.
func (b *boundHook) ended(err error) HookResult {
	said := markOf(err)
	result := Result{Outcome: said.outcome, Err: err, RetryAfter: said.after}
	switch {
	case err == nil:
		result.Outcome, result.Summary = Applied, "Delivered "+b.hook.Event
	case said.outcome == Refused:
		result.Summary = "Refused: " + err.Error()
	default:
		result.Outcome, result.Summary = Transient, "Not delivered yet, worth another try: "+err.Error()
	}
	result.Evidence = []Evidence{{Step: "write", Summary: result.Summary}}
	return HookResult{Result: result}
}

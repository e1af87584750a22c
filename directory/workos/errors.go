package workos

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// longestWait bounds what WorkOS may ask for by Retry-After.
const longestWait = time.Hour

// What an error of the client may be, for errors.Is.
var (
	// ErrKey says that the API key is wrong or may not read this. Nothing but a person can mend it.
	ErrKey = errors.New("WorkOS does not accept the API key")
	// ErrTransient says that the same call may succeed later.
	ErrTransient = errors.New("WorkOS did not answer as it should")
	// ErrCursor says that WorkOS may not know the event after which events were asked for.
	ErrCursor = errors.New("WorkOS does not know the event after which it was asked to go on")
	// ErrMissing says that there is no such user or group.
	ErrMissing = errors.New("WorkOS does not know it")
	// ErrAnswer says that what answers is not the API of WorkOS.
	ErrAnswer = errors.New("the answer is not one of the API of WorkOS; check the directory's address")
)

// statusError is an answer other than 200.
type statusError struct {
	status int
	detail string        // in the words of WorkOS, shortened
	wait   time.Duration // what WorkOS asked to wait; 0 where it did not
	kind   error         // one of the errors above, or nil
}

// Error says what WorkOS answered and, where a person can mend it, how.
func (e *statusError) Error() string {
	text := fmt.Sprintf("WorkOS answered %d %s", e.status, http.StatusText(e.status))
	if e.detail != "" {
		text += " (" + e.detail + ")"
	}
	switch {
	case e.status == http.StatusUnauthorized:
		text += "; check the directory's API key"
	case e.status == http.StatusForbidden:
		text += "; check what the directory's API key may read"
	case e.status >= 300 && e.status < 400:
		text += ", which leads to another address; check the directory's address"
	}
	return text
}

// Unwrap is the kind of the error.
func (e *statusError) Unwrap() error { return e.kind }

// RetryAfter is what WorkOS asked to wait before the next call, 0 where it asked nothing.
func RetryAfter(err error) time.Duration {
	if status, ok := errors.AsType[*statusError](err); ok {
		return status.wait
	}
	return 0
}

// newStatusError reads an answer that is no success. After says that the call named an event to go on after.
func newStatusError(resp *http.Response, detail string, after bool) error {
	e := &statusError{status: resp.StatusCode, detail: detail, wait: retryAfter(resp.Header)}
	switch status := resp.StatusCode; {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		e.kind = ErrKey
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status >= 500:
		e.kind = ErrTransient
	case after && (status == http.StatusBadRequest || status == http.StatusNotFound || status == http.StatusUnprocessableEntity):
		e.kind = ErrCursor
	case status == http.StatusNotFound:
		e.kind = ErrMissing
	case status < 400:
		e.kind = ErrAnswer
	}
	return e
}

// retryAfter reads the header Retry-After: seconds, or a date that counts from the answer's own.
func retryAfter(header http.Header) time.Duration {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.Atoi(value); err == nil {
		return max(0, min(time.Duration(min(seconds, int(longestWait/time.Second)))*time.Second, longestWait))
	}
	until, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return max(0, min(until.Sub(now), longestWait))
}

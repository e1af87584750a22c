package connectors

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// longestWait bounds what a target may ask for by Retry-After.
const longestWait = time.Hour

// StatusError is an answer other than 2xx. Detail is in the target's own words, shortened.
type StatusError struct {
	Status int
	Detail string
}

// Error says what the target answered and, where a person can mend it, how.
func (e *StatusError) Error() string {
	text := fmt.Sprintf("the target answered %d %s", e.Status, http.StatusText(e.Status))
	if e.Detail != "" {
		text += " (" + e.Detail + ")"
	}
	switch {
	case e.Status == http.StatusUnauthorized:
		text += "; check the provider's token"
	case e.Status == http.StatusForbidden:
		text += "; check what the provider's token may do"
	case e.Status >= 300 && e.Status < 400:
		text += ", which leads to another address; check the provider's base_url"
	}
	return text
}

// StatusOf answers the HTTP status within err, or 0 if the target did not answer.
func StatusOf(err error) int {
	var status *StatusError
	if errors.As(err, &status) {
		return status.Status
	}
	return 0
}

// statusError marks an answer with its outcome.
func statusError(resp *http.Response, detail string, writes bool) error {
	err := &StatusError{Status: resp.StatusCode, Detail: detail}
	switch status := resp.StatusCode; {
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable:
		return Retry(err, retryAfter(resp.Header))
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly, status == http.StatusPreconditionFailed:
		return Retry(err, 0)
	case status == http.StatusConflict:
		return Conflict(err)
	case status < 500, status == http.StatusNotImplemented:
		return Refuse(err)
	case writes:
		return Unsure(err)
	}
	return Retry(err, 0)
}

// transportError marks a call that got no answer. Sent says that a write had left the house.
func transportError(err error, sent bool) error {
	var certificate *tls.CertificateVerificationError
	var blocked *BlockedError
	switch cause := plain(err); {
	case sent:
		return Unsure(fmt.Errorf("no answer from the target: %w", cause))
	case errors.As(err, &blocked):
		return Refuse(blocked)
	case errors.As(err, &certificate):
		return Refuse(fmt.Errorf("the target's certificate is not trusted: %w", cause))
	case errors.Is(err, context.Canceled):
		return Retry(cause, 0)
	default:
		return Retry(fmt.Errorf("reach the target: %w", cause), 0)
	}
}

// retryAfter reads the header Retry-After: seconds, or a date that counts from the answer's own.
func retryAfter(header http.Header) time.Duration {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.Atoi(value); err == nil {
		return clamp(time.Duration(min(seconds, int(longestWait/time.Second))) * time.Second)
	}
	until, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return clamp(until.Sub(now))
}

func clamp(d time.Duration) time.Duration { return max(0, min(d, longestWait)) }

package connectors

import "net/http"

// MarkAnswer marks an answer other than 2xx with the outcome that it stands for, as [JSONClient] does, for connectors
// whose library speaks HTTP itself. Detail is in the target's own words: people read it short, on one line and without
// the given secrets.
func MarkAnswer(resp *http.Response, detail string, secrets []string, writes bool) error {
	words := JSONClient{Secrets: secrets, Detail: func(body []byte) string { return string(body) }}
	return statusError(resp, words.detail([]byte(detail)), writes)
}

// MarkTransport marks a call that got no answer, for the same connectors. Sent says that a write had left the house.
func MarkTransport(err error, sent bool) error { return transportError(err, sent) }

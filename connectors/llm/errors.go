package llm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/usherhq/usher/connectors"
)

// unreachable is an error of the network, without the address.
func unreachable(ctx context.Context, err error) error {
	var urlErr *url.Error
	if errors.As(err, &urlErr) {
		err = urlErr.Err
	}
	var slow interface{ Timeout() bool }
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return fmt.Errorf("the question to the model was given up: %w", ctx.Err())
	case errors.Is(ctx.Err(), context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return errors.New("the model took too long to answer: try again, or write the workflow yourself")
	}
	return fmt.Errorf("the model cannot be reached: %w", err)
}

// refused is an answer that is none, with the endpoint's own words where it has some.
func (c *Client) refused(status int, body []byte) error {
	what := map[int]string{
		http.StatusUnauthorized:        "the model's key is not accepted",
		http.StatusForbidden:           "the key may not use this model",
		http.StatusNotFound:            "there is no such model, or no chat completions at this address",
		http.StatusTooManyRequests:     "the model is asked too often, or its quota is used up: try again later",
		http.StatusRequestTimeout:      "the model took too long to answer: try again",
		http.StatusServiceUnavailable:  "the model is overloaded: try again later",
		http.StatusGatewayTimeout:      "the model took too long to answer: try again",
		http.StatusInternalServerError: "the model's endpoint has failed: try again later",
	}[status]
	if what == "" {
		what = "the model's endpoint refused the question"
	}
	if detail := c.detail(body); detail != "" {
		return fmt.Errorf("%s (status %d: %s)", what, status, detail)
	}
	return fmt.Errorf("%s (status %d)", what, status)
}

// detail is the sentence of an error answer, on one line, short, without the key.
func (c *Client) detail(body []byte) string {
	var answer struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return ""
	}
	text := strings.Join(strings.Fields(strings.ToValidUTF8(answer.Error.Message, "")), " ")
	if c.key != "" {
		text = strings.ReplaceAll(text, c.key, connectors.Redacted)
	}
	if len(text) > maxDetail {
		text = strings.ToValidUTF8(text[:maxDetail], "") + "…"
	}
	return text
}

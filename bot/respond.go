package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/slack-go/slack"
)

// responseMethod names response addresses in errors.
const responseMethod = "response_url"

// response is the body for a response address.
type response struct {
	Text            string        `json:"text"`
	Blocks          []slack.Block `json:"blocks"`
	ResponseType    string        `json:"response_type,omitempty"`
	ReplaceOriginal bool          `json:"replace_original"`
}

// Respond answers at the response address of a command or press: a new ephemeral message, or, with
// replace, one in the place of the message that was pressed. An address works five times within 30
// minutes and is ErrExpired afterwards.
func (b *Bot) Respond(ctx context.Context, responseURL string, message Message, replace bool) error {
	body := response{Text: message.Text, Blocks: message.Blocks, ReplaceOriginal: replace}
	if body.Blocks == nil {
		body.Blocks = []slack.Block{}
	}
	if !replace {
		body.ResponseType = "ephemeral"
	}
	return b.respond(ctx, responseURL, body)
}

// RespondDelete removes the message that was pressed.
func (b *Bot) RespondDelete(ctx context.Context, responseURL string) error {
	return b.respond(ctx, responseURL, map[string]bool{"delete_original": true})
}

func (b *Bot) respond(ctx context.Context, responseURL string, body any) error {
	if err := b.trusted(responseURL); err != nil {
		return err
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encode response: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, responseURL, bytes.NewReader(encoded))
	if err != nil {
		return fmt.Errorf("make response: %w", withoutAddress(err))
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	answer, err := b.gate.Do(request)
	if err != nil {
		return classify(responseMethod, err)
	}
	defer discard(answer)
	return readResponse(answer)
}

// readResponse understands the answers seen: "ok", {"ok":true}, and the same with an error code.
func readResponse(answer *http.Response) error {
	text, err := io.ReadAll(io.LimitReader(answer.Body, 4096))
	if err != nil {
		return classify(responseMethod, errors.Join(ErrUnknown, err))
	}
	var verdict struct {
		OK    bool   `json:"ok"`
		Error string `json:"error"`
	}
	code := strings.TrimSpace(string(text))
	if json.Unmarshal(text, &verdict) == nil {
		code = verdict.Error
	}
	if answer.StatusCode == http.StatusOK && (verdict.OK || verdict.Error == "") {
		return nil
	}
	if answer.StatusCode == http.StatusNotFound && code != "used_url" {
		code = "expired_url"
	}
	return &Refused{Method: responseMethod, Code: clip(code, 80)}
}

// trusted keeps a forged address from making us call somebody else.
func (b *Bot) trusted(address string) error {
	parsed, err := url.Parse(address)
	if err != nil || address == "" {
		return &Refused{Method: responseMethod, Code: "expired_url", Messages: []string{"no response address"}}
	}
	host := strings.ToLower(parsed.Hostname())
	slackHost := host == "slack.com" || strings.HasSuffix(host, ".slack.com") || strings.HasSuffix(host, ".slack-gov.com")
	ownHost := parsed.Host == b.gate.base.Host && parsed.Scheme == b.gate.base.Scheme
	if ownHost || (slackHost && parsed.Scheme == "https") {
		return nil
	}
	return &Refused{Method: responseMethod, Code: "untrusted_url"}
}

package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/slack-go/slack"
)

// ValidateBlocks asks Slack's own judge (blocks.validate) whether the blocks may be posted. What it
// complains of is *Refused with one message per fault.
func (b *Bot) ValidateBlocks(ctx context.Context, blocks []slack.Block) error {
	return b.validate(ctx, "blocks", blocks)
}

// ValidateView asks the same about a modal or Home tab.
func (b *Bot) ValidateView(ctx context.Context, view any) error {
	return b.validate(ctx, "view", view)
}

// validate makes the call itself: slack-go does not know the method.
func (b *Bot) validate(ctx context.Context, what string, value any) error {
	const method = "blocks.validate"
	encoded, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encode %s: %w", what, err)
	}
	form := url.Values{"token": {b.settings.BotToken}, what: {string(encoded)}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, b.settings.APIURL+method, strings.NewReader(form.Encode()))
	if err != nil {
		return fmt.Errorf("make call: %w", withoutAddress(err))
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := b.gate.Do(request)
	if err != nil {
		return classify(method, err)
	}
	defer discard(answer)
	return readVerdict(method, answer.Body)
}

func readVerdict(method string, body io.Reader) error {
	var verdict struct {
		OK     bool   `json:"ok"`
		Error  string `json:"error"`
		Errors []struct {
			Message string `json:"message"`
			Pointer string `json:"pointer"`
		} `json:"errors"`
	}
	if err := json.NewDecoder(body).Decode(&verdict); err != nil {
		return classify(method, err)
	}
	if verdict.OK {
		return nil
	}
	refusal := &Refused{Method: method, Code: verdict.Error}
	for _, fault := range verdict.Errors {
		refusal.Messages = append(refusal.Messages, fault.Pointer+": "+fault.Message)
	}
	return refusal
}

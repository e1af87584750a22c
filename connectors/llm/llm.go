// Package llm asks a language model for the draft of a workflow, at any endpoint that speaks OpenAI's chat completions
// (https://platform.openai.com/docs/api-reference/chat/create): POST {url}/chat/completions. It is optional, and a draft
// is only a text: it is compiled, shown and published like one that a person wrote.
//
// The key needs no more than the right to ask for completions. Nothing is sent but the instructions and the material.
package llm

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
	"time"

	"github.com/usherhq/usher/connectors"
)

// The bounds of one draft.
const (
	timeout    = 60 * time.Second
	maxRequest = 256 << 10 // bytes of instructions and material
	maxAnswer  = 1 << 20   // bytes of the whole answer
	maxDraft   = 64 << 10  // bytes of the text in it
	maxDetail  = 200       // bytes of an error's own words
)

// Settings say which model to ask. URL is what stands before /chat/completions, for example
// https://api.openai.com/v1. Key may be empty.
type Settings struct {
	URL, Model, Key string
}

// Client asks one model. It is safe for use by many goroutines.
type Client struct {
	address, model, key string
	http                *http.Client
}

// New checks the settings. The HTTP client is for an address that the operator wrote, such as
// [connectors.NewHTTPClient] makes; nil makes one. Its own time limit counts besides ours.
func New(settings Settings, client *http.Client) (*Client, error) {
	u, err := url.Parse(settings.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("the model's address must be like https://api.example.com/v1")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("the model's address must have no user, query or fragment")
	case strings.TrimSpace(settings.Model) == "":
		return nil, errors.New("the model's name is missing")
	case strings.ContainsAny(settings.Key, "\r\n"):
		return nil, errors.New("the model's key must be one line")
	}
	if client == nil {
		client = connectors.NewHTTPClient()
		client.Timeout = timeout
	}
	return &Client{
		address: strings.TrimRight(settings.URL, "/") + "/chat/completions", model: settings.Model, key: settings.Key, http: client,
	}, nil
}

// message is one message of a conversation.
type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// completion is what is read of an answer.
type completion struct {
	Choices []struct {
		Message struct {
			Content string `json:"content"`
			Refusal string `json:"refusal"`
		} `json:"message"`
		FinishReason string `json:"finish_reason"`
	} `json:"choices"`
}

// Draft asks the model for a text. Instructions are ours and go as the system's message; material is what people typed,
// made harmless by the caller, and goes as the user's. The error says in plain words what is wrong.
func (c *Client) Draft(ctx context.Context, instructions, material string) (string, error) {
	if len(instructions)+len(material) > maxRequest {
		return "", fmt.Errorf("the model is asked too much at once: more than %d KB", maxRequest>>10)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	body, err := json.Marshal(map[string]any{
		"model": c.model, "messages": []message{{"system", instructions}, {"user", material}},
	})
	if err != nil {
		return "", fmt.Errorf("write the question to the model: %w", err)
	}
	answer, err := c.post(ctx, body)
	if err != nil {
		return "", err
	}
	return textOf(answer)
}

func (c *Client) post(ctx context.Context, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("the model's address cannot be used")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+c.key)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, unreachable(ctx, err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case resp.StatusCode != http.StatusOK:
		return nil, c.refused(resp.StatusCode, answer)
	case err != nil:
		return nil, unreachable(ctx, err)
	case len(answer) > maxAnswer:
		return nil, fmt.Errorf("the model's answer is larger than %d KB", maxAnswer>>10)
	}
	return answer, nil
}

// textOf reads the text out of an answer.
func textOf(answer []byte) (string, error) {
	var read completion
	if err := json.Unmarshal(answer, &read); err != nil || len(read.Choices) == 0 {
		return "", errors.New("the model's endpoint answered something else than a chat completion")
	}
	choice := read.Choices[0]
	text := strings.TrimSpace(choice.Message.Content)
	switch {
	case choice.Message.Refusal != "" || choice.FinishReason == "content_filter":
		return "", errors.New("the model refused to write a draft: write the workflow yourself")
	case choice.FinishReason == "length":
		return "", errors.New("the model's draft was cut off at its limit: ask for less, or write the workflow yourself")
	case text == "":
		return "", errors.New("the model answered nothing: try again, or write the workflow yourself")
	case len(text) > maxDraft:
		return "", fmt.Errorf("the model's draft is longer than %d KB", maxDraft>>10)
	}
	return text, nil
}

package connectors

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// maxPayload bounds a message, in bytes: the specification asks for less than 20 KB.
const maxPayload = 20 << 10

// messageID is what can be a webhook-id. The specification forbids the dot, which separates what is signed.
var messageID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,200}$`)

// boundHook is a webhook that can be sent.
type boundHook struct {
	declaredHook
	deps    Deps
	client  *http.Client
	signers []*standardwebhooks.Webhook
}

// message is what is delivered (Standard Webhooks 1.0), and where the receiver may answer later.
type message struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      any       `json:"data"`
	Callback  string    `json:"callback,omitempty"`
}

// bind makes a hook that can be sent.
func (d declaredHook) bind(deps Deps) (Hook, error) {
	b := &boundHook{declaredHook: d, deps: deps}
	for _, ref := range d.secrets {
		secret, err := deps.Secret(ref)
		if err != nil {
			return Hook{}, fmt.Errorf("webhook %s: secret: %w", d.hook.Name, err)
		}
		signer, err := signerOf(secret)
		if err != nil {
			return Hook{}, fmt.Errorf("webhook %s: secret %s: %w", d.hook.Name, ref, err)
		}
		b.signers = append(b.signers, signer)
	}
	source := deps.HTTP
	if d.address.outside {
		source = deps.Outside
	}
	patient := *source()
	patient.Timeout = d.timeout
	patient.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	b.client = &patient
	hook := d.hook
	hook.Send = b.send
	return hook, nil
}

// signerOf reads a signing secret. Its error does not repeat it.
func signerOf(secret string) (*standardwebhooks.Webhook, error) {
	encoded, ok := strings.CutPrefix(secret, "whsec_")
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil || len(key) < 24 || len(key) > 64 {
		return nil, errors.New("must be whsec_ and 24 to 64 bytes in base64, as Standard Webhooks has it")
	}
	return standardwebhooks.NewWebhookRaw(key)
}

// send delivers once. No answer, or one that says nothing final, is worth another try and never Unknown: the receiver
// knows a second delivery by its webhook-id (Standard Webhooks 1.0, "idempotency"), so that nothing happens twice.
func (b *boundHook) send(ctx context.Context, call Call, callback string) HookResult {
	req, err := b.request(ctx, call, callback)
	if err != nil {
		return b.ended(Refuse(err))
	}
	resp, err := b.client.Do(req)
	if err != nil {
		return b.ended(transportError(err, false))
	}
	defer func() { _ = resp.Body.Close() }()
	// A success is complete with its status. So a body that breaks off is only a body that is not kept.
	body, readErr := io.ReadAll(io.LimitReader(resp.Body, maxOutput+1))
	if readErr != nil || len(body) > maxOutput {
		body = nil
	}
	return b.answered(resp, body, callback)
}

// request fills in and signs a message.
func (b *boundHook) request(ctx context.Context, call Call, callback string) (*http.Request, error) {
	if err := CheckArgs(b.hook.Args, call.Args); err != nil {
		return nil, err
	}
	if !messageID.MatchString(call.IdempotencyKey) {
		return nil, fmt.Errorf("%q cannot be a webhook-id", call.IdempotencyKey)
	}
	f, err := fillerOf(b.deps, b.hook.Args, b.defaults, call)
	if err != nil {
		return nil, err
	}
	address, err := f.address(b.address)
	if err != nil {
		return nil, err
	}
	now := time.Now().UTC()
	payload, err := b.payload(f, message{Type: b.hook.Event, Timestamp: now.Truncate(time.Second), Callback: callback})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(payload))
	if err != nil {
		return nil, plain(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(standardwebhooks.HeaderWebhookID, call.IdempotencyKey)
	req.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	signatures := make([]string, len(b.signers))
	for i, signer := range b.signers {
		if signatures[i], err = signer.Sign(call.IdempotencyKey, now, payload); err != nil {
			return nil, fmt.Errorf("sign: %w", err)
		}
	}
	req.Header.Set(standardwebhooks.HeaderWebhookSignature, strings.Join(signatures, " "))
	return req, nil
}

func (b *boundHook) payload(f filler, m message) ([]byte, error) {
	m.Data = map[string]any{
		"subject": map[string]any{"email": f.scope["subject"].(map[string]any)["email"]}, //nolint:errcheck // fillerOf made it
		"target":  f.scope[scopeTarget], "args": f.scope[scopeArgs],
	}
	if b.body != nil {
		var err error
		if m.Data, err = f.value(b.body); err != nil {
			return nil, err
		}
	}
	payload, err := json.Marshal(m)
	if err == nil && len(payload) > maxPayload {
		err = fmt.Errorf("the message is larger than %d KB: send less, and let the receiver ask for the rest", maxPayload>>10)
	}
	return payload, err
}

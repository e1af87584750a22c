package workostest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// Tries is how often WorkOS sends a webhook in production until it is taken.
const Tries = 12

// Sender sends webhooks as WorkOS does: signed, again until they are taken, and in any order.
type Sender struct {
	URL     string
	Secret  string
	Clock   func() time.Time
	Shuffle *rand.Rand // nil: in order
}

// Send sends each event as a webhook. It returns how many tries each took, in the order of events; 0 is one that was
// never taken.
func (s Sender) Send(ctx context.Context, events []Object) ([]int, error) {
	order := make([]int, len(events))
	for i := range order {
		order[i] = i
	}
	if s.Shuffle != nil {
		s.Shuffle.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	}
	tries := make([]int, len(events))
	for _, at := range order {
		body, err := json.Marshal(events[at])
		if err != nil {
			return nil, err
		}
		for try := 1; try <= Tries && tries[at] == 0; try++ {
			status, err := s.Post(ctx, body, Sign(body, s.Secret, s.Clock()))
			if err != nil {
				return nil, err
			}
			if status >= 200 && status <= 299 {
				tries[at] = try
			}
		}
	}
	return tries, nil
}

// Post sends a body with a signature once and returns the status that came back.
func (s Sender) Post(ctx context.Context, body []byte, signature string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "WorkOS-Webhooks/1.0")
	if signature != "" {
		req.Header.Set("WorkOS-Signature", signature)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}

// Sign is the header WorkOS-Signature of a body.
func Sign(body []byte, secret string, at time.Time) string {
	ms := strconv.FormatInt(at.UnixMilli(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = fmt.Fprintf(mac, "%s.%s", ms, body) // a hash takes all
	return "t=" + ms + ", v1=" + hex.EncodeToString(mac.Sum(nil))
}

package workos

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"
)

// SignatureHeader is the header that says who sent a webhook.
const SignatureHeader = "WorkOS-Signature"

const (
	// tolerance is how old the signature of a webhook may be, as in WorkOS's own libraries, and how far ahead.
	tolerance = 180 * time.Second
	// maxSignatures bounds how many signatures a header may hold: WorkOS sends one, and two while a secret changes.
	maxSignatures = 8
)

// What may be wrong with a signature. None of them says what would have been right.
var (
	ErrNoSignature  = errors.New("there is no signature of the scheme v1, or no time, in the header " + SignatureHeader)
	ErrBadSignature = errors.New("the signature is not of this body with the directory's webhook secret")
	ErrOldSignature = errors.New("the signature is too old or too new: it must be from the last three minutes, by this machine's clock")
)

// Verify checks that a webhook was sent by WorkOS: header is "t=<milliseconds>, v1=<hex>", where v1 is the HMAC-SHA256
// of the time, a dot and the body as it came (https://workos.com/docs/events/data-syncing/webhooks). The time counts
// only once the signature is right, so that nobody without the secret learns of the clock.
func Verify(header string, body []byte, secret string, now time.Time) error {
	stamp, signatures := readSignature(header)
	ms, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || len(signatures) == 0 || secret == "" {
		return ErrNoSignature
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp + "."))
	mac.Write(body)
	want := mac.Sum(nil)
	right := false
	for _, signature := range signatures {
		given, err := hex.DecodeString(signature)
		right = err == nil && hmac.Equal(given, want) || right
	}
	if !right {
		return ErrBadSignature
	}
	if age := now.Sub(time.UnixMilli(ms)); age > tolerance || age < -tolerance {
		return ErrOldSignature
	}
	return nil
}

// readSignature takes a header apart. Schemes other than v1 are left out; two times are none.
func readSignature(header string) (stamp string, signatures []string) {
	times := 0
	for part := range strings.SplitSeq(header, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch {
		case name == "t":
			stamp = value
			times++
		case name == "v1" && value != "" && len(signatures) < maxSignatures:
			signatures = append(signatures, value)
		}
	}
	if times != 1 {
		return "", nil
	}
	return stamp, signatures
}

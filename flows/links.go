package flows

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"github.com/usherhq/usher/db"
)

// The purposes of links that come back to us. A link of one purpose is nothing to another.
const (
	purposeCallback = "callback"
	purposeMail     = "mail"
)

var timeless time.Time

// sign makes the token of a link: what it is about, and a signature over that and the purpose. The same facts give the
// same token, so that a message that is sent twice holds one link. A token lives as long as its script waits for it.
func (f *Flows) sign(ctx context.Context, purpose string, facts ...string) (string, error) {
	key, err := db.SigningKey(ctx, f.store)
	if err != nil {
		return "", err
	}
	about := strings.Join(facts, ".")
	signature := base64.RawURLEncoding.EncodeToString(signature(key, purpose, about))
	return base64.RawURLEncoding.EncodeToString([]byte(about)) + "." + signature, nil
}

// verify reads a token that sign made: the script, and the rest of its facts. Anything else is ErrNoLink.
func (f *Flows) verify(ctx context.Context, purpose, token string) (scriptID, rest string, err error) {
	key, err := db.SigningKey(ctx, f.store)
	if err != nil {
		return "", "", err
	}
	first, second, _ := strings.Cut(token, ".")
	about, aboutErr := base64.RawURLEncoding.DecodeString(first)
	given, givenErr := base64.RawURLEncoding.DecodeString(second)
	if aboutErr != nil || givenErr != nil || !hmac.Equal(given, signature(key, purpose, string(about))) {
		return "", "", ErrNoLink
	}
	scriptID, rest, _ = strings.Cut(string(about), ".")
	return scriptID, rest, nil
}

func signature(key []byte, purpose, about string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(purpose + "\x00" + about))
	return mac.Sum(nil)
}

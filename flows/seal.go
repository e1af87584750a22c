package flows

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// sealKey is how many bytes the installation's key has: AES-256.
const sealKey = 32

// sealedBy is what sealed texts begin with, so that another way to seal can be told apart.
const sealedBy = "gcm1:"

// sealer makes secrets in the database unreadable for whoever has only the database (AES-256-GCM). What a secret is
// about is sealed in: the secret of one person does not open as that of another.
type sealer struct{ aead cipher.AEAD }

// newSealer takes the installation's key. Without one nothing can be sealed, and it is nil.
func newSealer(key []byte) (*sealer, error) {
	if len(key) == 0 {
		return nil, nil //nolint:nilnil // no key is no sealer
	}
	if len(key) != sealKey {
		return nil, fmt.Errorf("the key for secrets must have %d bytes", sealKey)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("take the key for secrets: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("take the key for secrets: %w", err)
	}
	return &sealer{aead: aead}, nil
}

func (s *sealer) seal(secret, about string) (string, error) {
	nonce := make([]byte, s.aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return "", fmt.Errorf("seal a secret: %w", err)
	}
	return sealedBy + base64.StdEncoding.EncodeToString(s.aead.Seal(nonce, nonce, []byte(secret), []byte(about))), nil
}

// errSealed says that a sealed secret can't be opened: by another key, or it was changed, or is about something else.
var errSealed = errors.New("the secret can't be opened with this USHER_SECRET_KEY")

func (s *sealer) open(sealed, about string) (string, error) {
	text, ok := strings.CutPrefix(sealed, sealedBy)
	if !ok {
		return "", errSealed
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw) < s.aead.NonceSize() {
		return "", errSealed
	}
	secret, err := s.aead.Open(nil, raw[:s.aead.NonceSize()], raw[s.aead.NonceSize():], []byte(about))
	if err != nil {
		return "", errSealed
	}
	return string(secret), nil
}

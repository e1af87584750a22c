package db

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
	"time"
)

// idAlphabet is Crockford's base 32 in lower case: no letters that are mistaken for digits when read aloud.
var idAlphabet = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// NewID makes an identifier such as "req_4m8k2x0qz7": the prefix says what it names, the rest is 50 random bits.
func NewID(prefix string) string {
	var random [10]byte
	rand.Read(random[:]) // never fails: crypto/rand ends the program instead
	return prefix + "_" + strings.ToLower(idAlphabet.EncodeToString(random[:]))[:10]
}

// UTC is at in the form in which times are stored and compared: UTC, microseconds, no monotonic clock.
func UTC(at time.Time) time.Time { return at.UTC().Truncate(time.Microsecond) }

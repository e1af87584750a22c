package slack

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// idBase makes every id nine digits long in base 36.
const idBase = 36 * 36 * 36 * 36 * 36 * 36 * 36 * 36

// newID makes the next id of a kind: a letter and ten characters, as Slack's. The lock is held.
func (w *Workspace) newID(kind string) string {
	w.lastID++
	return kind + "0" + strings.ToUpper(strconv.FormatInt(idBase+int64(w.lastID)*104729, 36))
}

// newTS makes a message timestamp: seconds, six digits, unique and rising within the workspace. The lock is held.
func (w *Workspace) newTS() string {
	micros := w.clock.Now().UnixMicro()
	if micros <= w.lastTS {
		micros = w.lastTS + 1
	}
	w.lastTS = micros
	return formatTS(time.UnixMicro(micros))
}

func formatTS(at time.Time) string {
	micros := at.UnixMicro()
	return fmt.Sprintf("%d.%06d", micros/1e6, micros%1e6)
}

// secret makes n random bytes in hexadecimal.
func secret(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails, see its documentation
	return hex.EncodeToString(b)
}

// slug makes a name fit for a domain or a channel: lower case, digits and hyphens.
func slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_':
			b.WriteRune(r)
		case r == ' ':
			b.WriteRune('-')
		}
	}
	return b.String()
}

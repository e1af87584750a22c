package handlers

import (
	"bytes"
	"errors"
)

// auditFileLimit is the largest export that is handed over in Slack, in bytes.
const auditFileLimit = 20 << 20

// errTooLarge says that an export is too large for Slack.
var errTooLarge = errors.New("too large for Slack")

// limited writes into memory up to a number of bytes.
type limited struct {
	w    *bytes.Buffer
	left int
}

// Write refuses what would go beyond the limit.
func (l *limited) Write(p []byte) (int, error) {
	if len(p) > l.left {
		return 0, errTooLarge
	}
	l.left -= len(p)
	return l.w.Write(p)
}

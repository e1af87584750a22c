package audit

import (
	"fmt"
	"time"
)

// ParseTime reads a time as people give it on the command line, RFC 3339 or a date (which is its first moment in
// UTC), and writes it in the form in which times stand in the log, so that the two can be compared as texts.
// Anything finer than a microsecond is cut off.
func ParseTime(text string) (string, error) {
	for _, form := range []string{time.RFC3339Nano, time.DateOnly} {
		at, err := time.Parse(form, text)
		if err != nil {
			continue
		}
		if at = at.UTC(); at.Year() < 1 || at.Year() > 9999 {
			break
		}
		return at.Format(timeForm), nil
	}
	return "", fmt.Errorf("%q is not a time: write a date such as 2026-03-02 or a time such as 2026-03-02T09:30:00Z", text)
}

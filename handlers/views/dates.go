package views

import (
	"fmt"
	"time"

	"github.com/usherhq/usher/db"
)

// on writes a time so that each reader's Slack shows it in his own zone
// (https://docs.slack.dev/messaging/formatting-message-text#date-formatting).
func on(at time.Time) string {
	if at.IsZero() || at.Unix() < 0 {
		return "an unknown time"
	}
	return fmt.Sprintf("<!date^%d^{date_short_pretty} at {time}|%s>", at.Unix(), utc(at))
}

// utc writes a time where Slack draws no dates: in plain text.
func utc(at time.Time) string { return at.UTC().Format("2006-01-02 15:04") + " UTC" }

// span writes how long something lasts or takes, for a sentence.
func span(length time.Duration) string {
	switch {
	case length >= 48*time.Hour:
		length = length.Truncate(time.Hour)
	case length >= 2*time.Minute:
		length = length.Truncate(time.Minute)
	default:
		length = max(length.Truncate(time.Second), time.Second)
	}
	return db.Duration(length).Words()
}

// took writes how long a script ran: "40 ms", "0.4 s", "12 s", "3 minutes".
func took(from, to time.Time) string {
	if from.IsZero() || to.Before(from) {
		return ""
	}
	switch length := to.Sub(from); {
	case length < 100*time.Millisecond:
		return fmt.Sprintf("%d ms", max(length.Milliseconds(), 1))
	case length < 10*time.Second:
		return fmt.Sprintf("%.1f s", length.Seconds())
	case length < 2*time.Minute:
		return fmt.Sprintf("%.0f s", length.Seconds())
	default:
		return span(length)
	}
}

package db

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Duration is a length of time as people write it in Usher: "30m", "8h", "7d", "1h30m". In columns it is whole seconds.
type Duration time.Duration

const day = 24 * time.Hour

// Standing is the duration of access that is held for as long as a rule gives it. It is longer than any that people can
// write.
const Standing = Duration(150 * 365 * day)

// ParseDuration reads "45s", "30m", "8h", "7d", "2w" or a sum such as "1d12h". Zero and negative lengths are errors.
func ParseDuration(text string) (Duration, error) {
	rest, total := strings.ToLower(strings.TrimSpace(text)), time.Duration(0)
	for rest != "" {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		if digits == 0 || digits == len(rest) {
			return 0, fmt.Errorf("%q is not a duration: write for example 30m, 8h or 7d", text)
		}
		number, err := strconv.ParseInt(rest[:digits], 10, 32)
		unit, known := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': day, 'w': 7 * day}[rest[digits]]
		if err != nil || !known || time.Duration(number) > (100*365*day-total)/unit {
			return 0, fmt.Errorf("%q is not a duration: write for example 30m, 8h or 7d", text)
		}
		total += time.Duration(number) * unit
		rest = rest[digits+1:]
	}
	if total <= 0 {
		return 0, errors.New("a duration must be longer than nothing: write for example 30m, 8h or 7d")
	}
	return Duration(total), nil
}

// String writes the duration in the largest whole units: "8h", "7d", "1h30m"; nothing is "0s", Standing is "standing".
func (d Duration) String() string {
	if d == Standing {
		return "standing"
	}
	var text strings.Builder
	d.inUnits(func(n int64, u unit) { fmt.Fprintf(&text, "%d%s", n, u.letter) })
	if text.Len() == 0 {
		return "0s"
	}
	return text.String()
}

// Words writes the duration for a sentence: "8 hours", "7 days", "1 hour 30 minutes".
func (d Duration) Words() string {
	if d == Standing {
		return "as long as the rule holds"
	}
	var parts []string
	d.inUnits(func(n int64, u unit) {
		plural := "s"
		if n == 1 {
			plural = ""
		}
		parts = append(parts, fmt.Sprintf("%d %s%s", n, u.word, plural))
	})
	if len(parts) == 0 {
		return "no time"
	}
	return strings.Join(parts, " ")
}

// unit is a piece in which durations are written.
type unit struct {
	length       time.Duration
	letter, word string
}

// inUnits calls write for each unit that the duration, to the second, has some of: the longest unit first.
func (d Duration) inUnits(write func(n int64, u unit)) {
	rest := time.Duration(d).Round(time.Second)
	for _, u := range []unit{{day, "d", "day"}, {time.Hour, "h", "hour"}, {time.Minute, "m", "minute"}, {time.Second, "s", "second"}} {
		if n := rest / u.length; n > 0 {
			write(int64(n), u)
		}
		rest %= u.length
	}
}

// MarshalText writes the duration as String does; nothing is empty.
func (d Duration) MarshalText() ([]byte, error) {
	if d == 0 {
		return nil, nil
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads what ParseDuration reads, and what MarshalText writes; empty is nothing.
func (d *Duration) UnmarshalText(text []byte) error {
	switch string(text) {
	case "":
		*d = 0
		return nil
	case Standing.String():
		*d = Standing
		return nil
	}
	parsed, err := ParseDuration(string(text))
	*d = parsed
	return err
}

// Value stores whole seconds.
func (d Duration) Value() (driver.Value, error) { return int64(time.Duration(d) / time.Second), nil }

// Scan reads whole seconds.
func (d *Duration) Scan(value any) error {
	seconds, ok := value.(int64)
	if !ok && value != nil {
		return fmt.Errorf("a duration column holds %T", value)
	}
	*d = Duration(time.Duration(seconds) * time.Second)
	return nil
}

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
		if err != nil || !known || time.Duration(number) > (100*365*day)/unit {
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

// String writes the duration in the largest whole units: "8h", "7d", "1h30m"; nothing is "0s".
func (d Duration) String() string {
	if d == 0 {
		return "0s"
	}
	var text strings.Builder
	rest := time.Duration(d).Round(time.Second)
	for _, unit := range []struct {
		length time.Duration
		letter string
	}{{day, "d"}, {time.Hour, "h"}, {time.Minute, "m"}, {time.Second, "s"}} {
		if n := rest / unit.length; n > 0 {
			fmt.Fprintf(&text, "%d%s", n, unit.letter)
			rest -= n * unit.length
		}
	}
	return text.String()
}

// Words writes the duration for a sentence: "8 hours", "7 days", "1 hour 30 minutes".
func (d Duration) Words() string {
	var parts []string
	rest := time.Duration(d).Round(time.Second)
	for _, unit := range []struct {
		length time.Duration
		word   string
	}{{day, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}, {time.Second, "second"}} {
		n := rest / unit.length
		if n == 0 {
			continue
		}
		rest -= n * unit.length
		if n == 1 {
			parts = append(parts, "1 "+unit.word)
		} else {
			parts = append(parts, fmt.Sprintf("%d %ss", n, unit.word))
		}
	}
	if len(parts) == 0 {
		return "no time"
	}
	return strings.Join(parts, " ")
}

// MarshalText writes the duration as String does; nothing is empty.
func (d Duration) MarshalText() ([]byte, error) {
	if d == 0 {
		return nil, nil
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads what ParseDuration reads; empty is nothing.
func (d *Duration) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = 0
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

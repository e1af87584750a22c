package workflow

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/usherhq/usher/db"
)

var (
	units = map[string]string{
		"s": "s", "second": "s", "m": "m", "minute": "m", "h": "h", "hour": "h", "d": "d", "day": "d", "w": "w", "week": "w",
	}
	numbers = map[string]int{
		"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
		"eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "forty-five": 45, "fifty": 50, "sixty": 60, "ninety": 90,
		"once": 1, "twice": 2, "thrice": 3,
	}
	shortLength = regexp.MustCompile(`^(\d{1,6})([smhdw])$`)
	glued       = regexp.MustCompile(`^(\d{1,6})-?(seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?)$`)
	sumLength   = regexp.MustCompile(`^(\d{1,6}[smhdw]){2,}$`)
)

// readLength reads a length of time: "5 minutes", "half an hour", "an hour and a half", "24h".
func readLength(words []word) (db.Duration, bool) {
	var text strings.Builder
	for n := 0; n < len(words); {
		part, used := lengthAt(words[n:])
		if used == 0 {
			return 0, false
		}
		text.WriteString(part)
		n += used
		if n < len(words)-1 && words[n].is("and") {
			n++
		}
	}
	length, err := db.ParseDuration(text.String())
	return length, err == nil
}

// shortLengths are lengths that are no number and unit.
var shortLengths = []struct {
	pattern
	text string
	used int
}{
	{form("half an hour"), "30m", 3},
	{form("half a day"), "12h", 3},
	{form("half a minute"), "30s", 3},
	{form("an hour and a half"), "90m", 5},
	{form("a day and a half"), "36h", 5},
	{form("a quarter of an hour"), "15m", 5},
	{form("one and a half hour"), "90m", 5},
	{form("a half hour"), "30m", 3},
	{form("a fortnight"), "14d", 2},
}

// lengthAt reads one number and unit.
func lengthAt(words []word) (string, int) {
	for _, short := range shortLengths {
		if len(words) >= short.used {
			if _, ok := short.match(words[:short.used]); ok {
				return short.text, short.used
			}
		}
	}
	w := words[0]
	if w.shape != plain {
		return "", 0
	}
	if shortLength.MatchString(w.text) || sumLength.MatchString(w.text) {
		return w.text, 1
	}
	if m := glued.FindStringSubmatch(w.text); m != nil {
		return m[1] + m[2][:1], 1
	}
	number, is := readNumber(w)
	if !is || len(words) < 2 || words[1].shape != plain || units[words[1].text] == "" {
		return "", 0
	}
	return strconv.Itoa(number) + units[words[1].text], 2
}

// readNumber reads a number, in digits or in words.
func readNumber(w word) (int, bool) {
	if n, is := numbers[w.text]; is && w.shape == plain {
		return n, true
	}
	n, err := strconv.Atoi(w.text)
	return n, err == nil && w.shape == plain && n >= 0 && n < 1_000_000
}

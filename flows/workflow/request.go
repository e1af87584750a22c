package workflow

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/usherhq/usher/db"
)

// comparisons are the ways to compare a duration, with CEL's signs.
var comparisons = []struct {
	pattern
	sign string
}{
	{form("is? longer|greater|more|bigger|higher than <d>"), ">"},
	{form("exceeds|over|above|beyond <d>"), ">"},
	{form("is over|above <d>"), ">"},
	{form("is? at least <d>"), ">="},
	{form("is? <d> or more|longer"), ">="},
	{form("is? no|not less|shorter than <d>"), ">="},
	{form("is? shorter|less|smaller than <d>"), "<"},
	{form("is? under|below <d>"), "<"},
	{form("is? at most <d>"), "<="},
	{form("is? up to <d>"), "<="},
	{form("is? <d> or less|shorter"), "<="},
	{form("is? no|not longer|more than <d>"), "<="},
	{form("does not exceed <d>"), "<="},
	{form("is? exactly <d>"), "=="},
	{form("is <d>"), "=="},
}

// lengthSubjects is what may stand before a comparison of the duration.
var lengthSubjects = forms(
	"the? requested? duration <c>", "the? duration of the? request|access|grant <c>", "<x> duration <c>",
	"it|this|access|request|grant is requested|asked|granted|needed? for? <c>", "the|this access|request|grant is requested|asked|granted|needed? for? <c>",
	"the? access|request|grant|it lasts|runs|takes for? <c>", "the access|request|grant lasts|runs|is for? <c>", "it is for <c>",
	"access|request|requests|grants|it for? <c>", "the|this access|request|grant is for <c>", "access is for <c>", "the? user needs|wants|requests it|access for <c>",
)

// ofRequest reads a condition about the request: how long, how risky, why, how it ended.
func (c *compiler) ofRequest(words []word) (*cond, *unclear) {
	for _, p := range lengthSubjects {
		f, ok := p.match(words)
		if !ok || len(f.words["x"]) > 2 {
			continue
		}
		if x := f.words["x"]; len(x) > 0 && !allIn(x, setOf("the request access grant its")) {
			continue
		}
		if k := compareLength(f.words["c"]); k != nil {
			return k, nil
		}
	}
	if k := ofRisk(words); k != nil {
		return k, nil
	}
	if f, ok := form("the? reason|justification contains|mentions|includes <v>").match(words); ok && len(f.words["v"]) == 1 && f.words["v"][0].shape == quoted {
		return &cond{expr: fmt.Sprintf("request.reason.contains(%s)", literal(f.words["v"][0].text))}, nil
	}
	for word, cause := range endCauses {
		for _, text := range []string{"the? grant|access|it has? " + word, "the? grant|access|it is|was " + word, "the grant|access " + word} {
			if _, ok := form(text).match(words); ok && c.kind == db.Deprovision {
				return &cond{expr: "grant.end_cause == " + literal(cause)}, nil
			}
		}
	}
	return nil, nil
}

// compareLength reads a comparison of the duration.
func compareLength(words []word) *cond {
	for _, comparison := range comparisons {
		f, ok := comparison.match(words)
		if !ok {
			continue
		}
		if length, is := readLength(f.words["d"]); is {
			return &cond{expr: fmt.Sprintf("duration %s duration('%s')", comparison.sign, length)}
		}
	}
	return nil
}

var riskForms = []struct {
	pattern
	not bool
}{
	{form("the? risk is not <v>"), true},
	{form("the? risk level? is <v>"), false},
	{form("it|this|access|entitlement is a? <v> risk"), false},
	{form("it|this|access|entitlement is not a? <v> risk"), true},
	{form("the|this access|entitlement is not <v> risk"), true},
	{form("the|this access|entitlement is <v> risk"), false},
	{form("the? risk of the|this entitlement|access is <v>"), false},
	{form("the? <w> risk level? is <v>"), false},
	{form("<v> risk access|entitlements|request|requests"), false},
	{form("<v> risk"), false},
	{form("the? entitlement access? has a? <v> risk"), false},
	{form("the? entitlement|access has a? <v> risk"), false},
}

func ofRisk(words []word) *cond {
	for _, r := range riskForms {
		f, ok := r.match(words)
		if !ok || !allIn(f.words["w"], setOf("entitlement access")) {
			continue
		}
		var values []string
		plainly := true
		for _, w := range f.words["v"] {
			if !w.is("or") && w.shape != comma {
				values, plainly = append(values, w.text), plainly && w.in(setOf("low medium high"))
			}
		}
		if plainly && len(values) > 0 && (len(values) == 1 || holds(f.words["v"], "or")) {
			return &cond{expr: comparison("entitlement.risk", values, r.not)}
		}
	}
	return nil
}

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

// lengthAt reads one number and unit.
func lengthAt(words []word) (string, int) {
	for _, short := range []struct {
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
	} {
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

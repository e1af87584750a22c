package workflow

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The bounds of a workflow's text.
const (
	maxText  = 20_000 // bytes
	maxSteps = 100
)

// written is one step as it stands in the text.
type written struct {
	number int // 0 where none stands
	words  string
}

// readText takes a workflow's text apart: the template line, then the steps. The problem is a sentence.
func readText(text string) (kind string, steps []written, problem string) {
	if len(text) > maxText {
		return "", nil, fmt.Sprintf("The workflow is longer than %d characters: split it, or write less.", maxText)
	}
	text = plainText.Replace(text)
	kind, body := readTemplate(strings.TrimSpace(text))
	if kind == "" {
		return "", nil, templateProblem(text)
	}
	if again, _ := findTemplate(body); again {
		return "", nil, "A template line stands twice: keep the first one only."
	}
	steps = readSteps(body)
	problem = orderProblem(steps)
	switch {
	case problem != "":
	case len(steps) == 0:
		problem = "No step stands below the template line: write what is to be done, one numbered step for each thing."
	case len(steps) > maxSteps:
		problem = fmt.Sprintf("The workflow has more than %d steps: split it.", maxSteps)
	}
	if problem != "" {
		return "", nil, problem
	}
	return kind, steps, ""
}

// plainText is how text is written from here on, whatever was typed or pasted.
var plainText = strings.NewReplacer(
	"\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u00a0", " ", "\u202f", " ", "\t", " ", "\ufeff", "", "\u200b", "",
	"’", "'", "‘", "'", "ʼ", "'", "“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "‑", "-", "‐", "-",
)

var (
	// numbered is a step's number at the beginning of a line.
	numbered = regexp.MustCompile(`(?i)^ *(?:step +)?\(?(\d{1,3}) *(?:[.):](?: +|$)| +[-–—] +)|^ *(?i:step) +(\d{1,3}) +`)
	// inline is what may be a step's number within a line.
	inline = regexp.MustCompile(`(?i)(?:^| )(?:step +)?\(?(\d{1,3}) *[.):] +`)
	bullet = regexp.MustCompile(`^ *[-*•–] +`)
)

// readSteps reads the steps below the template line.
func readSteps(body string) []written {
	lines := strings.Split(body, "\n")
	if !slices.ContainsFunc(lines, func(line string) bool { return numbered.MatchString(line) }) {
		return unnumberedSteps(lines)
	}
	var steps []written
	for _, line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		found := numbered.FindStringSubmatchIndex(line)
		switch {
		case found != nil:
			number := atoi(submatch(line, found, 1) + submatch(line, found, 2))
			steps = append(steps, splitInline(number, line[found[1]:])...)
		case len(steps) == 0:
			steps = append(steps, written{words: strings.TrimSpace(line)})
		default:
			last := &steps[len(steps)-1]
			more := splitInline(last.number, continued(last.words, line))
			steps = append(steps[:len(steps)-1], more...)
		}
	}
	return steps
}

// continued adds a line to the step that it belongs to. A bullet begins a sentence of its own.
func continued(words, line string) string {
	mark := bullet.FindString(line)
	if mark != "" && !strings.HasSuffix(words, ".") && !strings.HasSuffix(words, ":") {
		words += "."
	}
	return strings.TrimSpace(words + " " + strings.TrimSpace(line[len(mark):]))
}

// splitInline finds further steps on the line of a step: only the next number in turn begins one.
func splitInline(number int, text string) []written {
	steps := []written{{number: number}}
	start := 0
	for _, at := range inline.FindAllStringSubmatchIndex(text, -1) {
		last := &steps[len(steps)-1]
		next := atoi(text[at[2]:at[3]])
		if next != last.number+1 || at[0] < start || inQuotes(text[:at[0]]) {
			continue
		}
		last.words = strings.TrimSpace(text[start:at[0]])
		steps, start = append(steps, written{number: next}), at[1]
	}
	steps[len(steps)-1].words = strings.TrimSpace(text[start:])
	return steps
}

func inQuotes(before string) bool { return strings.Count(before, `"`)%2 == 1 }

// unnumberedSteps are steps without numbers: each line is one, unless it goes on with the sentence of the line before.
func unnumberedSteps(lines []string) []written {
	var steps []written
	for _, line := range lines {
		text := strings.TrimSpace(line)
		if text == "" {
			continue
		}
		mark := bullet.FindString(line)
		first := []rune(text)[0]
		if n := len(steps); n > 0 && mark == "" && first >= 'a' && first <= 'z' && !strings.HasSuffix(steps[n-1].words, ".") {
			steps[n-1].words += " " + text
			continue
		}
		steps = append(steps, written{words: strings.TrimSpace(line[len(mark):])})
	}
	if len(steps) == 1 {
		return steps
	}
	return slices.DeleteFunc(steps, func(s written) bool { return s.words == "" })
}

// orderProblem says what is wrong with the steps' numbers. Gaps are not: the order is what counts.
func orderProblem(steps []written) string {
	var numbers []string
	falls := false
	for n, step := range steps {
		numbers = append(numbers, strconv.Itoa(step.number))
		falls = falls || n > 0 && step.number > 0 && step.number < steps[n-1].number
		if step.words == "" {
			return fmt.Sprintf("Step %d is empty: write what is to be done, or take it out.", step.number)
		}
	}
	if falls {
		return fmt.Sprintf("The steps are numbered %s: number them in the order in which they are to run.", strings.Join(numbers, ", "))
	}
	return ""
}

func submatch(text string, at []int, n int) string {
	if at[2*n] < 0 {
		return ""
	}
	return text[at[2*n]:at[2*n+1]]
}

// atoi reads digits that a pattern has found.
func atoi(digits string) int {
	number := 0
	for _, digit := range digits {
		number = number*10 + int(digit-'0')
	}
	return number
}

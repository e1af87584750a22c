package workflow_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
	"github.com/usherhq/usher/flows/workflow"
)

// clearOnes are the instructions of all files that compile, without those of several numbered steps.
func clearOnes(t *testing.T) []instruction {
	t.Helper()
	var all []instruction
	for _, i := range everything(t) {
		if !i.refused && !strings.ContainsAny(i.words[:1], "1-") && !strings.HasPrefix(i.words, "Step") {
			all = append(all, i)
		}
	}
	require.Greater(t, len(all), 200)
	return all
}

func compiled(i instruction, words string) workflow.Plan {
	return workflow.Compile(text(i.kind, words), i.known())
}

// TestWordsThatChangeNothing says everything politely, with other spaces and quotation marks, and with another end.
func TestWordsThatChangeNothing(t *testing.T) {
	t.Parallel()
	for _, i := range clearOnes(t) {
		want := compiled(i, i.words).Scripts()
		lower := strings.ToLower(i.words[:1]) + i.words[1:]
		for _, words := range []string{
			"1. " + i.words, "Please " + lower, "Then " + lower, spacedOut(i.words), strings.TrimRight(i.words, ".") + " .", "First, " + lower,
		} {
			if strings.HasPrefix(words, "First") && strings.HasPrefix(i.words, "If ") {
				continue // "first" in what is under a condition asks what comes next
			}
			require.Equal(t, want, compiled(i, words).Scripts(), "%s: %q", i.where, words)
		}
	}
}

// spacedOut doubles the spaces outside of quotation marks, and makes these round.
func spacedOut(words string) string {
	parts := strings.Split(words, `"`)
	for n := 0; n < len(parts); n += 2 {
		parts[n] = strings.ReplaceAll(parts[n], " ", "  ")
	}
	var all strings.Builder
	for n, part := range parts {
		if n > 0 {
			all.WriteString(map[bool]string{true: "“", false: "”"}[n%2 == 1])
		}
		all.WriteString(part)
	}
	return all.String()
}

// TestNegationsAreNeverTheOpposite turns every instruction around.
func TestNegationsAreNeverTheOpposite(t *testing.T) {
	t.Parallel()
	for _, i := range clearOnes(t) {
		lower := strings.ToLower(i.words[:1]) + i.words[1:]
		for _, words := range []string{"Do not " + lower, "Don't " + lower, "Never " + lower, "Avoid this: " + lower, "You must not " + lower, "No need to " + lower, "Under no circumstances " + lower} {
			plan := compiled(i, words)
			require.False(t, plan.Clear(), "%s: %q became %+v", i.where, words, plan.Scripts())
		}
	}
}

// freeText are the types of scripts that hold what was typed, so that more words are more text.
func freeText(chain []db.Script) bool {
	for _, script := range chain {
		switch script.Type {
		case scripts.ManualTask, scripts.SlackNotification, scripts.EmailNotification, scripts.SlackApproval, scripts.EmailApproval, "gitlab_issue_create":
			return true
		}
	}
	return false
}

// TestNoWordIsDropped adds a word that has no place, in front, behind and in between: the step must become unclear, or
// the word must stand in a text.
func TestNoWordIsDropped(t *testing.T) {
	t.Parallel()
	var dropped []string
	odds := []string{"frobnicated", "tomorrow", "except", "maybe", "without", "twice", "or", "unless"}
	for n, i := range clearOnes(t) {
		for _, odd := range []string{odds[n%len(odds)]} {
			words := strings.Fields(strings.TrimRight(i.words, "."))
			for at := 1; at <= len(words); at++ {
				if at < len(words) && strings.Count(strings.Join(words[:at], " "), `"`)%2 == 1 {
					continue // within quotation marks
				}
				said := strings.Join(words[:at], " ") + " " + odd + " " + strings.Join(words[at:], " ")
				plan := compiled(i, said)
				if !plan.Clear() || strings.Contains(strings.ToLower(said), "except if ") || strings.Contains(strings.ToLower(said), "except when ") {
					continue // the latter is another way to say unless
				}
				if odd == "unless" && (words[at-1] == "and" || at < len(words) && words[at] == "requests") {
					continue // and so it begins one more condition
				}
				held := false
				for _, script := range plan.Scripts() {
					held = held || strings.Contains(strings.ToLower(written(script)), odd)
				}
				if !held || !freeText(plan.Scripts()) {
					line := i.where + ": " + said
					for _, script := range plan.Scripts() {
						line += "\n   " + written(script)
					}
					dropped = append(dropped, line)
				}
			}
		}
	}
	require.Empty(t, dropped)
}

package workflow_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/workflow"
)

// instruction is one of the corpus: words, and what they must become.
type instruction struct {
	where, kind, slug, words string
	real                     bool     // over the connectors as they are
	scripts                  []string // as the corpus writes them
	unclear                  string   // a part of the reason
	refused                  bool
}

// corpus reads a file of instructions.
func corpus(t testing.TB, name string) []instruction {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	var all []instruction
	kind, slug, catalogue := "", "", ""
	for n, line := range strings.Split(string(content), "\n") {
		switch {
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "@ "):
			_, err := fmt.Sscanf(line+" company", "@ %s %s %s", &kind, &slug, &catalogue)
			require.NoError(t, err, line)
		case strings.HasPrefix(line, "> "):
			all = append(all, instruction{where: fmt.Sprintf("%s:%d", name, n+1), kind: kind, slug: slug, words: line[2:], real: catalogue == "real"})
		case strings.HasPrefix(line, "?"):
			all[len(all)-1].unclear, all[len(all)-1].refused = strings.TrimSpace(line[1:]), true
		default:
			all[len(all)-1].scripts = append(all[len(all)-1].scripts, line)
		}
	}
	return all
}

// everything is what stands in all files.
func everything(t testing.TB) []instruction {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "*.txt"))
	require.NoError(t, err)
	var all []instruction
	for _, file := range files {
		all = append(all, corpus(t, filepath.Base(file))...)
	}
	return all
}

// known is the catalogue that an instruction speaks of.
func (i instruction) known() workflow.Known {
	if i.real {
		return knownReal(i.slug)
	}
	return known(i.slug)
}

// tally is how the compiler did on a corpus.
type tally struct{ right, refused, wrong []string }

// TestCorpus compiles what has been tried so far; the files held_out_* were written without a look at the compiler and
// count from then on.
func TestCorpus(t *testing.T) {
	t.Parallel()
	compiled, unclear := 0, 0
	var failed []string
	files, err := filepath.Glob(filepath.Join("testdata", "*.txt"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		var got tally
		for _, i := range corpus(t, filepath.Base(file)) {
			require.True(t, i.refused || len(i.scripts) > 0, i.where)
			got.judge(i)
			if i.refused {
				unclear++
			} else {
				compiled++
			}
		}
		t.Logf("%s: %d right, %d refused, %d wrong", filepath.Base(file), len(got.right), len(got.refused), len(got.wrong))
		failed = append(append(failed, got.wrong...), got.refused...)
	}
	require.Empty(t, failed, "compiled to something else, or refused")
	require.GreaterOrEqual(t, compiled, 120)
	require.GreaterOrEqual(t, unclear, 50)
}

// judge compiles an instruction and compares.
func (t *tally) judge(i instruction) {
	plan := workflow.Compile(workflow.Line(i.kind)+"\n"+strings.ReplaceAll(i.words, `\n`, "\n"), i.known())
	var reasons, got []string
	for _, step := range plan.Steps {
		if step.Unclear != "" {
			reasons = append(reasons, step.Unclear)
		}
	}
	for _, script := range plan.Scripts() {
		got = append(got, written(script))
	}
	reason := strings.Join(append(reasons, plan.Problem), " ")
	line := fmt.Sprintf("%s: %s\n   %s\n   %s", i.where, i.words, strings.Join(got, "\n   "), reason)
	switch {
	case i.refused && !plan.Clear() && strings.Contains(strings.ToLower(reason), strings.ToLower(i.unclear)):
		t.right = append(t.right, line)
	case i.refused && !plan.Clear():
		t.refused = append(t.refused, line) // for another reason
	case i.refused:
		t.wrong = append(t.wrong, line)
	case !plan.Clear():
		t.refused = append(t.refused, line)
	case fits(i.scripts, plan.Scripts()):
		t.right = append(t.right, line)
	default:
		t.wrong = append(t.wrong, line)
	}
}

// fits compares scripts with lines of the corpus.
func fits(lines []string, chain []db.Script) bool {
	if len(lines) != len(chain) {
		return false
	}
	for n, line := range lines {
		if !fitsOne(line, chain[n]) {
			return false
		}
	}
	return true
}

func fitsOne(line string, script db.Script) bool {
	line, when, _ := strings.Cut(line, " if ")
	kind, rest, _ := strings.Cut(line, " ")
	got := arguments(script)
	for rest = strings.TrimSpace(rest); rest != ""; rest = strings.TrimSpace(rest) {
		name, value, _ := strings.Cut(rest, "=")
		value, rest = firstValue(value)
		if value != "*" && got[name] != value || got[name] == "" {
			return false
		}
		delete(got, name)
	}
	return script.Type == kind && script.When == when && len(got) == 0
}

// firstValue cuts the value off that stands first: in quotation marks, as JSON, or up to a space.
func firstValue(text string) (value, rest string) {
	if strings.HasPrefix(text, `"`) || strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		decoder := json.NewDecoder(strings.NewReader(text))
		var decoded any
		if decoder.Decode(&decoded) == nil {
			return asText(decoded), text[decoder.InputOffset():]
		}
	}
	value, rest, _ = strings.Cut(text, " ")
	return value, rest
}

func asText(value any) string {
	if text, is := value.(string); is {
		return text
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(encoded)
}

// arguments are a script's arguments and how it is run, as texts.
func arguments(script db.Script) map[string]string {
	all := map[string]string{}
	for name, value := range script.Args {
		all[name] = asText(value)
	}
	if script.Retry.Attempts > 0 {
		all["retry"] = fmt.Sprint(script.Retry.Attempts)
		if script.Retry.Backoff > 0 {
			all["retry"] += "/" + script.Retry.Backoff.String()
		}
	}
	if script.Timeout > 0 {
		all["timeout"] = script.Timeout.String()
	}
	if script.OnFailure != "" {
		all["on_failure"] = script.OnFailure
	}
	return all
}

// written is a script as the corpus writes it.
func written(script db.Script) string {
	line := script.Name + ": " + script.Type
	for name, value := range arguments(script) {
		line += fmt.Sprintf(" %s=%q", name, value)
	}
	if script.When != "" {
		line += " if " + script.When
	}
	return line
}

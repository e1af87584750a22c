package flows

import (
	"context"
	"fmt"
	"slices"

	"github.com/usherhq/usher/db"
)

// Comparison is how a version differs from another one.
type Comparison struct {
	Chain          db.ActionChain
	Version, Other db.ActionChainVersion // Other has no id where there is nothing to compare with
	Newest         int                   // number of the newest version
	MayEdit        bool
	Words, Scripts []Difference
}

// Difference is one line that both have, or only one of them.
type Difference struct {
	Sign string // "+" only Version has it, "-" only Other has it, "" both
	Text string
}

// CompareVersions compares a version of a workflow with the published one, or, where it is that itself, with the one
// before it, by the words of the steps and by the scripts.
func (f *Flows) CompareVersions(ctx context.Context, personID, versionID string) (Comparison, error) {
	version, err := db.VersionByID(ctx, f.store, versionID)
	if err != nil {
		return Comparison{}, err
	}
	w, may, err := f.visible(ctx, f.store, personID, version.ChainID)
	if err != nil {
		return Comparison{}, err
	}
	c := Comparison{Chain: w.chain, Version: version, Newest: w.newest.Number, MayEdit: may}
	if other := published(w.all); other != nil && other.ID != version.ID {
		c.Other = *other
	} else if n := slices.IndexFunc(w.all, func(v db.ActionChainVersion) bool { return v.ID == version.ID }); n > 0 {
		c.Other = w.all[n-1]
	}
	c.Words = Differences(wordLines(c.Other), wordLines(c.Version))
	c.Scripts = Differences(scriptLines(c.Other), scriptLines(c.Version))
	return c, nil
}

func wordLines(v db.ActionChainVersion) []string {
	var lines []string
	for _, step := range v.Steps {
		lines = append(lines, step.Words)
	}
	return lines
}

func scriptLines(v db.ActionChainVersion) []string {
	var lines []string
	for _, script := range v.Scripts {
		lines = append(lines, ScriptLine(script))
	}
	return lines
}

// ScriptLine writes a script on one line: its name, type, arguments and condition.
func ScriptLine(script db.Script) string {
	line := script.Name + ": " + script.Type
	names := make([]string, 0, len(script.Args))
	for name := range script.Args {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		line += fmt.Sprintf(" %s=%s", name, WrittenArgument(script.Args[name]))
	}
	if script.When != "" {
		line += " when " + script.When
	}
	if script.OnFailure != "" {
		line += " on failure " + script.OnFailure
	}
	return line
}

// Differences finds the longest common lines of two texts and marks the others.
func Differences(old, lines []string) []Difference {
	common := make([][]int, len(old)+1)
	for n := range common {
		common[n] = make([]int, len(lines)+1)
	}
	for i := len(old) - 1; i >= 0; i-- {
		for j := len(lines) - 1; j >= 0; j-- {
			if common[i][j] = max(common[i+1][j], common[i][j+1]); old[i] == lines[j] {
				common[i][j] = common[i+1][j+1] + 1
			}
		}
	}
	var out []Difference
	i, j := 0, 0
	for i < len(old) || j < len(lines) {
		switch {
		case i < len(old) && j < len(lines) && old[i] == lines[j]:
			out = append(out, Difference{"", lines[j]})
			i, j = i+1, j+1
		case j == len(lines) || (i < len(old) && common[i+1][j] >= common[i][j+1]):
			out = append(out, Difference{"-", old[i]})
			i++
		default:
			out = append(out, Difference{"+", lines[j]})
			j++
		}
	}
	return out
}

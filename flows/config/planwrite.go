package config

import (
	"fmt"
	"io"
	"strings"

	"github.com/usherhq/usher/db"
)

// Write writes the plan for people: a line for each object with +, ~ or -, or ! where somebody changed it in Slack, a
// line for each key that changes, and the sums. Equal plans are written alike.
func (p Plan) Write(w io.Writer) error {
	var out strings.Builder
	counts := map[string]int{}
	for _, c := range p.Changes {
		counts[c.Verb]++
		sign := map[string]string{Added: "+", Changed: "~", Restored: "~", Removed: "-"}[c.Verb]
		name, note := Title(c.Kind)+" "+c.Name, map[string]string{Restored: " (active again)", Removed: " (becomes inactive)"}[c.Verb]
		if c.Kind == KindSettings {
			name = Title(c.Kind)
		}
		if object := p.inSlack(c); object != nil {
			sign, note = "!", note+p.slackNote(*object)
		}
		fmt.Fprintf(&out, "%s %s%s\n", sign, name, note)
		for _, f := range c.Fields {
			fmt.Fprintf(&out, "    %s: %s → %s\n", f.Key, f.Old, f.New)
		}
	}
	for _, name := range p.Left {
		fmt.Fprintf(&out, "  %s is not in %s and is left alone\n", name, p.file.Name)
	}
	if p.Empty() {
		fmt.Fprintln(&out, "Nothing to change.")
	} else {
		fmt.Fprintf(&out, "%d to add, %d to change, %d to remove.\n", counts[Added], counts[Changed]+counts[Restored], counts[Removed])
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// slackNote says of a change that it is not only the file's to make.
func (p Plan) slackNote(object db.ConfigObject) string {
	if p.over {
		return " (overwrites what " + whoWrote(object) + " changed in Slack)"
	}
	return " (changed in Slack by " + whoWrote(object) + ")"
}

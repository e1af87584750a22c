package workflow_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/workflow"
)

// BenchmarkCompile compiles 10 kB of steps: conditions of several parts that are understood, and others that are not, for
// which options are looked for.
func BenchmarkCompile(b *testing.B) {
	for name, step := range map[string]string{
		"clear":   "If the user is in department Design and lacks Slack access and the duration is longer than 1 day, ask the owner to confirm.",
		"unclear": "If the frobnicated user has wobbly access and the risk is wibbly or the owner is away and the moon is full, grant the thing unless it is there.",
	} {
		b.Run(name, func(b *testing.B) {
			body := strings.TrimSpace(strings.Repeat(step+"\n", 10_000/len(step)))
			k := knownReal("drive-editors")
			for b.Loop() {
				plan := workflow.Compile(text(db.Provision, body), k)
				require.Equal(b, name == "clear", plan.Clear())
			}
		})
	}
}

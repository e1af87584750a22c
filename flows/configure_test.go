package flows_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/flows/config"
)

func (b *bundle) configure(t testing.TB, registry *connectors.Registry, text string) {
	t.Helper()
	file, err := config.Parse("usher.yaml", []byte(text), registry)
	require.NoError(t, err)
	_, err = b.ApplyConfig(b.ctx, file, false, "test")
	require.NoError(t, err)
}

// apply applies a configuration; %s in it is the address of the target.
func (b *bundle) apply(t testing.TB, text string) {
	t.Helper()
	b.text = text
	b.configure(t, b.options.Registry, strings.ReplaceAll(text, "%s", b.url))
}

// reconfigure changes the configuration: pairs of what stands there and what is to stand there instead.
func (b *bundle) reconfigure(t testing.TB, pairs ...string) {
	t.Helper()
	text := b.text
	for n := 0; n < len(pairs); n += 2 {
		require.Contains(t, text, pairs[n])
		text = strings.Replace(text, pairs[n], pairs[n+1], 1)
	}
	b.apply(t, text)
}

// offer adds an entitlement: a group at the target, its approval rules, and the chains that give and take it.
func (b *bundle) offer(t testing.TB, slug, group, approval, in, out string) {
	t.Helper()
	b.apply(t, b.text+fmt.Sprintf("  - {slug: %s, provider: drive, kind: group, target: %s, name: More of %s, owner: dana@example.com, risk: low, "+
		"durations: {default: 8h, max: 30d, choices: [8h]}, approval: %s, provision: %s, deprovision: %s}\n", slug, group, slug, approval, in, out))
}

// chain adds an action chain; scripts are lines of YAML.
func (b *bundle) chain(t testing.TB, slug, kind string, scripts ...string) {
	t.Helper()
	b.reconfigure(t, "action_chains:\n", "action_chains:\n  - {slug: "+slug+", kind: "+kind+", scripts: ["+strings.Join(scripts, ", ")+"]}\n")
}

// approvals adds an approval chain; steps are lines of YAML.
func (b *bundle) approvals(t testing.TB, slug string, steps ...string) {
	t.Helper()
	b.reconfigure(t, "approval_chains:\n", "approval_chains:\n  - {slug: "+slug+", steps: ["+strings.Join(steps, ", ")+"]}\n")
}

package audit

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGuard(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"":                     "",
		"plain, \"text\"":      "plain, \"text\"",
		"a=b":                  "a=b",
		"ann@example.com":      "ann@example.com",
		"=1+1":                 "'=1+1",
		"+1":                   "'+1",
		"-1":                   "'-1",
		"@sum":                 "'@sum",
		"|x":                   "'|x",
		"\tx":                  "'\tx",
		"  =1":                 "'  =1",
		"\u00a0\u200b=1":       "'\u00a0\u200b=1",
		`"=1`:                  `'"=1`,
		"＝1":                   "'＝1",
		"－1":                   "'－1",
		"'":                    "''",
		"'=1":                  "''=1",
		"it's":                 "it's",
		"a;=1":                 "a;'=1",
		"a;'=1":                "a;''=1",
		`{"reason":"a;=1"}`:    `{"reason":"a;'=1"}`,
		`{"n":-1,"a":[-1,-2]}`: `{"n":-1,"a":[-1,-2]}`,
		"\xff=1":               "\xff=1",
	} {
		require.Equal(t, want, Guard(cell), "%q", cell)
		require.Equal(t, cell, unguard(want), "%q", cell)
	}
}

func FuzzGuard(f *testing.F) {
	for _, cell := range []string{"", "=", "'", "''", "a;='", "\t=", "\xff'", ";\xff=", "\u200b=", "\uFFFD="} {
		f.Add(cell)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		safe := Guard(cell)
		require.Equal(t, cell, unguard(safe))
		for _, part := range strings.FieldsFunc(safe, func(r rune) bool { return strings.ContainsRune(breaks, r) }) {
			require.NotContains(t, "=+-@＝＋－＠", string([]rune(part + "x")[0]))
		}
	})
}

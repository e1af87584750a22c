package views

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestClipCutsAtRunes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text  string
		limit int
		want  string
	}{
		{"", 5, ""},
		{"short", 5, "short"},
		{"longer", 5, "long…"},
		{"four more", 6, "four…"},
		{"🚀🚀", 4, "🚀🚀"},
		{"🚀🚀🚀", 4, "🚀…"},
		{"äöüß", 3, "äö…"},
	} {
		require.Equal(t, tc.want, clip(tc.text, tc.limit), tc.text)
	}
	rapid.Check(t, func(t *rapid.T) {
		text, limit := rapid.String().Draw(t, "text"), rapid.IntRange(1, 40).Draw(t, "limit")
		cut := clip(text, limit)
		require.LessOrEqual(t, len(utf16.Encode([]rune(cut))), limit)
		require.True(t, utf8.ValidString(cut))
		require.True(t, strings.HasPrefix(text, strings.TrimSuffix(cut, "…")))
	})
}

func TestFitLeavesNoHalfToken(t *testing.T) {
	t.Parallel()
	require.Equal(t, "Ask…", fit("Ask <@U0ANA> now", 9))
	require.Equal(t, "Tom…", fit("Tom &amp; Ana", 7))
	require.Equal(t, "Tom &amp;…", fit("Tom &amp; Ana", 11))
}

func TestStackCountsWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.Repeat("twelve chars|", 30), "|")[:30]
	require.Equal(t, 30, strings.Count(stack(lines, 3000), "twelve"))
	cut := stack(lines, 100)
	require.LessOrEqual(t, size(cut), 100)
	kept := strings.Count(cut, "twelve")
	require.Positive(t, kept)
	require.True(t, strings.HasSuffix(cut, "\n… and "+plural(30-kept, "", "more")), cut)
	require.Empty(t, stack(nil, 100))
}

func TestEnumerate(t *testing.T) {
	t.Parallel()
	require.Empty(t, enumerate(nil, 3, "and"))
	require.Equal(t, "a", enumerate([]string{"a"}, 3, "and"))
	require.Equal(t, "a, b or c", enumerate([]string{"a", "b", "c"}, 3, "or"))
	require.Equal(t, "a, b, c and 12 more", enumerate(strings.Split("abcdefghijklmno", ""), 3, "or"))
}

func TestEscape(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"<!channel> & <@U1>":  "&lt;!channel&gt; &amp; &lt;@U1&gt;",
		"*b* _i_ ~s~ `c`":     "∗b∗ ＿i＿ ∼s∼ ˋcˋ",
		"drive_editors":       "drive_editors",
		"@Channel, see @here": "@\u2060Channel, see @\u2060here",
		"two\nlines\tand\x00": "two lines and",
		"\u202Eleft":          "left",
		"ana@example.com":     "ana@example.com",
	} {
		require.Equal(t, want, escape(typed, 100))
	}
}

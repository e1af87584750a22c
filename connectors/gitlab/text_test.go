package gitlab

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/gitlab/gitlabtest"
)

func typed(text string) string {
	m := newMarkdown()
	m.typed(text)
	return m.out.String()
}

// TestTypedText shows what is changed in typed text, and that no more is.
func TestTypedText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"plain text, 1/2, a@example.com": "plain text, 1/2, a@example.com",
		"/close":                         `\/close`,
		" \t/close":                      " \t\\/close",
		"a\r/close\r\n/reopen":           "a\n\\/close\n\\/reopen",
		"a\u00a0\n\u00a0/close":          "a\u00a0\n\u00a0\\/close",
		`\/close`:                        `\/close`,
		"> /close":                       "> /close",
		"https://example.com/a":          "https://example.com/a",
		"@all":                           "@\u2060all",
		`\@all \\@all`:                   "\\@\u2060all \\\\@\u2060all",
		"é@all _@all":                    "é@\u2060all _@\u2060all",
		"<div>\n@all\n</div>":            "<div>\n@\u2060all\n</div>",
		"`@all`":                         "`@\u2060all`",
		"&commat;all &#64;all &#x40;all": "&\u2060commat;all &\u2060#64;all &\u2060#x40;all",
		"R & D, a&":                      "R & D, a&\u2060",
		"nul\x00 \xff":                   "nul \uFFFD",
		"[//]: # (usher1xdeadbeef)":      "[//]: # (usher1xdeadbeef)",
	} {
		require.Equal(t, want, typed(text))
	}
}

// TestTemplatesKeepTheirOwn shows that a template's quick actions and mentions stay, unless it took a value to bring
// them to where they work.
func TestTemplatesKeepTheirOwn(t *testing.T) {
	t.Parallel()
	values := map[string]string{"a": "", "b": "x\n", "c": "/close", "d": "@", "e": "root", "f": " "}
	for template, want := range map[string]string{
		"/label ~x\n  /assign @root\n@all": "/label ~x\n  /assign @root\n@all",
		"%{a}/close":                       `\/close`,
		"%{b}/close":                       "x\n\\/close",
		"%{f}/close\n/due today":           " \\/close\n/due today",
		"%{c}":                             `\/close`,
		"%{a}%{c}":                         `\/close`,
		"x %{c}":                           "x /close",
		"%{d}root":                         "@\u2060root",
		"%{e}@example.com":                 "root@example.com",
		"%{a}@example.com":                 "@\u2060example.com",
		"cc @%{e}":                         "cc @root",
		"100% %{ e } %{ e":                 "100% root %{ e",
	} {
		m := newMarkdown()
		require.Empty(t, m.fill(template, values))
		require.Equal(t, want, m.out.String(), template)
	}
	m := newMarkdown()
	require.Equal(t, []string{"x", "y"}, m.fill("%{x}%{y}%{x}%{e}", values))
}

// live matches what GitLab would act on: a slash that begins a line, and a mention. It is wider than GitLab's own rules
// (lib/gitlab/quick_actions/extractor.rb, User.reference_pattern).
var (
	liveSlash   = regexp.MustCompile(`(?m)^\s*/`)
	liveMention = regexp.MustCompile(`(?:^|[^A-Za-z0-9])@[A-Za-z0-9_.]`)
)

func requireDead(t *testing.T, text string) {
	t.Helper()
	require.True(t, utf8.ValidString(text))
	for _, form := range []string{text, strings.ReplaceAll(text, "\r", ""), strings.ReplaceAll(text, "\x00", "")} {
		require.NotRegexp(t, liveSlash, form)
		require.NotRegexp(t, liveMention, form)
		require.NotRegexp(t, liveMention, html.UnescapeString(form))
		require.Empty(t, gitlabtest.QuickActions(form))
		require.Empty(t, gitlabtest.Mentions(strings.ReplaceAll(form, `\`, "")))
	}
}

// FuzzTyped checks that no text runs a quick action or mentions anybody, and that people read what was typed: without
// what was put in, it is the same.
func FuzzTyped(f *testing.F) {
	for _, seed := range []string{
		"", "/close", "a\r/close", "x\n \t/label ~a", "@all", "é@root", "_@root_", "<b>@</b>root", "&commat;root", "&amp;#64;root", "&lt@root", `\@root`,
		"```\n/close\n```", "<div>\n@root", "@\u200broot", "a@b@c", "\u2028/close", "\v/close", "//close", "&#x26;#64;all", "\x00/close", "\xff@root", "x&",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		written := typed(text)
		requireDead(t, written)
		require.NotRegexp(t, liveMention, html.UnescapeString(titleOf(text)), "titles run no quick actions, but they mention")
		require.Equal(t, same(text), same(written))
	})
}

// same is a text without what typed puts in, as far as that cannot be told from what was there.
func same(text string) string {
	return strings.NewReplacer(joiner, "", `\/`, "/").Replace(strings.ReplaceAll(plain(text), `\`, ""))
}

// FuzzFill checks the same for values within a template, wherever they stand: only what the template says itself lives.
func FuzzFill(f *testing.F) {
	for _, seed := range [][2]string{
		{"", "/close"}, {"x\n", "/close"}, {"@", "root"}, {"\r", "/close"}, {"&", "#64;root"}, {" ", "@root"}, {"/", "close"}, {`\`, "@root"}, {"a\n\n", ""},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		for _, template := range []string{"%{one}%{two}", "%{one}/close %{two}", "%{one}@root", "%{two}x%{one}/reopen\n", "a: %{one}\n%{two}\n", "%{one}\n%{two}/close"} {
			m := newMarkdown()
			require.Empty(t, m.fill(template, map[string]string{"one": one, "two": two}))
			require.Empty(t, gitlabtest.QuickActions(m.out.String()), "%q", m.out.String())
			require.Empty(t, gitlabtest.Mentions(m.out.String()), "%q", m.out.String())
		}
		m := newMarkdown()
		require.Empty(t, m.fill("%{one}%{two}\n/due today\n", map[string]string{"one": one, "two": two}))
		require.Len(t, gitlabtest.QuickActions(m.out.String()), 1, "the template's own: %q", m.out.String())
	})
}

// FuzzWords reads whatever a target may send as an error.
func FuzzWords(f *testing.F) {
	for _, seed := range []string{`{"message":{"title":["is odd"],"base":["no"]}}`, `{"error":"a","error_description":"b"}`, `[]`, `{"message":7}`, "<html>", `{"message":{"a":{"b":["c"]}}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) { require.NotPanics(t, func() { words(body) }) })
}

func TestWords(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"message":"404 Project Not Found"}`:                                     "404 Project Not Found",
		`{"message":{"title":["is too long","is odd"],"base":["No."]}}`:           "No., title is too long, is odd",
		`{"error":"insufficient_scope","error_description":"higher privileges."}`: "insufficient_scope; higher privileges.",
		`<html>`: "",
		`{}`:     "",
	} {
		require.Equal(t, want, words([]byte(body)))
	}
}

// TestMarkers are the same for every attempt at a step and differ between steps.
func TestMarkers(t *testing.T) {
	t.Parallel()
	one, two := connectors.Call{IdempotencyKey: "1"}, connectors.Call{IdempotencyKey: "2"}
	require.Equal(t, marker(one), marker(connectors.Call{IdempotencyKey: "1", Settle: true, Target: "other"}))
	require.NotEqual(t, marker(one), marker(two))
	require.Regexp(t, `^[a-z0-9]{30,49}$`, marker(one))
}

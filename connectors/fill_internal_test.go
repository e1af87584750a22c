package connectors

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// only is a filler whose placeholders all come to one value.
func only(value any) filler {
	return filler{deps: Deps{Expand: func(any, map[string]any) (any, error) { return value, nil }}}
}

// FuzzPlaces puts a text into each place of a request: it is refused, or it arrives as it is and moves nothing else.
func FuzzPlaces(f *testing.F) {
	for _, seed := range []string{"a", "", ".", "..", "../x", "a/b", `..\x`, "%2e%2e", "..;x", "a?b#c", "a\r\nb", "\xff", "é", "x.example.com", "a@b", "[::1]", "a:1", " "} {
		f.Add(seed)
	}
	parts, err := pieces("/v1/{{ x }}/{{ y }}.json")
	require.NoError(f, err)
	whole, err := parseAddress("https://hooks.{{ x }}.example.com/{{ x }}/end?q={{ x }}&r=1")
	require.NoError(f, err)
	require.True(f, whole.outside)
	f.Fuzz(func(t *testing.T, text string) {
		if path, err := only(text).path(parts); err == nil {
			u, err := url.Parse("https://a.example" + path)
			require.NoError(t, err)
			require.Equal(t, "/v1/"+text+"/"+text+".json", u.Path)
			require.Equal(t, 3, strings.Count(path, "/"))
			require.Empty(t, u.RawQuery+u.Fragment)
			resolved := (&url.URL{Path: "/"}).ResolveReference(&url.URL{Path: u.Path})
			require.Equal(t, u.Path, resolved.Path, "whoever resolves it goes nowhere else")
		}
		if header, err := only(text).headers(map[string]any{"X-A": "{{ x }}"}); err == nil {
			require.Equal(t, http.Header{"X-A": {text}}, header)
			require.NotContains(t, text, "\n")
			require.NotContains(t, text, "\r")
		}
		if address, err := only(text).address(whole); err == nil {
			u, err := url.Parse(address)
			require.NoError(t, err)
			require.Equal(t, "hooks."+text+".example.com", u.Host)
			require.Equal(t, "/"+text+"/end", u.Path)
			require.Equal(t, url.Values{"q": {text}, "r": {"1"}}, u.Query())
			require.Nil(t, u.User)
		}
	})
}

// TestWrittenAndFilledInTogether make a step upwards that neither makes alone.
func TestWrittenAndFilledInTogether(t *testing.T) {
	t.Parallel()
	for _, template := range []string{"/a/.{{ x }}/b", "/a/%2e{{ x }}", "/a/{{ x }}.", "/a/{{ x }}{{ x }}"} {
		parts, err := pieces(template)
		require.NoError(t, err)
		for value, fits := range map[string]bool{".": false, "x": true} {
			_, err := only(value).path(parts)
			require.Equal(t, fits, err == nil, "%s with %q", template, value)
		}
	}
}

// TestWhichAddressesNeedTheGuard tells a host that is written out from one that others may choose.
func TestWhichAddressesNeedTheGuard(t *testing.T) {
	t.Parallel()
	for text, outside := range map[string]bool{
		"https://a.example/{{ x }}": false, "https://a.example?{{ x }}": false, "http://127.0.0.1:80/{{ x }}?a={{ y }}": false,
		"https://{{ x }}": true, "https://a.example{{ x }}/": true, "https://a.example:{{ x }}/": true, "{{ x }}": true, "https://a.{{ x }}/{{ y }}": true,
	} {
		a, err := parseAddress(text)
		require.NoError(t, err, text)
		require.Equal(t, outside, a.outside, text)
	}
	for _, text := range []string{"", "a.example", "{{ x }}://a.example", "https:/{{ x }}", "https://{{ x }}@a.example", "https://u{{ x", "https://a.example/../{{ x }}", "{{ x }}{{ y }}"} {
		_, err := parseAddress(text)
		require.Error(t, err, text)
	}
}

// TestWholeAddressesFromOthers takes an address that is a value: http or https, and nothing that signs in.
func TestWholeAddressesFromOthers(t *testing.T) {
	t.Parallel()
	whole, err := parseAddress("{{ x }}")
	require.NoError(t, err)
	got, err := only("https://a.example/x?y=z").address(whole)
	require.NoError(t, err)
	require.Equal(t, "https://a.example/x?y=z", got)
	for _, bad := range []any{"", "a.example", "file:///x", "https://u:p@a.example", "https://a.example/#x", "https://a.example/../x", nil, []any{"https://a.example"}, "https://a.example/" + strings.Repeat("x", 9<<10)} {
		_, err := only(bad).address(whole)
		require.Equal(t, Refused, markOf(err).outcome, "%v", bad)
	}
}

// TestPieces finds where placeholders end.
func TestPieces(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]piece{
		"":                           nil,
		"a":                          {{"a", false}},
		"a{{ b }}c{{d}}":             {{"a", false}, {"{{ b }}", true}, {"c", false}, {"{{d}}", true}},
		`{{ {'a': {'b': 1}}.a }}/x`:  {{`{{ {'a': {'b': 1}}.a }}`, true}, {"/x", false}},
		`{{ "}}" + '\'}}' }}`:        {{`{{ "}}" + '\'}}' }}`, true}},
		"}} {":                       {{"}} {", false}},
		`{{ a['/'] }}/{{ b + "/" }}`: {{`{{ a['/'] }}`, true}, {"/", false}, {`{{ b + "/" }}`, true}},
	} {
		got, err := pieces(text)
		require.NoError(t, err)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"{{", "{{ a }", `{{ "}}`, "{{ { }}"} {
		_, err := pieces(text)
		require.ErrorIs(t, err, errUnclosed, text)
	}
	require.Equal(t, []string{"a", "b_2"}, argsIn(`args.a + args.b_2 + 'args.c' + x.args.d + args.size() + "\"args.e"`))
}

// TestJSONDetail finds the sentence in the usual forms.
func TestJSONDetail(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"message":"a"}`: "a", `{"error":"a"}`: "a", `{"error":{"code":7,"message":"a"}}`: "a", `{"errors":[{"detail":"a"},{"detail":"b"}]}`: "a",
		`{"errors":["a"]}`: "a", `["a"]`: "a", `{"title":"a","status":"400"}`: "a", `{"error":"x","error_description":"a"}`: "a",
		`"a"`: "", `a`: "", ``: "", `{}`: "", `{"message":7}`: "", `[[[[[["a"]]]]]]`: "", `{"message":{"message":{"message":{"message":{"message":{"message":"a"}}}}}}`: "",
	} {
		require.Equal(t, want, JSONDetail([]byte(body)), body)
	}
}

package scim

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// FuzzQuote checks that no value can leave its quotes: what a parser reads back is the value, and nothing follows it.
func FuzzQuote(f *testing.F) {
	for _, seed := range []string{"", "ana@example.com", `a"b`, `a\`, `\" or userName pr or "`, "<&>", "a\nb\x00", "\u2028é", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		filter := equals("userName", value)
		rest, ok := strings.CutPrefix(filter, "userName eq ")
		require.True(t, ok)
		decoder := json.NewDecoder(strings.NewReader(rest))
		var back string
		require.NoError(t, decoder.Decode(&back))
		require.EqualValues(t, len(rest), decoder.InputOffset(), "nothing follows the value")
		require.Equal(t, strings.ToValidUTF8(value, "\uFFFD"), back)
		require.True(t, utf8.ValidString(filter))
		require.NotContains(t, filter, "\n")
	})
}

// TestFiltersStayReadable checks that only what JSON demands is escaped: some parsers know no more.
func TestFiltersStayReadable(t *testing.T) {
	t.Parallel()
	require.Equal(t, `displayName eq "R&D <\"A\">"`, equals("displayName", `R&D <"A">`))
	require.Equal(t, `members[value eq "a\\b"]`, elementPath("members", `a\b`))
}

// FuzzDecodeList feeds the decoder with what targets might send: it answers a list of resources with ids, or an error.
func FuzzDecodeList(f *testing.F) {
	for _, seed := range []string{
		`{"totalResults":1,"Resources":[{"id":"1","userName":"a","active":"False","members":[{"value":"2"},"3",null,4]}]}`,
		`{"totalResults":"0"}`, `{"resources":null,"TOTALRESULTS":-1}`, `{}`, `null`, `[]`, `{"Resources":[{"id":7}]}`, `{"Resources":[]}`, "\x00",
		`{"totalResults":1e9,"Resources":[{"id":"1","members":{"value":"2"},"roles":"x"}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		page, err := decodeList(body)
		if err != nil {
			require.Empty(t, page.resources)
			return
		}
		require.GreaterOrEqual(t, page.total, -1)
		for _, r := range page.resources {
			require.NotEmpty(t, r.id())
			before := len(r.elements("members"))
			for _, element := range r.elements("members") {
				value := elementValue(element)
				require.True(t, r.holds("members", value))
				require.False(t, r.with("members", r.lacking("members", value)).holds("members", value))
			}
			require.Len(t, r.elements("members"), before, "reading changes nothing")
			_, _ = r.active(), r.without("meta", "groups")
		}
	})
}

// FuzzDifferences lets any wish meet any account: once it is merged nothing differs, neither side is changed by looking,
// and what the wish does not name is as it was.
func FuzzDifferences(f *testing.F) {
	for _, seed := range [][2]string{
		{`{"active":"False","userName":"A","emails":[{"value":"a@X","type":"work"}]}`, `{"active":false,"userName":"a","emails":[{"value":"A@x"}]}`},
		{`{"name":{"givenName":"Ana","x":1}}`, `{"name":{"givenName":null,"familyName":""},"title":null,"roles":[]}`},
		{`{"urn:a:User":{"b":"c"},"name":"text"}`, `{"URN:A:USER":null,"name":{"givenName":{"deeper":[[{}]]}}}`},
		{`{"roles":"a","emails":["a"],"phoneNumbers":{"value":"1"}}`, `{"roles":["a"],"emails":[{"value":"A"}],"phoneNumbers":["1",null]}`},
		{`{"a":[[1],{"b":[2]}]}`, `{"a":[[1],{"b":[2,2]}],"c":1.0,"primary":false}`},
	} {
		f.Add([]byte(seed[0]), []byte(seed[1]))
	}
	f.Fuzz(func(t *testing.T, account, wish []byte) {
		seen, seenErr := decode(account)
		wanted, wantedErr := decode(wish)
		if seenErr != nil || wantedErr != nil || ambiguous(map[string]any(seen)) || ambiguous(map[string]any(wanted)) {
			t.Skip("not two resources")
		}
		before, after := written(t, seen), written(t, wanted)
		all := differences(seen, wanted)
		for _, d := range all {
			require.NotNil(t, d.operation())
		}
		result := merged("", seen, wanted)
		require.Equal(t, before, written(t, seen))
		require.Equal(t, after, written(t, wanted))
		require.Empty(t, differences(result, wanted), "%s", written(t, result))
		for name, value := range seen {
			if len(wanted.without(name)) == len(wanted) {
				require.Equal(t, value, result[name], "what is not named stays")
			}
		}
	})
}

// ambiguous reports whether names in a value differ by case only, which means one attribute in SCIM.
func ambiguous(value any) bool {
	switch v := value.(type) {
	case map[string]any:
		for name, part := range v {
			if len(resource(v).without(name)) < len(v)-1 || ambiguous(part) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, ambiguous)
	}
	return false
}

func written(t *testing.T, r resource) string {
	t.Helper()
	body, err := json.Marshal(r)
	require.NoError(t, err)
	return string(body)
}

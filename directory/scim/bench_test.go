package scim_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/directory/scim"
)

// BenchmarkFilter reads a filter and looks at 100,000 users with it, of whom it chooses one in a hundred.
func BenchmarkFilter(b *testing.B) {
	users := make([]scim.Resource, 100_000)
	for n := range users {
		users[n] = object(b, strings.ReplaceAll(bo, "Bo@", fmt.Sprintf("Bo%d@", n%100)))
	}
	for name, filter := range map[string]string{
		"name": `userName eq "bo7@example.com"`, "element": `emails[type eq "work" and value sw "bo7@"] and active eq true`, "time": `meta.lastModified gt "2026-01-01T00:00:00Z" and userName sw "bo7@"`,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f, err := scim.ParseFilter(scim.Users(), filter)
				require.NoError(b, err)
				chosen := 0
				for _, r := range users {
					if f.Match(r) {
						chosen++
					}
				}
				require.Equal(b, 1_000, chosen)
			}
		})
	}
}

// BenchmarkPatchOfOneMember is what Entra and Okta send for each person who joins a group.
func BenchmarkPatchOfOneMember(b *testing.B) {
	body := operations(`{"op":"Add","path":"members","value":[{"$ref":null,"value":"2819c223-7f76-453a-919d-413861904646"}]}`)
	group := object(b, `{"schemas":["`+coreGroup+`"],"id":"g","displayName":"Editors"}`)
	b.ReportAllocs()
	for b.Loop() {
		p, err := scim.ParsePatch(scim.Groups(), body)
		require.NoError(b, err)
		_, changed, err := p.Apply(group)
		require.NoError(b, err)
		require.False(b, changed)
		require.Len(b, p.Members(), 1)
	}
}

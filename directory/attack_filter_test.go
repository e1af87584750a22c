package directory_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Filters have a bound, and the most costly ones within it are answered soon, whatever they look like.
func TestFiltersLikeBombs(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		users := 20_000
		if testing.Short() {
			users = 2000
		}
		b.fill(size{users: users, groups: 2, members: users/2 + 10})
		for name, filter := range map[string]string{
			"deep":           strings.Repeat("(", 10_000) + "title pr" + strings.Repeat(")", 10_000),
			"deep negations": strings.Repeat("not (", 2000) + "title pr" + strings.Repeat(")", 2000),
			"brackets":       strings.Repeat("emails[", 2000) + "value pr" + strings.Repeat("]", 2000),
			"many ors":       "title pr" + strings.Repeat(" or title pr", 1000),
			"too many ors":   "title pr" + strings.Repeat(" or title pr", 10_000),
			"many ands":      "title pr" + strings.Repeat(" and title pr", 1000),
			"long":           `title eq "` + strings.Repeat("x", 20_000) + `"`,
			"no end":         `title eq "` + strings.Repeat(`\"`, 5000),
		} {
			began := time.Now()
			got := b.send("POST", "/Users/.search", object{"filter": filter})
			b.refused(http.StatusBadRequest, "invalidFilter", got)
			require.Less(t, time.Since(began), time.Second, name)
			require.Less(t, len(got.Text), 1000, name)
		}
		for name, filter := range map[string]string{
			"as many ors as can be": "nickName pr" + strings.Repeat(` or emails[type eq "x" and value ew "zz"]`, 124),
			"like an expression":    `title eq "(a+)+$" or userName co "` + strings.Repeat("a", 5000) + `!" or title co ".*.*.*.*.*x" or userName co "%_%_%_%_%"`,
			"wildcards":             `title co "` + strings.Repeat("%", 3000) + `" and userName sw "` + strings.Repeat("_", 3000) + `"`,
			"k and i, k and i":      `userName co "` + strings.Repeat("ki", 4000) + `"`,
			"backslashes":           `title co "` + strings.Repeat(`\\`, 4000) + `"`,
			"a long one":            `title eq "` + strings.Repeat("ü", 7000) + `"`,
		} {
			began := time.Now()
			got := b.is(http.StatusOK, b.send("POST", "/Users/.search", object{"filter": filter}))
			require.Empty(t, got.found(), name)
			require.Less(t, time.Since(began), soon, name)
		}
	})
}

// Nothing that somebody sends becomes a part of a query.
func TestNothingIsInjectedIntoQueries(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		id := b.user("dana@acme.example")
		group := b.group("Sales", id)
		before := b.journal()
		for _, text := range []string{`' OR '1'='1`, `'; DROP TABLE directory_users; --`, `" OR 1=1 --`, `\' OR 1=1 --`, `?`, `$1`, `??`, `%`, `_`, `x\`, `') UNION SELECT hash FROM directory_tokens --`, `{"a":1}`, `'||(SELECT 1)||'`} {
			quoted := strconv.Quote(text)
			for _, attribute := range []string{"userName", "externalId", "id", "title", "emails.value", "groups.value", "name.familyName", enterprise + ":department", "displayName"} {
				for _, operator := range []string{"eq", "co", "sw"} {
					got := b.is(http.StatusOK, b.send("GET", "/Users?filter="+url.QueryEscape(attribute+" "+operator+" "+quoted), nil))
					require.LessOrEqual(t, len(got.found()), 1, text)
					if operator == "eq" {
						require.Empty(t, got.found(), attribute+" "+text)
					}
				}
			}
			b.clock.Advance(time.Second)
			b.is(http.StatusOK, b.send("GET", "/Groups?filter="+url.QueryEscape("members.value eq "+quoted+" or displayName eq "+quoted), nil))
			for _, name := range []string{"sortBy", "sortOrder", "attributes", "excludedAttributes", "startIndex", "count"} {
				got := b.send("GET", "/Users?"+name+"="+url.QueryEscape(text), nil)
				require.Less(t, got.Status, 500, got.Text)
			}
			b.refused(http.StatusNotFound, "", b.send("GET", "/Users/"+url.PathEscape(text), nil))
			b.refused(http.StatusNotFound, "", b.send("GET", "/"+url.PathEscape(text), nil))
			b.refused(http.StatusUnauthorized, "", b.call("GET", b.url+"/scim/v2/okta/Users", nil, "Authorization", "Bearer "+text))
			b.refused(http.StatusBadRequest, "invalidValue", b.send("PATCH", "/Groups/"+group, patch(object{"op": "add", "path": "members", "value": []object{{"value": text}}})))
			b.is(http.StatusNoContent, b.send("PATCH", "/Groups/"+group, patch(object{"op": "remove", "path": "members[value eq " + quoted + "]"})))
		}
		require.Equal(t, before, b.journal())
		require.Equal(t, []string{id}, b.members(group))
		require.Empty(t, b.log.String())
	})
}

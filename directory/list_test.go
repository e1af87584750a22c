package directory_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db/dbtest"
)

// A list can be read page by page, in any order and by any filter, and each way to read it finds the same.
func TestLists(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		var all []string
		for n := range 25 {
			b.clock.Advance(1e9)
			body := object{"userName": fmt.Sprintf("user%02d@acme.example", (n*7)%25), "externalId": fmt.Sprintf("x%d", n%5), "title": []string{"Lead", "lead", "Clerk & Co"}[n%3], "active": n%2 == 0}
			if n%4 == 0 {
				body["emails"] = []object{{"value": "Primary@acme.example", "primary": true}, {"value": fmt.Sprintf("further%d@acme.example", n), "type": "home"}}
			}
			all = append(all, b.is(http.StatusCreated, b.send("POST", "/Users", body)).id())
		}
		group := b.group("Sales", all[3], all[4])
		read := func(query string) (ids []string, total int) {
			t.Helper()
			got := b.is(http.StatusOK, b.send("GET", "/Users?"+query, nil))
			for _, one := range got.found() {
				ids = append(ids, one["id"].(string))
			}
			require.EqualValues(t, len(ids), got.Body["itemsPerPage"])
			return ids, int(got.Body["totalResults"].(float64))
		}
		pages := func(query string) (ids []string) {
			t.Helper()
			for start := 1; ; start += 4 {
				some, total := read(fmt.Sprintf("%s&count=4&startIndex=%d", query, start))
				ids = append(ids, some...)
				if start+4 > total {
					require.Len(t, ids, total)
					return ids
				}
			}
		}
		require.Equal(t, all, pages("a=b"), "in the order in which they were added")
		for filter, want := range map[string][]int{
			`active eq true`:     {0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24},
			`externalId eq "x2"`: {2, 7, 12, 17, 22}, `externalId eq "X2"`: {}, `externalId eq ""`: {},
			`title eq "LEAD" and active eq true`: {0, 4, 6, 10, 12, 16, 18, 22, 24}, `title eq "clerk & co"`: {2, 5, 8, 11, 14, 17, 20, 23},
			`emails.value eq "FURTHER8@acme.example"`: {8}, `emails[type eq "home"].value eq "further8@acme.example"`: {8},
			`emails[type eq "work"].value eq "further8@acme.example"`: {}, `emails.value eq "primary@acme.example" and title eq "lead"`: {0, 4, 12, 16, 24},
			`groups.value eq "` + group + `"`: {3, 4}, `groups pr`: {3, 4}, `not (groups.display eq "sales") and externalId eq "x3"`: {8, 13, 18, 23},
			`id eq "` + all[7] + `"`: {7}, `userName sw "USER0" and externalId eq "x0"`: {0, 15}, `userName eq "user07@acme.example" or externalId eq "x1"`: {1, 6, 11, 16, 21},
			`meta.created gt "2026-11-27T09:00:22Z"`: {22, 23, 24}, `meta.resourceType eq "User" and externalId eq "x4"`: {4, 9, 14, 19, 24},
			`groups.display eq "SALES"`: {3, 4}, `groups.type eq "direct" and active eq true`: {4}, `emails.type eq "HOME" and active eq true`: {0, 4, 8, 12, 16, 20, 24},
			`schemas eq "` + core + `" and externalId eq "x4"`: {4, 9, 14, 19, 24}, `title eq "lead\""`: {}, `title eq ""`: {},
			`active eq "True" and externalId eq "x0"`: {0, 10, 20}, `displayName eq "Sales"`: {}, `id eq "\u0000"`: {},
			`title co "EA" and active eq true`: {0, 4, 6, 10, 12, 16, 18, 22, 24}, `title sw "clerk"`: {2, 5, 8, 11, 14, 17, 20, 23}, `title ew "& CO"`: {2, 5, 8, 11, 14, 17, 20, 23},
			`emails pr`: {0, 4, 8, 12, 16, 20, 24}, `emails[type pr and value co "further1"]`: {12, 16}, `userName co "%"`: {}, `userName co "_"`: {}, `nickName pr`: {},
			`id sw "dus_" and externalId sw "x4"`: {4, 9, 14, 19, 24}, `meta.location co "Users" and externalId co "4"`: {4, 9, 14, 19, 24}, `title co "\""`: {},
			`not (title co "lead") and not (title sw "clerk")`: {}, `title co "cler" or userName co "r00@"`: {0, 2, 5, 8, 11, 14, 17, 20, 23}, `active pr and externalId co ""`: all25(),
			`userName eq "%_"`: {}, `nickName eq "100%"`: {}, `userName eq "\u0000"`: {}, `userName eq "a" and userName eq "b"`: {}, `nonsense eq "x"`: {},
		} {
			ids := []string{}
			for _, n := range want {
				ids = append(ids, all[n])
			}
			require.Equal(t, ids, append([]string{}, pages("filter="+url.QueryEscape(filter))...), filter)
			searched := b.is(http.StatusOK, b.send("POST", "/Users/.search", object{"filter": filter, "count": 200, "startIndex": 1, "attributes": []string{"id"}}))
			require.EqualValues(t, len(want), searched.Body["totalResults"], filter)
		}
		for filter, want := range map[string]int{`members.type eq "user"`: 1, `members.value sw "dus_"`: 1, `members.value eq "` + all[5] + `"`: 0, `members pr`: 1, `displayName ne "x"`: 1} {
			require.Len(t, b.is(http.StatusOK, b.send("GET", "/Groups?filter="+url.QueryEscape(filter), nil)).found(), want, filter)
		}
		ordered, total := read("sortBy=userName&count=200")
		require.Equal(t, 25, total)
		require.Equal(t, ordered, pages("sortBy=userName"))
		require.Equal(t, all[0], ordered[0])
		down := pages("sortBy=userName&sortOrder=descending")
		slices.Reverse(down)
		require.Equal(t, ordered, down)
		require.Equal(t, pages("filter="+url.QueryEscape("active eq false")), func() []string { slices.Sort(down); return pages("filter=active%20eq%20false") }())
		sortedLeads := pages("sortBy=title&filter=" + url.QueryEscape(`title eq "lead"`))
		require.Equal(t, pages("filter="+url.QueryEscape(`title eq "lead"`)), sortedLeads, "what is equal stays in order")

		for query, want := range map[string][2]int{
			"count=0": {0, 25}, "count=-5": {0, 25}, "startIndex=0&count=3": {3, 25}, "startIndex=-1&count=3": {3, 25}, "startIndex=25": {1, 25},
			"startIndex=26": {0, 25}, "count=100000": {25, 25}, "count=0&filter=" + url.QueryEscape(`title pr`): {0, 25},
		} {
			ids, total := read(query)
			require.Equal(t, want, [2]int{len(ids), total}, query)
		}
	})
}

func all25() (all []int) {
	for n := range 25 {
		all = append(all, n)
	}
	return all
}

// Letters beyond ASCII whose lower case is not are found as they are compared, whatever a database takes for lower case.
func TestListsOfUnusualLetters(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		id := b.is(http.StatusCreated, b.send("POST", "/Users", object{"userName": "one", "title": "\u212aelvin <&> \\ İO", "nickName": "ŽIŽKA 日本"})).id()
		for _, filter := range []string{
			`title co "kelvin <"`, `title co "KELVIN <&> \\"`, `title sw "\u212aELV"`, `title ew "io"`, `title eq "kelvin <&> \\ io"`, `nickName eq "žižka 日本"`, `nickName co "日"`, `nickName sw "ž"`,
			`title co "<&>" and nickName pr`, `not (title eq "kelvin")`,
		} {
			got := b.is(http.StatusOK, b.send("GET", "/Users?filter="+url.QueryEscape(filter), nil))
			require.Len(t, got.found(), 1, filter)
			require.Equal(t, id, got.found()[0]["id"], filter)
		}
	})
}

// Callers see what they ask for, wherever they may ask.
func TestSelections(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		id := b.user("dana@acme.example")
		group := b.group("Sales", id)
		minimal := object{"schemas": []any{core}, "id": id, "userName": "dana@acme.example"}
		require.Equal(t, minimal, b.send("GET", "/Users/"+id+"?attributes=userName", nil).Body)
		require.Equal(t, minimal, b.send("GET", "/Users?attributes=USERNAME,nothing", nil).found()[0])
		require.Equal(t, minimal, b.send("PATCH", "/Users/"+id+"?attributes=userName", patch(object{"op": "add", "path": "title", "value": "x"})).Body)
		require.Equal(t, minimal, b.send("PUT", "/Users/"+id+"?attributes=userName", object{"userName": "dana@acme.example"}).Body)
		require.NotContains(t, b.send("GET", "/Users?excludedAttributes=groups", nil).found()[0], "groups")
		require.Contains(t, b.send("GET", "/Users", nil).found()[0], "groups")
		require.NotContains(t, b.send("GET", "/Groups?excludedAttributes=members", nil).found()[0], "members")
		require.Equal(t, []any{object{"value": id}}, b.send("GET", "/Groups/"+group+"?attributes=members.value", nil).Body["members"])
		require.Len(t, b.send("GET", "/Groups", nil).found()[0]["members"], 1)
		made := b.is(http.StatusCreated, b.send("POST", "/Groups?excludedAttributes=meta,members", object{"displayName": "B", "members": values(id)}))
		require.Equal(t, object{"schemas": []any{groupURN}, "id": made.id(), "displayName": "B"}, made.Body)
		b.refused(http.StatusBadRequest, "invalidPath", b.send("GET", "/Users?attributes=a[b", nil))
	})
}

// A directory sees nothing of another.
func TestDirectoriesAreApart(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		id := b.user("dana@acme.example")
		group := b.group("Sales", id)
		b.directory("entra", "scim")
		token, err := b.flows.NewDirectoryToken(b.ctx, "entra", 0)
		require.NoError(t, err)
		other := func(method, path string, body any) answer {
			return b.call(method, b.url+"/scim/v2/entra"+path, body, "Authorization", "Bearer "+token)
		}
		for _, path := range []string{"/Users/" + id, "/Groups/" + group} {
			for method, body := range map[string]any{"GET": nil, "PUT": object{"userName": "x", "displayName": "x"}, "PATCH": patch(object{"op": "remove", "path": "title"}), "DELETE": nil} {
				if path != "/Users/"+id && method == "PATCH" {
					body = patch(object{"op": "remove", "path": "members"})
				}
				b.refused(http.StatusNotFound, "", other(method, path, body))
			}
		}
		require.Empty(t, b.is(http.StatusOK, other("GET", "/Users", nil)).found())
		require.Empty(t, b.is(http.StatusOK, other("GET", `/Groups?filter=members.value eq "`+id+`"`, nil)).found())
		theirs := b.is(http.StatusCreated, other("POST", "/Groups", object{"displayName": "Sales"})).id()
		b.refused(http.StatusBadRequest, "invalidValue", other("PATCH", "/Groups/"+theirs, patch(object{"op": "add", "path": "members", "value": values(id)})))
		b.is(http.StatusCreated, other("POST", "/Users", object{"userName": "dana@acme.example"}))
	})
}

// A page whose groups have too many members is refused, rather than shown in part; each group by itself is shown.
func TestPagesHaveABound(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.Open(t, dbtest.SQLite))
	b.fill(size{users: 2000, groups: 201, members: 301_000})
	b.refused(http.StatusBadRequest, "tooMany", b.send("GET", "/Groups?count=200", nil))
	require.Len(t, b.is(http.StatusOK, b.send("GET", "/Groups?count=200&excludedAttributes=members", nil)).found(), 200)
	require.Len(t, b.is(http.StatusOK, b.send("GET", "/Groups?count=100", nil)).found(), 100)
	require.Len(t, b.members(filledGroup(0)), 1000)
}

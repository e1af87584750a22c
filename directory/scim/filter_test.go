package scim_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/directory/scim"
)

// bo is a user to search for, with what the server adds.
const bo = `{"schemas":["` + coreUser + `","` + enterprise + `","` + usher + `"],"id":"U-1","userName":"Bo@Example.com","externalId":"Ext","active":true,
	"name":{"familyName":"O'Malley","givenName":"Bø"},"title":"","profileUrl":"https://Example.com/Bo",
	"emails":[{"value":"Bo@Example.com","type":"work","primary":true},{"value":"bo@home.example","type":"home"}],
	"roles":[{"value":"admin"}],"x509Certificates":[{"value":"QUJD"}],"groups":[{"value":"g1","display":"Editors"}],
	"meta":{"resourceType":"User","created":"2026-01-01T00:00:00Z","lastModified":"2026-11-27T10:00:00+01:00","version":"W/\"1\""},
	"` + enterprise + `":{"department":"Design","employeeNumber":"701984","manager":{"value":"M-1"}},
	"` + usher + `":{"endDate":"2026-12-31"}}`

func TestFilterMatches(t *testing.T) {
	t.Parallel()
	r := object(t, bo)
	for filter, want := range map[string]bool{
		// Each operator, on a text.
		`userName eq "bo@example.com"`: true, `userName eq "bo"`: false,
		`userName ne "bo@example.com"`: false, `userName ne "bo"`: true,
		`userName co "O@EX"`: true, `userName co "x@y"`: false, `userName co ""`: true,
		`userName sw "BO@"`: true, `userName sw "o@"`: false,
		`userName ew ".COM"`: true, `userName ew ".co"`: false,
		`userName gt "bo"`: true, `userName gt "bo@example.com"`: false,
		`userName ge "bo@example.com"`: true, `userName ge "c"`: false,
		`userName lt "c"`: true, `userName lt "bo@example.com"`: false,
		`userName le "bo@example.com"`: true, `userName le "a"`: false,
		`userName pr`: true, `nickName pr`: false, `title pr`: false,
		// Words in any case, spaces, escapes.
		`USERNAME EQ "bo@example.com"`: true, `userName Pr And Not (nickName PR) oR nickName pr`: true,
		"  userName \t eq   \"bo@example.com\"  ": true, `(userName pr)and(active pr)`: true, `not(userName pr)`: false,
		`name.familyName eq "o'malley"`: true, `name.familyName eq "O\u0027Malley"`: true, `name.givenName eq "BØ"`: true,
		// Case counts where the schema says so.
		`id eq "U-1"`: true, `id eq "u-1"`: false, `externalId eq "Ext"`: true, `externalId eq "ext"`: false,
		`profileUrl co "example"`: false, `profileUrl co "Example"`: true, `groups.value eq "g1"`: true, `groups eq "G1"`: false, `groups.$ref pr`: false,
		`schemas eq "` + strings.ToUpper(enterprise) + `"`: true, `meta.resourceType eq "user"`: false,
		// Booleans, also as Entra writes them.
		`active eq true`: true, `active eq True`: true, `active eq "True"`: true, `active eq false`: false, `active ne false`: true,
		`emails[primary eq "True"]`: true, `roles[primary eq true]`: false, `roles[primary ne true]`: true,
		// Times are times.
		`meta.lastModified eq "2026-11-27T09:00:00Z"`: true, `meta.lastModified ne "2026-11-27T09:00:00Z"`: false,
		`meta.lastModified gt "2026-11-27T09:30:00+01:00"`: true, `meta.lastModified ge "2026-11-27T09:00:00.000Z"`: true,
		`meta.lastModified lt "2026-11-27T09:00:00.001Z"`: true, `meta.lastModified le "2026-11-27"`: false, `meta.created sw "2026-01"`: true,
		usher + `:endDate gt "2026-12-30T23:59:59Z"`: true, `endDate le "2026-12-31"`: true, `startDate lt "2030-01-01"`: false, `startDate ne "2030-01-01"`: true,
		// Of several values one is enough.
		`emails.value eq "bo@home.example"`: true, `emails eq "bo@home.example"`: true, `emails co "home"`: true, `emails.type ne "work"`: true,
		`emails pr`: true, `photos pr`: false, `photos.value eq "x"`: false, `x509Certificates.value eq "QUJD"`: true, `x509Certificates eq "qujd"`: false,
		// Within brackets, it is the same one.
		`emails[type eq "work" and value co "home"]`: false, `emails.type eq "work" and emails.value co "home"`: true,
		`emails[type eq "home" and value co "home"]`: true, `emails[type eq "work"].value eq "bo@example.com"`: true,
		`emails[type eq "work"].value co "home"`: false, `emails[type eq "home"].primary pr`: false, `emails[not (type eq "work")].value sw "bo@h"`: true,
		`emails[type eq "other" or primary eq true]`: true, `name[givenName sw "b"]`: true, `photos[type eq "x"]`: false, `photos[not (type pr)]`: false,
		// Null is no value.
		`nickName eq null`: true, `userName eq null`: false, `userName ne null`: true, `emails eq null`: false, `photos eq null`: true, `name eq null`: false, `title eq null`: true,
		// What has no value differs from everything.
		`nickName ne "x"`: true, `nickName eq ""`: false, `nickName co "x"`: false, `nickName lt "x"`: false, `photos.value ne "x"`: true,
		// Extensions, with and without their URN.
		enterprise + `:department eq "design"`: true, enterprise + `:manager.value eq "M-1"`: true, enterprise + `:manager eq "m-1"`: false, `department eq "Design"`: true,
		coreUser + `:userName sw "bo"`: true, enterprise + ` pr`: true, usher + ` pr`: true, enterprise + `:costCenter pr`: false, `employeeNumber eq "701984"`: true,
		// Names that we do not have are attributes without a value.
		`shoeSize eq 7`: false, `shoeSize ne 7`: true, `shoeSize pr`: false, `shoeSize eq null`: true, `urn:x:y:z eq "a"`: false, `name.nick pr`: false,
		`shoeSize[eu eq 42]`: false, `shoeSize[eu eq 42].left pr`: false, `emails[nick eq "x"]`: false, `emails[nick ne "x"].value pr`: true, `members eq "1"`: false,
		// "not" binds closest, then "and", then "or".
		`userName pr or nickName pr and nickName pr`: true, `(userName pr or nickName pr) and nickName pr`: false,
		`not (userName pr) or userName pr`: true, `not (userName pr or nickName pr)`: false, `not (nickName pr) and userName pr`: true,
		`nickName pr and nickName pr or userName pr and active eq true`: true, `((((userName pr))))`: true,
	} {
		f, err := scim.ParseFilter(scim.Users(), filter)
		require.NoError(t, err, filter)
		require.Equal(t, want, f.Match(r), filter)
	}
}

func TestFilterRefuses(t *testing.T) {
	t.Parallel()
	for filter, where := range map[string]string{
		``: "character 1", `   `: "character 4", `(((`: "character 4", `userName`: "character 9", `userName eq`: "character 12",
		`userName regex "x"`: "character 10", `userName eq x`: "character 13", `userName eq "x`: "character 13", `userName eq "\x"`: "character 13",
		`userName eq 'x'`: "character 13", `userName eq "x" and`: "character 20", `userName eq "x" userName pr`: "character 17", `userName eq "x")`: "character 16",
		`userName "eq" "x"`: "character 10", `"userName" eq "x"`: "character 1", `eq "x"`: "character 4", `not userName pr`: "character 5", `(userName pr`: "character 13",
		`user!name pr`: "character 1", `name..x pr`: "character 1", `.name pr`: "character 1", `name. pr`: "character 1", `name.a.b pr`: "character 1", `7 eq 7`: "character 1",
		`emails[type eq "work"`: "character 22", `emails[type eq "work")`: "character 22", `emails[]`: "character 8", `emails[type]`: "character 12", `emails[a.b pr]`: "character 8",
		`emails[type[value pr]]`: "character 12", `emails.type[value pr]`: "character 12", `userName[value pr]`: "character 9", `emails[type pr].`: "character 16", `emails[type pr] .value pr`: "character 17",
		`emails[type pr].value`: "character 22", `emails[type pr].a.b pr`: "character 16", `schemas[value pr]`: "character 8",
		`active gt true`: "character 1", `active co "t"`: "character 1", `active eq "yes"`: "character 1", `active eq 1`: "character 1", `x509Certificates.value gt "a"`: "character 1",
		`userName eq 7`: "character 13", `userName eq true`: "character 13", `userName gt null`: "character 13", `name eq "x"`: "character 1", `addresses co "x"`: "character 1", `meta eq "x"`: "character 1",
		`meta.created gt "yesterday"`: "character 17", `password eq "x"`: "character 1", `password pr`: "character 1", coreUser + ` pr`: "character 1",
		`userName eq -`: "character 13", `userName eq 01`: "character 13", `shoeSize eq 1e999`: "character 13", `name.familyName eq "ø" ø`: "character 24",
		`userName pr and "x`: "character 17", `userName "x`: "character 10", `("x`: "character 2", `emails["x`: "character 8", `userName eq "a" or`: "character 19", `userName eq "a" or or`: "character 22",
		strings.Repeat("(", 33) + `userName pr` + strings.Repeat(")", 33): "character 33",
	} {
		_, err := scim.ParseFilter(scim.Users(), filter)
		require.Error(t, err, filter)
		refused := requireRefused(t, err, http.StatusBadRequest, "invalidFilter")
		require.Contains(t, refused.Detail, where+":", filter)
	}
	for _, filter := range []string{"userName eq \"\xff\"", `userName eq "` + strings.Repeat("x", 16384) + `"`} {
		_, err := scim.ParseFilter(scim.Users(), filter)
		requireRefused(t, err, http.StatusBadRequest, "invalidFilter")
	}
	_, err := scim.ParseFilter(scim.Users(), strings.Repeat("(", 32)+`userName pr`+strings.Repeat(")", 32))
	require.NoError(t, err)
	_, err = scim.ParseFilter(scim.Users(), strings.Repeat("(userName pr) and ", 249)+`userName pr`)
	require.NoError(t, err, "depth is counted, not parentheses")
	_, err = scim.ParseFilter(scim.Users(), strings.Repeat("(userName pr) and ", 250)+`userName pr`)
	requireRefused(t, err, http.StatusBadRequest, "invalidFilter")
	ids := strings.TrimSuffix(strings.Repeat(`value eq \"123456789\" or `, 600), " or ")
	many, err := scim.ParsePatch(scim.Groups(), []byte(`{"Operations":[{"op":"remove","path":"members[`+ids+`]"}]}`))
	require.NoError(t, err, "members may be named one by one")
	require.Len(t, many.Members(), 1)
}

func TestEqualities(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		kind   *scim.Type
		filter string
		exact  bool
		want   []scim.Equality
	}{
		"Okta's":                  {scim.Users(), `userName eq "Ana@x"`, true, []scim.Equality{{"username", "Ana@x", false}}},
		"an id":                   {scim.Users(), `externalId eq "E"`, true, []scim.Equality{{"externalid", "E", true}}},
		"a boolean":               {scim.Users(), `active eq "True"`, true, []scim.Equality{{"active", true, false}}},
		"Entra's, by address":     {scim.Users(), `emails[type eq "work"].value eq "a@x"`, false, []scim.Equality{{"emails.type", "work", false}, {"emails.value", "a@x", false}}},
		"an address":              {scim.Users(), `emails eq "a@x"`, true, []scim.Equality{{"emails.value", "a@x", false}}},
		"one part in brackets":    {scim.Users(), `emails[value eq "a@x"]`, true, []scim.Equality{{"emails.value", "a@x", false}}},
		"is somebody in a group":  {scim.Groups(), `id eq "g" and members eq "u"`, true, []scim.Equality{{"id", "g", true}, {"members.value", "u", true}}},
		"the same, in brackets":   {scim.Groups(), `members[value eq "u"] and id eq "g"`, true, []scim.Equality{{"members.value", "u", true}, {"id", "g", true}}},
		"a group's name":          {scim.Groups(), `displayName eq "Editors"`, true, []scim.Equality{{"displayname", "Editors", false}}},
		"a manager":               {scim.Users(), `manager eq "m"`, true, []scim.Equality{{strings.ToLower(enterprise) + ":manager.value", "m", true}}},
		"nested and":              {scim.Users(), `(id eq "a" and (active eq true))`, true, []scim.Equality{{"id", "a", true}, {"active", true, false}}},
		"more than equalities":    {scim.Users(), `userName eq "a" and title pr`, false, []scim.Equality{{"username", "a", false}}},
		"and within and":          {scim.Users(), `userName eq "a" and (title pr or id eq "x")`, false, []scim.Equality{{"username", "a", false}}},
		"one of two":              {scim.Users(), `userName eq "a" or userName eq "b"`, false, nil},
		"not":                     {scim.Users(), `not (userName eq "a")`, false, nil},
		"another operator":        {scim.Users(), `userName sw "a"`, false, nil},
		"null":                    {scim.Users(), `userName eq null`, false, nil},
		"a time, in other words":  {scim.Users(), `meta.created eq "2026-01-01"`, false, nil},
		"an unknown name":         {scim.Users(), `shoeSize eq "7"`, false, nil},
		"an unknown name in some": {scim.Users(), `emails[nick eq "7" and type eq "work"]`, false, []scim.Equality{{"emails.type", "work", false}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := scim.ParseFilter(tc.kind, tc.filter)
			require.NoError(t, err)
			require.Equal(t, tc.want, f.Equalities())
			require.Equal(t, tc.exact, f.Exact())
		})
	}
}

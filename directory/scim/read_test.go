package scim_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/directory/scim"
)

func TestRead(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		kind       *scim.Type
		body, want string
	}{
		"the least": {scim.Users(), `{"userName":"ana"}`, `{"userName":"ana"}`},
		"Okta's create": {
			scim.Users(),
			`{"schemas":["` + coreUser + `"],"userName":"ana@example.com","name":{"givenName":"Ana","familyName":"Silva"},
			  "emails":[{"primary":true,"value":"ana@example.com","type":"work"}],"displayName":"Ana Silva","locale":"en-US",
			  "externalId":"00ujl29u0le5T6Aj10h7","groups":[],"password":"1mz050nq","active":true}`,
			`{"userName":"ana@example.com","name":{"givenName":"Ana","familyName":"Silva"},"emails":[{"primary":true,"value":"ana@example.com","type":"work"}],
			  "displayName":"Ana Silva","locale":"en-US","externalId":"00ujl29u0le5T6Aj10h7","active":true}`,
		},
		"Entra's create": {
			scim.Users(),
			`{"schemas":["` + coreUser + `","` + enterprise + `"],"externalId":"jyoung","userName":"x@test.onmicrosoft.com","active":"True",
			  "addresses":null,"displayName":"Joy","emails":[{"type":"work","value":"x@test.onmicrosoft.com","primary":"True"}],
			  "meta":{"resourceType":"User"},"name":{"familyName":"Young"},"phoneNumbers":null,"roles":[],"title":null,
			  "` + enterprise + `":{"department":"bob","manager":null}}`,
			`{"externalId":"jyoung","userName":"x@test.onmicrosoft.com","active":true,"displayName":"Joy",
			  "emails":[{"type":"work","value":"x@test.onmicrosoft.com","primary":true}],"name":{"familyName":"Young"},
			  "` + enterprise + `":{"department":"bob"}}`,
		},
		"Entra's group, with a URN of its own and no members": {
			scim.Groups(),
			`{"schemas":["` + coreGroup + `","http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
			  "externalId":"8aa1a0c0","displayName":"Editors","meta":{"resourceType":"Group"}}`,
			`{"externalId":"8aa1a0c0","displayName":"Editors"}`,
		},
		"Okta's group": {scim.Groups(), `{"schemas":["` + coreGroup + `"],"displayName":"Editors","members":[]}`, `{"displayName":"Editors","members":[]}`},
		"OneLogin's template with the URN of SCIM 1": {
			scim.Users(),
			`{"schemas":["urn:scim:schemas:core:1.0"],"userName":"ana","urn:scim:schemas:extension:enterprise:1.0":{"department":"Design"},"name":{"givenName":""}}`,
			`{"userName":"ana","name":{"givenName":""},"` + enterprise + `":{"department":"Design"}}`,
		},
		"names in any case, and by their URN": {
			scim.Users(),
			`{"USERNAME":"ana","Name":{"GIVENNAME":"Ana"},"` + strings.ToUpper(enterprise) + `":{"DEPARTMENT":"x"},"` + coreUser + `:title":"T","` + enterprise + `:costCenter":"7"}`,
			`{"userName":"ana","name":{"givenName":"Ana"},"title":"T","` + enterprise + `":{"department":"x","costCenter":"7"}}`,
		},
		"the attributes under the URN of the core": {scim.Users(), `{"` + coreUser + `":{"userName":"ana","title":"T"}}`, `{"userName":"ana","title":"T"}`},
		"an attribute of an extension without its URN": {
			scim.Users(), `{"userName":"ana","department":"Design"}`, `{"userName":"ana","` + enterprise + `":{"department":"Design"}}`,
		},
		"what we do not have is dropped": {
			scim.Users(),
			`{"userName":"ana","shoeSize":7,"name":{"nick":"A"},"urn:example:params:Custom:2.0:User":{"x":{"y":[1]}},"urn:example:x:y":1,"emails":[{"domain":"x"}],"":1,"a.b.c":2,"` + enterprise + `":{"":{"":1}}}`,
			`{"userName":"ana"}`,
		},
		"what only we may set is dropped": {
			scim.Users(),
			`{"userName":"ana","id":"1","meta":{"version":"x"},"groups":[{"value":"g"}],"` + enterprise + `":{"manager":{"value":"m","displayName":"Boss"}}}`,
			`{"userName":"ana","` + enterprise + `":{"manager":{"value":"m"}}}`,
		},
		"a manager as a text": {scim.Users(), `{"userName":"ana","` + enterprise + `":{"manager":"m"}}`, `{"userName":"ana","` + enterprise + `":{"manager":{"value":"m"}}}`},
		"a manager in a list": {
			scim.Users(), `{"userName":"ana","manager":[{"$ref":null,"value":"m"}]}`, `{"userName":"ana","` + enterprise + `":{"manager":{"value":"m"}}}`,
		},
		"no manager": {scim.Users(), `{"userName":"ana","` + enterprise + `":{"manager":""}}`, `{"userName":"ana"}`},
		"single elements and plain texts": {
			scim.Users(), `{"userName":"ana","roles":"admin","emails":{"value":"a@x"},"entitlements":["a","b",null]}`,
			`{"userName":"ana","roles":[{"value":"admin"}],"emails":[{"value":"a@x"}],"entitlements":[{"value":"a"},{"value":"b"}]}`,
		},
		"an element twice": {
			scim.Users(), `{"userName":"ana","emails":[{"value":"a@x","type":"work"},{"value":"A@x","type":"Work","primary":true},{"value":"a@x","type":"home"}]}`,
			`{"userName":"ana","emails":[{"value":"A@x","type":"Work","primary":true},{"value":"a@x","type":"home"}]}`,
		},
		"two addresses of one type": {
			scim.Users(), `{"userName":"ana","addresses":[{"type":"work","locality":"A"},{"type":"work","locality":"B"},{"type":"work","locality":"A"}]}`,
			`{"userName":"ana","addresses":[{"type":"work","locality":"A"},{"type":"work","locality":"B"}]}`,
		},
		"members in all forms": {
			scim.Groups(), `{"displayName":"x","members":[{"value":"1","display":"Ana","type":"User"},"2",{"$ref":null,"value":"1"},{"value":"3","$ref":"https://x/Users/3"}]}`,
			`{"displayName":"x","members":[{"value":"1","type":"User"},{"value":"2"},{"value":"3","$ref":"https://x/Users/3"}]}`,
		},
		"when work begins and ends": {
			scim.Users(), `{"userName":"ana","` + usher + `":{"startDate":"2026-12-01","endDate":"2027-01-31T18:00:00+01:00","employmentType":"Contractor"}}`,
			`{"userName":"ana","` + usher + `":{"startDate":"2026-12-01","endDate":"2027-01-31T18:00:00+01:00","employmentType":"Contractor"}}`,
		},
		"no end": {scim.Users(), `{"userName":"ana","` + usher + `":{"endDate":""}}`, `{"userName":"ana"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := scim.Read(tc.kind, []byte(tc.body))
			require.NoError(t, err)
			want := object(t, tc.want)
			want["schemas"] = got["schemas"]
			require.JSONEq(t, written(t, want), written(t, got))
			schemas := []any{tc.kind.URN}
			for _, urn := range []string{enterprise, usher} {
				if got[urn] != nil {
					schemas = append(schemas, urn)
				}
			}
			require.Equal(t, schemas, got["schemas"])
		})
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	long := func(n int) string { return strings.Repeat("x", n) }
	many := func(n int) string { return strings.TrimSuffix(strings.Repeat(`{"locality":"x"},`, n), ",") }
	for name, tc := range map[string]struct {
		body, kind string
		status     int
	}{
		"nothing":                    {``, "invalidSyntax", http.StatusBadRequest},
		"no JSON":                    {`{"userName":}`, "invalidSyntax", http.StatusBadRequest},
		"two values":                 {`{"userName":"a"} {}`, "invalidSyntax", http.StatusBadRequest},
		"no UTF-8":                   {"{\"userName\":\"\xff\"}", "invalidSyntax", http.StatusBadRequest},
		"a list":                     {`[{"userName":"a"}]`, "invalidSyntax", http.StatusBadRequest},
		"null":                       {`null`, "invalidSyntax", http.StatusBadRequest},
		"a name twice":               {`{"userName":"a","userName":"b"}`, "invalidSyntax", http.StatusBadRequest},
		"a name twice, in cases":     {`{"userName":"a","username":"b"}`, "invalidSyntax", http.StatusBadRequest},
		"schemas that are no list":   {`{"schemas":"x","userName":"a"}`, "invalidSyntax", http.StatusBadRequest},
		"schemas of numbers":         {`{"schemas":[1],"userName":"a"}`, "invalidSyntax", http.StatusBadRequest},
		"no userName":                {`{"displayName":"a"}`, "invalidValue", http.StatusBadRequest},
		"an empty userName":          {`{"userName":""}`, "invalidValue", http.StatusBadRequest},
		"a blank userName":           {`{"userName":"  "}`, "invalidValue", http.StatusBadRequest},
		"null for a userName":        {`{"userName":null}`, "invalidValue", http.StatusBadRequest},
		"a number for a text":        {`{"userName":7}`, "invalidValue", http.StatusBadRequest},
		"a list for a text":          {`{"userName":["a","b"]}`, "invalidValue", http.StatusBadRequest},
		"an object for a text":       {`{"userName":{"value":"a"}}`, "invalidValue", http.StatusBadRequest},
		"a text for a boolean":       {`{"userName":"a","active":"yes"}`, "invalidValue", http.StatusBadRequest},
		"a number for a boolean":     {`{"userName":"a","active":1}`, "invalidValue", http.StatusBadRequest},
		"a text for a name":          {`{"userName":"a","name":"Ana"}`, "invalidValue", http.StatusBadRequest},
		"a text for an address":      {`{"userName":"a","addresses":["Main Street"]}`, "invalidValue", http.StatusBadRequest},
		"a list within a list":       {`{"userName":"a","emails":[[{"value":"x"}]]}`, "invalidValue", http.StatusBadRequest},
		"a text for an extension":    {`{"userName":"a","` + enterprise + `":"x"}`, "invalidValue", http.StatusBadRequest},
		"a password of numbers":      {`{"userName":"a","password":12345678}`, "invalidValue", http.StatusBadRequest},
		"no date":                    {`{"userName":"a","` + usher + `":{"endDate":"31.12.2026"}}`, "invalidValue", http.StatusBadRequest},
		"no day of a month":          {`{"userName":"a","` + usher + `":{"endDate":"2026-02-30"}}`, "invalidValue", http.StatusBadRequest},
		"a number in a name":         {`{"userName":"a","name":{"givenName":7}}`, "invalidValue", http.StatusBadRequest},
		"an element nobody can make": {`{"userName":"a","emails[type sw \"w\"].value":"x"}`, "noTarget", http.StatusBadRequest},
		"a filter that is none":      {`{"userName":"a","emails[type].value":"x"}`, "invalidFilter", http.StatusBadRequest},
		"two primary values":         {`{"userName":"a","emails":[{"value":"a","primary":true},{"value":"b","primary":"True"}]}`, "invalidValue", http.StatusBadRequest},
		"NUL, which databases lack":  {`{"userName":"a\u0000b"}`, "invalidValue", http.StatusBadRequest},
		"a long userName":            {`{"userName":"` + long(1025) + `"}`, "invalidValue", http.StatusBadRequest},
		"a long title":               {`{"userName":"a","title":"` + long(16385) + `"}`, "invalidValue", http.StatusBadRequest},
		"many addresses":             {`{"userName":"a","addresses":[` + many(1001) + `]}`, "", http.StatusRequestEntityTooLarge},
		"deep nesting":               {`{"x":` + strings.Repeat("[", 10) + strings.Repeat("]", 10) + `,"userName":"a"}`, "", http.StatusRequestEntityTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := scim.Read(scim.Users(), []byte(tc.body))
			require.Nil(t, got)
			requireRefused(t, err, tc.status, tc.kind)
		})
	}
	for name, body := range map[string]string{
		"no name": `{"members":[]}`, "a member of nothing": `{"displayName":"x","members":[{}]}`, "a member without an id": `{"displayName":"x","members":[{"value":""}]}`,
		"an empty member": `{"displayName":"x","members":[""]}`, "a member that is a number": `{"displayName":"x","members":[1]}`,
	} {
		_, err := scim.Read(scim.Groups(), []byte(body))
		require.Error(t, err, name)
		requireRefused(t, err, http.StatusBadRequest, "invalidValue")
	}
}

// TestReadToTheLimit takes as much as is allowed.
func TestReadToTheLimit(t *testing.T) {
	t.Parallel()
	var list strings.Builder
	for n := range 100_000 {
		fmt.Fprintf(&list, `,{"value":"id-%d"}`, n)
	}
	got, err := scim.Read(scim.Groups(), []byte(`{"displayName":"`+strings.Repeat("x", 1024)+`","members":[`+list.String()[1:]+`]}`))
	require.NoError(t, err)
	require.Len(t, got["members"], 100_000)
	_, err = scim.Read(scim.Groups(), []byte(`{"displayName":"x","members":["one more"`+list.String()+`]}`))
	requireRefused(t, err, http.StatusRequestEntityTooLarge, "")
	nested := strings.Repeat("[", 9) + strings.Repeat("]", 9)
	_, err = scim.Read(scim.Groups(), []byte(`{"displayName":"x","unknown":`+nested+`}`))
	require.NoError(t, err)
}

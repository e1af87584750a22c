package scim_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/directory/scim"
)

// ana is a user as she is stored.
const ana = `{"schemas":["` + coreUser + `","` + enterprise + `"],"id":"u1","userName":"ana","externalId":"e1","active":true,"displayName":"Ana",
	"name":{"givenName":"Ana","familyName":"Silva"},"title":"Editor",
	"emails":[{"value":"ana@example.com","type":"work","primary":true},{"value":"ana@home.example","type":"home"}],
	"roles":[{"value":"editor"},{"value":"viewer","display":"Viewer","type":"app"}],
	"` + enterprise + `":{"department":"Design","manager":{"value":"m1","$ref":"https://x/Users/m1"}}}`

// operations wraps operations into a body.
func operations(list string) []byte {
	return []byte(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[` + list + `]}`)
}

// patched applies operations to Ana and checks that she herself stays as she is.
func patched(t *testing.T, list string) (scim.Resource, bool, error) {
	t.Helper()
	p, err := scim.ParsePatch(scim.Users(), operations(list))
	if err != nil {
		return nil, false, err
	}
	before := object(t, ana)
	after, changed, err := p.Apply(before)
	require.JSONEq(t, ana, written(t, before), "the resource that was given has changed")
	return after, changed, err
}

// TestPatch has each shape of the reference that is about users, by its number, and what else providers send. Set and
// gone say what differs from Ana afterwards; neither means that nothing does.
func TestPatch(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		operations, set string
		gone            []string
	}{
		"1: no path":                         {`{"op":"replace","value":{"active":false}}`, `{"active":false}`, nil},
		"2: capital letter, text":            {`{"op":"Replace","path":"active","value":"False"}`, `{"active":false}`, nil},
		"3: a path":                          {`{"op":"replace","path":"active","value":false}`, `{"active":false}`, nil},
		"4: dotted and URN keys":             {`{"op":"replace","value":{"displayName":"x","name.givenName":"y","` + enterprise + `:employeeNumber":"z"}}`, `{"displayName":"x","name":{"givenName":"y","familyName":"Silva"},"` + enterprise + `":{"department":"Design","employeeNumber":"z","manager":{"value":"m1","$ref":"https://x/Users/m1"}}}`, nil},
		"4: with a filter in a key":          {`{"op":"add","value":{"emails[type eq \"other\"].value":"o@x"}}`, `{"emails":[{"value":"ana@example.com","type":"work","primary":true},{"value":"ana@home.example","type":"home"},{"type":"other","value":"o@x"}]}`, nil},
		"5: no element, first one":           {`{"op":"Add","path":"phoneNumbers[type eq \"mobile\"].value","value":"+1"}`, `{"phoneNumbers":[{"type":"mobile","value":"+1"}]}`, nil},
		"5: no element, another one":         {`{"op":"Replace","path":"emails[type eq \"other\"].value","value":"o@x"}`, `{"emails":[{"value":"ana@example.com","type":"work","primary":true},{"value":"ana@home.example","type":"home"},{"type":"other","value":"o@x"}]}`, nil},
		"5: the element that there is":       {`{"op":"Replace","path":"emails[type eq \"work\"].value","value":"n@x"}`, `{"emails":[{"value":"n@x","type":"work","primary":true},{"value":"ana@home.example","type":"home"}]}`, nil},
		"5: an address":                      {`{"op":"Add","path":"addresses[type eq \"work\"].formatted","value":"Main St"}`, `{"addresses":[{"type":"work","formatted":"Main St"}]}`, nil},
		"5: two demands":                     {`{"op":"Add","path":"phoneNumbers[type eq \"work\" and primary eq true].value","value":"+1"}`, `{"phoneNumbers":[{"type":"work","primary":true,"value":"+1"}]}`, nil},
		"5: by its value":                    {`{"op":"add","path":"emails[value eq \"ANA@example.com\"].display","value":"Work"}`, `{"emails":[{"value":"ana@example.com","type":"work","primary":true,"display":"Work"},{"value":"ana@home.example","type":"home"}]}`, nil},
		"roles, as Entra sends them":         {`{"op":"Add","path":"roles[primary eq \"True\"].value","value":"admin"}`, `{"roles":[{"value":"editor"},{"value":"viewer","display":"Viewer","type":"app"},{"primary":true,"value":"admin"}]}`, nil},
		"10: id in the value":                {`{"op":"replace","value":{"id":"other","meta":{"version":"x"},"schemas":["x"],"groups":[{"value":"g"}],"displayName":"x"}}`, `{"displayName":"x"}`, nil},
		"11: manager with a dot":             {`{"op":"Replace","path":"` + enterprise + `.manager","value":"m2"}`, `{"` + enterprise + `":{"department":"Design","manager":{"value":"m2"}}}`, nil},
		"11: manager with a colon":           {`{"op":"Add","path":"` + enterprise + `:manager","value":"m2"}`, `{"` + enterprise + `":{"department":"Design","manager":{"value":"m2"}}}`, nil},
		"11: manager without a URN":          {`{"op":"Add","path":"manager","value":[{"$ref":"https://x/Users/m2","value":"m2"}]}`, `{"` + enterprise + `":{"department":"Design","manager":{"value":"m2","$ref":"https://x/Users/m2"}}}`, nil},
		"11: the manager's value":            {`{"op":"replace","path":"` + enterprise + `:manager.value","value":"m2"}`, `{"` + enterprise + `":{"department":"Design","manager":{"value":"m2"}}}`, nil},
		"the same manager keeps his link":    {`{"op":"replace","path":"` + enterprise + `:manager","value":"m1"}`, `{}`, nil},
		"no manager, removed":                {`{"op":"Remove","path":"` + enterprise + `:manager"}`, `{"` + enterprise + `":{"department":"Design"}}`, nil},
		"no manager, null":                   {`{"op":"replace","value":{"` + enterprise + `":{"manager":null}}}`, `{"` + enterprise + `":{"department":"Design"}}`, nil},
		"no manager, an object of null":      {`{"op":"replace","path":"` + enterprise + `:manager","value":{"value":null}}`, `{"` + enterprise + `":{"department":"Design"}}`, nil},
		"no manager, empty":                  {`{"op":"replace","path":"` + enterprise + `:manager","value":""}`, `{"` + enterprise + `":{"department":"Design"}}`, nil},
		"an object under a URN":              {`{"op":"add","value":{"` + usher + `":{"endDate":"2026-12-31"}}}`, `{"` + usher + `":{"endDate":"2026-12-31"},"schemas":["` + coreUser + `","` + enterprise + `","` + usher + `"]}`, nil},
		"a URN as the path":                  {`{"op":"add","path":"` + usher + `","value":{"endDate":"2026-12-31"}}`, `{"` + usher + `":{"endDate":"2026-12-31"},"schemas":["` + coreUser + `","` + enterprise + `","` + usher + `"]}`, nil},
		"a URN is removed":                   {`{"op":"remove","path":"` + enterprise + `"}`, `{"schemas":["` + coreUser + `"]}`, []string{enterprise}},
		"null for a URN":                     {`{"op":"replace","value":{"` + enterprise + `":null}}`, `{"schemas":["` + coreUser + `"]}`, []string{enterprise}},
		"the last of an extension":           {`{"op":"remove","path":"` + enterprise + `:manager"},{"op":"remove","path":"` + enterprise + `:department"}`, `{"schemas":["` + coreUser + `"]}`, []string{enterprise}},
		"the URN of the core":                {`{"op":"replace","path":"` + coreUser + `:title","value":"x"}`, `{"title":"x"}`, nil},
		"the URN of the core alone":          {`{"op":"replace","path":"` + coreUser + `","value":{"title":"x"}}`, `{"title":"x"}`, nil},
		"the URN of SCIM 1":                  {`{"op":"replace","value":{"urn:scim:schemas:core:1.0:title":"x","urn:scim:schemas:core:1.0":{"nickName":"y"}}}`, `{"title":"x","nickName":"y"}`, nil},
		"a legacy list of one":               {`{"op":"Replace","path":"displayName","value":[{"$ref":null,"value":"x"}]}`, `{"displayName":"x"}`, nil},
		"names of messages in any case":      {`{"OP":"REPLACE","Path":"TITLE","VALUE":"x"}`, `{"title":"x"}`, nil},
		"a part of a complex attribute":      {`{"op":"replace","path":"name.familyName","value":"Souza"}`, `{"name":{"givenName":"Ana","familyName":"Souza"}}`, nil},
		"a complex attribute keeps parts":    {`{"op":"replace","path":"name","value":{"familyName":"Souza"}}`, `{"name":{"givenName":"Ana","familyName":"Souza"}}`, nil},
		"so it does without a path":          {`{"op":"replace","value":{"name":{"familyName":"Souza"}}}`, `{"name":{"givenName":"Ana","familyName":"Souza"}}`, nil},
		"an unknown part changes nothing":    {`{"op":"replace","value":{"name":{"nick":"A"}}},{"op":"replace","path":"name","value":{}}`, `{}`, nil},
		"a part is removed":                  {`{"op":"remove","path":"name.familyName"}`, `{"name":{"givenName":"Ana"}}`, nil},
		"all parts are removed":              {`{"op":"remove","path":"name.familyName"},{"op":"remove","path":"name.givenName"}`, `{}`, []string{"name"}},
		"a removal with a value":             {`{"op":"remove","path":"title","value":7}`, `{}`, []string{"title"}},
		"null unassigns":                     {`{"op":"replace","value":{"title":null,"emails":null}}`, `{}`, []string{"title", "emails"}},
		"an empty list unassigns":            {`{"op":"replace","path":"emails","value":[]}`, `{}`, []string{"emails"}},
		"null adds nothing":                  {`{"op":"add","value":{"title":null,"emails":null,"name":null,"` + enterprise + `":null}}`, `{}`, nil},
		"an element is added":                {`{"op":"add","path":"roles","value":[{"value":"admin"}]}`, `{"roles":[{"value":"editor"},{"value":"viewer","display":"Viewer","type":"app"},{"value":"admin"}]}`, nil},
		"an element that is there":           {`{"op":"add","path":"emails","value":[{"value":"ana@example.com","type":"work"}]}`, `{}`, nil},
		"a value that is there":              {`{"op":"add","path":"displayName","value":"Ana"}`, `{}`, nil},
		"an element learns more":             {`{"op":"add","path":"roles","value":{"value":"editor","display":"Editor"}}`, `{"roles":[{"value":"editor","display":"Editor"},{"value":"viewer","display":"Viewer","type":"app"}]}`, nil},
		"a list is replaced":                 {`{"op":"replace","path":"roles","value":["admin"]}`, `{"roles":[{"value":"admin"}]}`, nil},
		"elements are removed by a filter":   {`{"op":"remove","path":"roles[value eq \"editor\" or type eq \"app\"]"}`, `{}`, []string{"roles"}},
		"one is removed by a filter":         {`{"op":"remove","path":"emails[not (type eq \"work\")]"}`, `{"emails":[{"value":"ana@example.com","type":"work","primary":true}]}`, nil},
		"none is removed by a filter":        {`{"op":"remove","path":"emails[type eq \"other\"]"},{"op":"remove","path":"photos[type eq \"x\"].value"}`, `{}`, nil},
		"elements are removed by value":      {`{"op":"Remove","path":"roles","value":[{"$ref":null,"value":"viewer"}]}`, `{"roles":[{"value":"editor"}]}`, nil},
		"an empty list removes nothing":      {`{"op":"remove","path":"roles","value":[]}`, `{}`, nil},
		"a list is removed":                  {`{"op":"remove","path":"roles","value":null}`, `{}`, []string{"roles"}},
		"a part of chosen elements":          {`{"op":"remove","path":"roles[value eq \"viewer\"].type"}`, `{"roles":[{"value":"editor"},{"value":"viewer","display":"Viewer"}]}`, nil},
		"a part of all elements":             {`{"op":"replace","path":"emails.display","value":"x"}`, `{"emails":[{"value":"ana@example.com","type":"work","primary":true,"display":"x"},{"value":"ana@home.example","type":"home","display":"x"}]}`, nil},
		"a part of no elements":              {`{"op":"add","path":"photos.value","value":"https://x/p"}`, `{"photos":[{"value":"https://x/p"}]}`, nil},
		"a new value keeps the rest":         {`{"op":"replace","path":"roles[value eq \"viewer\"]","value":{"value":"admin"}}`, `{"roles":[{"value":"editor"},{"value":"admin","display":"Viewer","type":"app"}]}`, nil},
		"elements become one":                {`{"op":"replace","path":"emails.type","value":"other"},{"op":"replace","path":"emails.value","value":"x@x"}`, `{"emails":[{"value":"x@x","type":"other","primary":true}]}`, nil},
		"chosen elements that are not there": {`{"op":"add","path":"photos[type eq \"x\"]","value":{"value":"v"}},{"op":"add","path":"photos[type eq \"y\"]","value":{"type":null}}`, `{"photos":[{"type":"x","value":"v"}]}`, nil},
		"a name before its value":            {`{"op":"add","path":"photos[type eq \"x\"].display","value":"N"},{"op":"add","path":"photos[type eq \"x\"].value","value":"v"}`, `{"photos":[{"type":"x","display":"N","value":"v"}]}`, nil},
		"a new primary, added":               {`{"op":"add","path":"emails","value":[{"value":"n@x","type":"other","primary":true}]}`, `{"emails":[{"value":"ana@example.com","type":"work","primary":false},{"value":"ana@home.example","type":"home"},{"value":"n@x","type":"other","primary":true}]}`, nil},
		"a new primary, chosen":              {`{"op":"replace","path":"emails[type eq \"home\"].primary","value":"True"}`, `{"emails":[{"value":"ana@example.com","type":"work","primary":false},{"value":"ana@home.example","type":"home","primary":true}]}`, nil},
		"a new primary for all":              {`{"op":"replace","path":"emails.primary","value":true}`, `{"emails":[{"value":"ana@example.com","type":"work","primary":false},{"value":"ana@home.example","type":"home","primary":true}]}`, nil},
		"a password is taken and forgotten":  {`{"op":"replace","path":"password","value":"x"},{"op":"replace","value":{"password":"y"}},{"op":"remove","path":"password"}`, `{}`, nil},
		"schemas follow from what is there":  {`{"op":"add","path":"schemas","value":["urn:x","urn:x"]}`, `{}`, nil},
		"a schema that we do not have":       {`{"op":"add","path":"urn:example:params:Custom:2.0:User:x","value":{"y":1}},{"op":"remove","path":"urn:x:y[z eq 1].a"}`, `{}`, nil},
		"names in a value that we lack":      {`{"op":"replace","value":{"shoeSize":7,"a.b.c":1,"":2,"[":3,"title":"x"}}`, `{"title":"x"}`, nil},
		"in order":                           {`{"op":"replace","path":"title","value":"x"},{"op":"remove","path":"title"},{"op":"add","path":"title","value":"y"}`, `{"title":"y"}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, changed, err := patched(t, tc.operations)
			require.NoError(t, err)
			want := object(t, ana)
			for path, value := range object(t, tc.set) {
				want[path] = value
			}
			for _, path := range tc.gone {
				delete(want, path)
			}
			require.JSONEq(t, written(t, want), written(t, got))
			require.Equal(t, len(tc.gone) > 0 || tc.set != `{}`, changed)
		})
	}
}

func TestPatchRefuses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ operations, kind string }{
		"no operation":                   {``, "invalidSyntax"},
		"an operation that is none":      {`7`, "invalidSyntax"},
		"no op":                          {`{"path":"title","value":"x"}`, "invalidSyntax"},
		"an unknown op":                  {`{"op":"move","path":"title","value":"x"}`, "invalidSyntax"},
		"a path that is no text":         {`{"op":"add","path":7,"value":"x"}`, "invalidSyntax"},
		"no value":                       {`{"op":"add","path":"title"}`, "invalidValue"},
		"no value and no path":           {`{"op":"replace"}`, "invalidValue"},
		"no object without a path":       {`{"op":"replace","value":"x"}`, "invalidValue"},
		"a removal without a path":       {`{"op":"remove","value":{"title":"x"}}`, "noTarget"},
		"an unknown attribute":           {`{"op":"replace","path":"shoeSize","value":"x"}`, "invalidPath"},
		"an unknown part":                {`{"op":"replace","path":"name.nick","value":"x"}`, "invalidPath"},
		"an unknown part of elements":    {`{"op":"replace","path":"emails[type eq \"work\"].nick","value":"x"}`, "invalidPath"},
		"an unknown one of an extension": {`{"op":"replace","path":"` + enterprise + `:shoeSize","value":"x"}`, "invalidPath"},
		"a path that is none":            {`{"op":"replace","path":"name familyName","value":"x"}`, "invalidPath"},
		"dots":                           {`{"op":"replace","path":"name..familyName","value":"x"}`, "invalidPath"},
		"a filter on a single value":     {`{"op":"replace","path":"name[familyName eq \"x\"]","value":"x"}`, "invalidPath"},
		"a filter on a text":             {`{"op":"replace","path":"title[value eq \"x\"]","value":"x"}`, "invalidPath"},
		"a filter on a part":             {`{"op":"replace","path":"emails.value[value eq \"x\"]","value":"x"}`, "invalidPath"},
		"more behind a path":             {`{"op":"replace","path":"emails[type eq \"work\"].value or","value":"x"}`, "invalidPath"},
		"no part behind a dot":           {`{"op":"replace","path":"emails[type eq \"work\"].","value":"x"}`, "invalidFilter"},
		"an open bracket":                {`{"op":"replace","path":"emails[type eq \"work\"","value":"x"}`, "invalidFilter"},
		"an empty filter":                {`{"op":"replace","path":"emails[]","value":"x"}`, "invalidFilter"},
		"a bad filter in a key":          {`{"op":"replace","value":{"emails[type]":"x"}}`, "invalidFilter"},
		"an id":                          {`{"op":"replace","path":"id","value":"x"}`, "mutability"},
		"what we say":                    {`{"op":"replace","path":"meta.version","value":"x"}`, "mutability"},
		"groups of a user":               {`{"op":"add","path":"groups","value":[{"value":"g"}]}`, "mutability"},
		"the manager's name":             {`{"op":"replace","path":"` + enterprise + `:manager.displayName","value":"x"}`, "mutability"},
		"userName is removed":            {`{"op":"remove","path":"userName"}`, "mutability"},
		"the core is removed":            {`{"op":"remove","path":"` + coreUser + `"}`, "invalidPath"},
		"userName is emptied":            {`{"op":"replace","path":"userName","value":""}`, "invalidValue"},
		"userName is unassigned":         {`{"op":"replace","value":{"userName":null}}`, "invalidValue"},
		"a wrong type":                   {`{"op":"replace","path":"title","value":7}`, "invalidValue"},
		"a wrong type in a value":        {`{"op":"replace","value":{"active":"maybe"}}`, "invalidValue"},
		"a wrong type of a part":         {`{"op":"replace","path":"emails[type eq \"work\"].value","value":7}`, "invalidValue"},
		"a wrong type of an element":     {`{"op":"add","path":"emails","value":[7]}`, "invalidValue"},
		"a wrong type of a chosen one":   {`{"op":"replace","path":"emails[type eq \"work\"]","value":7}`, "invalidValue"},
		"a password that is no text":     {`{"op":"replace","path":"password","value":7}`, "invalidValue"},
		"an extension that is a text":    {`{"op":"replace","path":"` + enterprise + `","value":"x"}`, "invalidValue"},
		"a wrong type within an object":  {`{"op":"replace","path":"name","value":{"givenName":7}}`, "invalidValue"},
		"an address for a text":          {`{"op":"replace","path":"emails.value","value":{"value":"x"}}`, "invalidValue"},
		"two primary values":             {`{"op":"add","path":"emails","value":[{"value":"a","primary":true},{"value":"b","primary":true}]}`, "invalidValue"},
		"replacing what is not there":    {`{"op":"replace","path":"emails[type eq \"other\"]","value":{"value":"x"}}`, "noTarget"},
		"an element nobody can make":     {`{"op":"replace","path":"emails[type sw \"oth\"].value","value":"x"}`, "noTarget"},
		"one of two elements":            {`{"op":"add","path":"photos[type eq \"a\" or type eq \"b\"].value","value":"x"}`, "noTarget"},
		"an element of an unknown part":  {`{"op":"add","path":"photos[nick eq \"a\"].value","value":"x"}`, "noTarget"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// The first operation is a good one: nothing of it may show.
			good := `{"op":"replace","path":"title","value":"changed"},`
			if tc.operations == "" {
				good = ""
			}
			got, changed, err := patched(t, good+tc.operations)
			require.Nil(t, got)
			require.False(t, changed)
			requireRefused(t, err, http.StatusBadRequest, tc.kind)
		})
	}
}

// TestPatchOfNothing makes a resource, as Read does.
func TestPatchOfNothing(t *testing.T) {
	t.Parallel()
	p, err := scim.ParsePatch(scim.Users(), operations(`{"op":"add","value":{"userName":"bo","department":"Design"}}`))
	require.NoError(t, err)
	after, changed, err := p.Apply(nil)
	require.NoError(t, err)
	require.True(t, changed)
	read, err := scim.Read(scim.Users(), []byte(`{"userName":"bo","department":"Design"}`))
	require.NoError(t, err)
	require.Equal(t, read, after)
	require.Empty(t, p.Members())
}

func TestPatchHasLimits(t *testing.T) {
	t.Parallel()
	one := `{"op":"add","path":"title","value":"x"}`
	_, err := scim.ParsePatch(scim.Users(), operations(one+strings.Repeat(","+one, 999)))
	require.NoError(t, err)
	_, err = scim.ParsePatch(scim.Users(), operations(one+strings.Repeat(","+one, 1000)))
	requireRefused(t, err, http.StatusRequestEntityTooLarge, "")
	for body, kind := range map[string]string{`{}`: "invalidSyntax", `{"Operations":{}}`: "invalidSyntax", `[]`: "invalidSyntax", `x`: "invalidSyntax"} {
		_, err = scim.ParsePatch(scim.Users(), []byte(body))
		requireRefused(t, err, http.StatusBadRequest, kind)
	}
	long := `{"op":"add","path":"emails[type eq \"` + strings.Repeat("x", 16384) + `\"].value","value":"x"}`
	_, err = scim.ParsePatch(scim.Users(), operations(long))
	requireRefused(t, err, http.StatusBadRequest, "invalidPath")

	_, _, err = patched(t, `{"op":"add","path":"entitlements","value":[`+numbered(0, 1000)+`]}`)
	require.NoError(t, err)
	_, _, err = patched(t, `{"op":"add","path":"entitlements","value":[`+numbered(0, 1000)+`]},{"op":"add","path":"entitlements","value":"one more"}`)
	requireRefused(t, err, http.StatusRequestEntityTooLarge, "")
	_, _, err = patched(t, `{"op":"add","path":"entitlements","value":[`+numbered(0, 1000)+`]},{"op":"add","path":"entitlements[type eq \"x\"].value","value":"one more"}`)
	requireRefused(t, err, http.StatusRequestEntityTooLarge, "")
}

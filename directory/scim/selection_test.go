package scim_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/directory/scim"
)

func TestSelection(t *testing.T) {
	t.Parallel()
	const whole = `{"schemas":["x"],"id":"1","externalId":"e","userName":"ana","password":"secret","title":null,"photos":[],"nickName":"",
		"shoeSize":7,"name":{"givenName":"Ana","familyName":"Silva"},"emails":[{"value":"a@x","type":"work"},{"type":"home"}],
		"meta":{"resourceType":"User","version":"1"},"` + enterprise + `":{"department":"Design","manager":{"value":"m","$ref":"r"}}}`
	for name, tc := range map[string]struct{ attributes, excluded, want string }{
		"everything": {"", "", `{"schemas":["x"],"id":"1","externalId":"e","userName":"ana","nickName":"","name":{"givenName":"Ana","familyName":"Silva"},
			"emails":[{"value":"a@x","type":"work"},{"type":"home"}],"meta":{"resourceType":"User","version":"1"},"` + enterprise + `":{"department":"Design","manager":{"value":"m","$ref":"r"}}}`},
		"one":                             {"userName", "", `{"schemas":["x"],"id":"1","userName":"ana"}`},
		"some, in any case":               {" USERNAME , name.GivenName,emails.value", "", `{"schemas":["x"],"id":"1","userName":"ana","name":{"givenName":"Ana"},"emails":[{"value":"a@x"}]}`},
		"a part and the whole":            {"name.givenName,name", "", `{"schemas":["x"],"id":"1","name":{"givenName":"Ana","familyName":"Silva"}}`},
		"two parts":                       {"name.givenName,name.familyName", "", `{"schemas":["x"],"id":"1","name":{"givenName":"Ana","familyName":"Silva"}}`},
		"a part that is nowhere":          {"name.middleName,emails.display", "", `{"schemas":["x"],"id":"1"}`},
		"of an extension":                 {enterprise + ":department", "", `{"schemas":["x"],"id":"1","` + enterprise + `":{"department":"Design"}}`},
		"of an extension, a part":         {enterprise + ":manager.value", "", `{"schemas":["x"],"id":"1","` + enterprise + `":{"manager":{"value":"m"}}}`},
		"an extension":                    {enterprise, "", `{"schemas":["x"],"id":"1","` + enterprise + `":{"department":"Design","manager":{"value":"m","$ref":"r"}}}`},
		"what there is not":               {"shoeSize,urn:x:y", "", `{"schemas":["x"],"id":"1"}`},
		"a password":                      {"password", "", `{"schemas":["x"],"id":"1"}`},
		"commas":                          {",,", "", `{"schemas":["x"],"id":"1","externalId":"e","userName":"ana","nickName":"","name":{"givenName":"Ana","familyName":"Silva"},"emails":[{"value":"a@x","type":"work"},{"type":"home"}],"meta":{"resourceType":"User","version":"1"},"` + enterprise + `":{"department":"Design","manager":{"value":"m","$ref":"r"}}}`},
		"without some":                    {"", "id,schemas,externalId,meta,emails.type,name,nickName,shoeSize", `{"schemas":["x"],"id":"1","userName":"ana","emails":[{"value":"a@x"}],"` + enterprise + `":{"department":"Design","manager":{"value":"m","$ref":"r"}}}`},
		"without an extension":            {"", enterprise + ",meta,emails,name,nickName,externalId", `{"schemas":["x"],"id":"1","userName":"ana"}`},
		"both":                            {"name,userName", "name.familyName,userName,emails", `{"schemas":["x"],"id":"1","name":{"givenName":"Ana"}}`},
		"the URN of the core, and a part": {coreUser + ":name.givenName", "", `{"schemas":["x"],"id":"1","name":{"givenName":"Ana"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := scim.ParseSelection(scim.Users(), tc.attributes, tc.excluded)
			require.NoError(t, err)
			r := object(t, whole)
			require.JSONEq(t, tc.want, written(t, s.Of(scim.Users(), r)))
			require.JSONEq(t, whole, written(t, r))
		})
	}
	for _, bad := range []string{"user name", "a..b", "userName,*", "emails[type pr", "emails[", "userName[a pr]", "nothing[type pr]"} {
		_, err := scim.ParseSelection(scim.Users(), bad, "")
		requireRefused(t, err, http.StatusBadRequest, "invalidPath")
		_, err = scim.ParseSelection(scim.Users(), "", bad)
		requireRefused(t, err, http.StatusBadRequest, "invalidPath")
	}
}

// TestSelectionOfChosenElements shows all elements where a client names some, as Microsoft's do.
func TestSelectionOfChosenElements(t *testing.T) {
	t.Parallel()
	for attributes, want := range map[string]string{
		`emails[type eq "work"]`:       `{"id":"1","emails":[{"value":"a","type":"work"},{"value":"b","type":"home"}]}`,
		`emails[type eq "work"].value`: `{"id":"1","emails":[{"value":"a"},{"value":"b"}]}`,
	} {
		s, err := scim.ParseSelection(scim.Users(), attributes, "")
		require.NoError(t, err)
		r := object(t, `{"id":"1","userName":"u","emails":[{"value":"a","type":"work"},{"value":"b","type":"home"}]}`)
		require.JSONEq(t, want, written(t, s.Of(scim.Users(), r)))
	}
}

// TestWants checks that members need not be read when nobody asks for them.
func TestWants(t *testing.T) {
	t.Parallel()
	require.True(t, scim.Selection{}.Wants("members"))
	for _, tc := range []struct {
		attributes, excluded string
		want                 bool
	}{
		{"", "", true},
		{"", "members", false},
		{"", "MEMBERS,displayName", false},
		{"", "displayName", true},
		{"", "members.value", true},
		{"displayName", "", false},
		{"members", "", true},
		{"displayName,members.value", "", true},
		{"members", "members", false},
		{"nothing", "", false},
		{coreGroup + ":members", "", true},
		{coreGroup, "", true},
		{"", coreGroup, false},
	} {
		s, err := scim.ParseSelection(scim.Groups(), tc.attributes, tc.excluded)
		require.NoError(t, err)
		require.Equal(t, tc.want, s.Wants("members"), "%q without %q", tc.attributes, tc.excluded)
		_, seen := s.Of(scim.Groups(), object(t, `{"id":"g","displayName":"x","members":[{"value":"u","type":"User"}]}`))["members"]
		require.Equal(t, tc.want, seen, "%q without %q", tc.attributes, tc.excluded)
	}
}

func TestEmptyMembersAreNotShown(t *testing.T) {
	t.Parallel()
	require.JSONEq(t, `{"id":"g"}`, written(t, scim.Selection{}.Of(scim.Groups(), object(t, `{"id":"g","members":[]}`))))
}

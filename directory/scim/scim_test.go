package scim_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/directory/scim"
)

const (
	coreUser   = "urn:ietf:params:scim:schemas:core:2.0:User"
	coreGroup  = "urn:ietf:params:scim:schemas:core:2.0:Group"
	enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	usher      = "urn:ietf:params:scim:schemas:extension:usher:2.0:User"
)

// object reads JSON as it comes out of a database.
func object(t require.TestingT, text string) scim.Resource {
	var r scim.Resource
	require.NoError(t, json.Unmarshal([]byte(text), &r), text)
	return r
}

// written is a resource as JSON, for comparing.
func written(t require.TestingT, r any) string {
	text, err := json.Marshal(r)
	require.NoError(t, err)
	return string(text)
}

// requireRefused checks that an error is one for clients: with this status and scimType, and a sentence.
func requireRefused(t require.TestingT, err error, status int, kind string) *scim.Error {
	var refused *scim.Error
	require.ErrorAs(t, err, &refused)
	require.Equal(t, status, refused.Status, refused.Detail)
	require.Equal(t, kind, refused.Type, refused.Detail)
	require.NotEmpty(t, refused.Detail)
	return refused
}

func TestErrorsAreMessages(t *testing.T) {
	t.Parallel()
	for kind, err := range map[string]*scim.Error{
		"invalidFilter": scim.InvalidFilter("x %d", 1), "invalidSyntax": scim.InvalidSyntax("x %d", 1), "invalidPath": scim.InvalidPath("x %d", 1),
		"invalidValue": scim.InvalidValue("x %d", 1), "noTarget": scim.NoTarget("x %d", 1), "mutability": scim.Mutability("x %d", 1),
	} {
		require.JSONEq(t, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"`+kind+`","detail":"x 1"}`, written(t, err.Body()))
		require.EqualError(t, err, kind+": x 1")
	}
	require.EqualError(t, scim.TooLarge("x"), "x")
	require.Equal(t, "409", scim.Uniqueness("x").Body()["status"])
	require.JSONEq(t, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"413","detail":"x"}`, written(t, scim.TooLarge("x").Body()))
}

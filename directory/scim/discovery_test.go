package scim_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/directory/scim"
)

const base = "https://usher.example.com/scim/v2/acme"

func TestServiceProviderConfig(t *testing.T) {
	t.Parallel()
	require.JSONEq(t, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],"patch":{"supported":true},
		"bulk":{"supported":false,"maxOperations":0,"maxPayloadSize":0},"filter":{"supported":true,"maxResults":200},
		"changePassword":{"supported":false},"sort":{"supported":true},"etag":{"supported":true},
		"authenticationSchemes":[{"type":"oauthbearertoken","name":"Bearer token","description":"The token of the directory, in the header Authorization",
			"specUri":"https://www.rfc-editor.org/rfc/rfc6750","primary":true}],
		"meta":{"resourceType":"ServiceProviderConfig","location":"`+base+`/ServiceProviderConfig"}}`, written(t, scim.ServiceProviderConfig(base+"/")))
}

func TestResourceTypes(t *testing.T) {
	t.Parallel()
	require.JSONEq(t, `[{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],"id":"User","name":"User","endpoint":"/Users","description":"User Account",
			"schema":"`+coreUser+`","schemaExtensions":[{"schema":"`+enterprise+`","required":false},{"schema":"`+usher+`","required":false}],
			"meta":{"resourceType":"ResourceType","location":"`+base+`/ResourceTypes/User"}},
		{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],"id":"Group","name":"Group","endpoint":"/Groups","description":"A group of people",
			"schema":"`+coreGroup+`","meta":{"resourceType":"ResourceType","location":"`+base+`/ResourceTypes/Group"}}]`, written(t, scim.ResourceTypes(base, scim.Users())))
}

// TestSchemasAreAccepted makes a resource of all that the schemas advertise, as suites do, and reads it: nothing that
// clients may set is lost, and nothing else is taken.
func TestSchemasAreAccepted(t *testing.T) {
	t.Parallel()
	schemas := map[string]scim.Resource{}
	for _, s := range scim.Schemas(base, scim.Users()) {
		schemas[s["id"].(string)] = s
		require.Equal(t, base+"/Schemas/"+s["id"].(string), s["meta"].(map[string]any)["location"])
	}
	require.Len(t, schemas, 4)
	for kind, extensions := range map[*scim.Type][]string{scim.Users(): {enterprise, usher}, scim.Groups(): nil} {
		body := everything(t, schemas[kind.URN]["attributes"])
		for _, urn := range extensions {
			body[urn] = everything(t, schemas[urn]["attributes"])
		}
		got, err := scim.Read(kind, []byte(written(t, body)))
		require.NoError(t, err)
		delete(got, "schemas")
		delete(body, "password")
		require.JSONEq(t, written(t, body), written(t, got))
	}
}

// everything gives each attribute that clients may set a value.
func everything(t *testing.T, attributes any) scim.Resource {
	made := scim.Resource{}
	for _, one := range attributes.([]any) {
		a := one.(map[string]any)
		for _, key := range []string{"name", "type", "multiValued", "description", "required", "caseExact", "mutability", "returned", "uniqueness"} {
			require.Contains(t, a, key, a["name"])
		}
		require.False(t, strings.HasSuffix(a["description"].(string), "."), a["description"])
		require.NotEmpty(t, a["description"])
		if a["mutability"] == "readOnly" {
			continue
		}
		var value any
		switch a["type"] {
		case "complex":
			value = everything(t, a["subAttributes"])
		case "boolean":
			value = true
		case "dateTime":
			value = "2026-11-27T09:00:00Z"
		default:
			value = fmt.Sprintf("a %s", a["name"])
		}
		if many, _ := a["multiValued"].(bool); many {
			value = []any{value}
		}
		made[a["name"].(string)] = value
	}
	return made
}

package target_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/target"
)

// TestSaveAndLoad takes a target's people over into another one that is already being served.
func TestSaveAndLoad(t *testing.T) {
	t.Parallel()
	system, api, ana, _, editors := company(t, target.Options{})
	change(t, http.MethodPatch, api+"/Groups/"+editors, `{"Operations":[{"op":"add","path":"members","value":[{"value":"`+ana+`"}]}]}`)
	var file bytes.Buffer
	require.NoError(t, system.Save(&file))
	content := file.String()

	other, address := serve(t, target.Options{Groups: []target.Group{{Name: "Gone"}}})
	changes := other.Changes()
	require.Error(t, other.Load(strings.NewReader("[")))
	require.NotNil(t, other.Members("Gone"), "what cannot be read changes nothing")
	require.NoError(t, other.Load(&file))
	<-changes
	require.Nil(t, other.Members("Gone"))
	require.Equal(t, []string{"ana@example.com", "ben@example.com"}, other.Members("Editors"))
	before, after := call(t, http.MethodGet, api+"/Users/"+ana, ""), call(t, http.MethodGet, address+"/scim/v2/Users/"+ana, "")
	require.Equal(t, body(t, before), body(t, after))

	var again bytes.Buffer
	require.NoError(t, other.Save(&again))
	require.JSONEq(t, content, again.String())
}

package scim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/directory/scim"
)

func TestChanged(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ before, after, old, now string }{
		"nothing":         {`{"userName":"a"}`, `{"userName":"a"}`, `{}`, `{}`},
		"from nothing":    {`{}`, `{"userName":"a","active":false}`, `{}`, `{"userName":"a","active":false}`},
		"to nothing":      {`{"userName":"a"}`, `{}`, `{"userName":"a"}`, `{}`},
		"a text":          {`{"title":"a"}`, `{"title":"b"}`, `{"title":"a"}`, `{"title":"b"}`},
		"a part":          {`{"name":{"givenName":"a","familyName":"x"}}`, `{"name":{"givenName":"b","familyName":"x"}}`, `{"name.givenName":"a"}`, `{"name.givenName":"b"}`},
		"in an extension": {`{"` + enterprise + `":{"department":"a","manager":{"value":"m"}}}`, `{"` + enterprise + `":{"department":"b","manager":{"value":"n","$ref":"r"}}}`, `{"` + enterprise + `:department":"a","` + enterprise + `:manager":"m"}`, `{"` + enterprise + `:department":"b","` + enterprise + `:manager":"n","` + enterprise + `:manager.$ref":"r"}`},
		"an element":      {`{"emails":[{"type":"work","value":"a"}]}`, `{"emails":[{"type":"Work","value":"b","primary":true},{"type":"home","value":"c","primary":false}]}`, `{"emails[work]":"a"}`, `{"emails[work]":"b","emails[work].primary":true,"emails[home]":"c"}`},
		"untyped":         {`{"roles":[{"value":"b"},{"value":"a"}]}`, `{"roles":[{"value":"a"},{"value":"c"},{"value":"b"}]}`, `{"roles":["a","b"]}`, `{"roles":["a","b","c"]}`},
		"another order":   {`{"roles":[{"value":"b"},{"value":"a"}]}`, `{"roles":[{"value":"a"},{"value":"b"}]}`, `{}`, `{}`},
		"addresses":       {`{"addresses":[{"type":"work","locality":"a","country":"BR"}]}`, `{"addresses":[{"type":"work","locality":"b","country":"BR"}]}`, `{"addresses[work].locality":"a"}`, `{"addresses[work].locality":"b"}`},
		"not ours to say": {`{"id":"1","meta":{"version":"1"},"groups":[{"value":"g"}],"password":"x","schemas":["a"],"shoeSize":1}`, `{"id":"2","externalId":"e"}`, `{}`, `{"externalId":"e"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			old, now := scim.Changed(scim.Users(), object(t, tc.before), object(t, tc.after))
			require.JSONEq(t, tc.old, written(t, old))
			require.JSONEq(t, tc.now, written(t, now))
		})
	}
	old, now := scim.Changed(scim.Groups(), object(t, `{"displayName":"a","members":[]}`), object(t, `{"displayName":"b","members":[{"value":"u"}]}`))
	require.JSONEq(t, `[{"displayName":"a"},{"displayName":"b"}]`, written(t, []any{old, now}))
}

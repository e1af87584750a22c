package target_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/scim"
	"github.com/usherhq/usher/demo/target"
)

// BenchmarkRun adds a person to a group and takes the person out again, over HTTP, with all reads and read-backs: two
// runs an iteration.
func BenchmarkRun(b *testing.B) {
	for _, size := range []int{10, 1000} {
		b.Run(fmt.Sprintf("%d accounts", size), func(b *testing.B) {
			users := make([]target.User, size)
			for i := range users {
				users[i].Email = fmt.Sprintf("person%d@example.com", i)
			}
			_, address := serve(b, target.Options{Users: users, Groups: []target.Group{{Name: "Editors"}}})
			provider, err := connectors.NewRegistry(scim.Connector{}).Open("drive", "scim", settings(b, address), nil)
			require.NoError(b, err)
			in, out := endpoint(b, provider, "add_user_to_group"), endpoint(b, provider, "remove_user_from_group")
			call := connectors.Call{Subject: connectors.Person{Email: users[size/2].Email}, Target: "Editors"}
			for b.Loop() {
				require.Equal(b, connectors.Applied, connectors.Run(b.Context(), in, call).Outcome)
				require.Equal(b, connectors.Applied, connectors.Run(b.Context(), out, call).Outcome)
			}
		})
	}
}

func endpoint(b *testing.B, provider connectors.Provider, name string) connectors.Endpoint {
	b.Helper()
	for _, e := range provider.Endpoints() {
		if e.Name == name {
			return e
		}
	}
	b.Fatal("no endpoint " + name)
	return connectors.Endpoint{}
}

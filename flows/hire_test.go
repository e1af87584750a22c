package flows_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// join brings the sample people into Slack.
func (b *bundle) join(t testing.TB) {
	t.Helper()
	for n, name := range []string{"ana", "ben", "carl", "dana", "eve", "ada", "greta", "bolt"} {
		kind := map[string]db.PersonKind{"greta": db.Guest, "bolt": db.Robot}[name]
		if kind == "" {
			kind = db.Member
		}
		row, err := b.SaveSlackPerson(b.ctx, flows.SlackPerson{
			UserID: fmt.Sprintf("U%03d", n+1), TeamID: "T1", Email: name + "@example.com", Name: name, Kind: kind, Active: true,
		})
		require.NoError(t, err)
		b.people[name] = row.ID
	}
}

// hire adds a member.
func (b *bundle) hire(t testing.TB, name string) {
	t.Helper()
	row, err := b.SaveSlackPerson(b.ctx, flows.SlackPerson{
		UserID: "U" + strings.ToUpper(name), TeamID: "T1", Email: name + "@example.com", Name: name, Kind: db.Member, Active: true,
	})
	require.NoError(t, err)
	b.people[name] = row.ID
}

// leave deactivates a person.
func (b *bundle) leave(t testing.TB, name string) {
	t.Helper()
	row, err := db.PersonByID(b.ctx, b.store, b.people[name])
	require.NoError(t, err)
	row.Active = false
	require.NoError(t, db.UpdatePerson(b.ctx, b.store, row))
}

// provide makes an account at the target, as a person there would.
func (b *bundle) provide(t testing.TB, email string) {
	t.Helper()
	body := strings.NewReader(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"` + email + `","active":true}`)
	request, err := http.NewRequestWithContext(b.ctx, http.MethodPost, b.url+"/Users", body)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+testToken)
	request.Header.Set("Content-Type", "application/scim+json")
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusCreated, answer.StatusCode)
}

// stranger adds somebody of another workspace.
func (b *bundle) stranger(t testing.TB, name string) {
	t.Helper()
	row, err := b.SaveSlackPerson(b.ctx, flows.SlackPerson{UserID: "U" + strings.ToUpper(name), TeamID: "T2", Name: name, Kind: db.Stranger, Active: true})
	require.NoError(t, err)
	b.people[name] = row.ID
}

package scim_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/directory/scim"
)

func TestSort(t *testing.T) {
	t.Parallel()
	people := []scim.Resource{
		object(t, `{"id":"a","userName":"bo","active":true,"emails":[{"value":"z@x"},{"value":"a@x","primary":true}],"meta":{"created":"2026-01-01T12:00:00+02:00"}}`),
		object(t, `{"id":"B","userName":"Ana","active":false,"emails":[{"value":"m@x"},{"value":"b@x"}],"name":{"familyName":"x"},"meta":{"created":"2026-01-01T10:30:00Z"}}`),
		object(t, `{"id":"c","userName":"cy","emails":[],"meta":{"created":"2026-01-01T11:30:00+02:00"},"`+enterprise+`":{"manager":{"value":"m"}}}`),
	}
	for _, tc := range []struct{ by, order, want string }{
		{"userName", "", "B a c"},
		{"USERNAME", "Descending", "c a B"},
		{"userName", "ascending", "B a c"},
		{"id", "", "B a c"},
		{"active", "", "B a c"},
		{"active", "descending", "c a B"},
		{"emails", "", "a B c"},
		{"emails.value", "descending", "c B a"},
		{"meta.created", "", "c a B"},
		{"name.familyName", "", "B a c"},
		{"name.familyName", "descending", "a c B"},
		{enterprise + ":manager", "", "c a B"},
		{"", "", "a B c"},
		{"", "descending", "a B c"},
	} {
		s, err := scim.ParseSort(scim.Users(), tc.by, tc.order)
		require.NoError(t, err)
		sorted := slices.Clone(people)
		slices.SortStableFunc(sorted, s.Compare)
		var ids []string
		for _, r := range sorted {
			ids = append(ids, r["id"].(string))
		}
		require.Equal(t, tc.want, strings.Join(ids, " "), "%s %s", tc.by, tc.order)
		require.Zero(t, s.Compare(people[0], people[0]))
	}
	for _, by := range []string{"name", "addresses", "password", "shoeSize", "user name", enterprise, "urn:x:y"} {
		_, err := scim.ParseSort(scim.Users(), by, "")
		requireRefused(t, err, http.StatusBadRequest, "invalidPath")
	}
	_, err := scim.ParseSort(scim.Users(), "userName", "up")
	requireRefused(t, err, http.StatusBadRequest, "invalidValue")
}

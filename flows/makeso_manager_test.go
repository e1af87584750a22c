package flows_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A directory tells of people in any order: whoever awaits his manager gets him as soon as he is known.
func TestAManagerWhoComesLater(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		for _, name := range []string{"zoe", "yara", "xena"} {
			o.tell(t, name, told{"manager": "0042"})
			require.Empty(t, o.person(t, name).ManagerEmail)
		}
		o.tell(t, "yara", told{"manager": "ben@example.com"})
		o.tell(t, "xena", told{})
		o.tell(t, "max", told{"externalId": "0042"})
		require.Equal(t, "max@example.com", o.person(t, "zoe").ManagerEmail)
		require.Equal(t, "ben@example.com", o.person(t, "yara").ManagerEmail, "who was told of another since awaits nobody")
		require.Empty(t, o.person(t, "xena").ManagerEmail, "who was told of none any more awaits nobody")

		changed := o.about(t, "zoe", "person.changed")
		require.Len(t, changed, 1)
		require.Equal(t, map[string]any{"manager": "max@example.com"}, changed[0].After)
		require.Zero(t, o.reconcile(t).Righted, "the comparison of the night has nothing left to do")
		o.verified(t)
	})
}

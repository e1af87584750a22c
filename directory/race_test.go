package directory_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// atOnce calls do many times at the same time.
func atOnce(n int, do func(i int) answer) []answer {
	answers := make([]answer, n)
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { answers[i] = do(i) })
	}
	group.Wait()
	return answers
}

// Twenty writers on one group at once: nobody is lost, each write is a version, and the journal has each once.
func TestWritersOnOneGroup(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		var users []string
		for n := range 40 {
			users = append(users, b.user(fmt.Sprintf("user%d", n)))
		}
		group := b.group("Sales", users[20:]...)
		before := b.journal()
		for _, got := range atOnce(20, func(i int) answer {
			return b.send("PATCH", "/Groups/"+group, patch(
				object{"op": "add", "path": "members", "value": values(users[i])},
				object{"op": "remove", "path": `members[value eq "` + users[20+i] + `"]`},
			))
		}) {
			b.is(http.StatusNoContent, got)
		}
		require.ElementsMatch(t, users[:20], b.members(group))
		require.Equal(t, `W/"21"`, b.send("GET", "/Groups/"+group, nil).Header.Get("ETag"))
		var in, out []string
		for n, change := range b.changes(before) {
			require.Equal(t, before+int64(n)+1, change.Seq)
			if change.Kind == "members_added" {
				in = append(in, change.Members...)
			} else {
				out = append(out, change.Members...)
			}
		}
		require.ElementsMatch(t, users[:20], in)
		require.ElementsMatch(t, users[20:], out)
	})
}

// Of many who make the same user at once, one does; of many who change the same version, one does.
func TestOneOfMany(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		var id string
		for _, got := range atOnce(10, func(int) answer { return b.send("POST", "/Users", object{"userName": "dana@acme.example"}) }) {
			if got.Status == http.StatusCreated {
				require.Empty(t, id)
				id = got.id()
				continue
			}
			b.refused(http.StatusConflict, "uniqueness", got)
		}
		require.NotEmpty(t, id)
		won := 0
		for _, got := range atOnce(10, func(i int) answer {
			return b.send("PATCH", "/Users/"+id, patch(object{"op": "replace", "path": "title", "value": fmt.Sprint(i)}), "If-Match", `W/"1"`)
		}) {
			if got.Status == http.StatusOK {
				won++
				continue
			}
			b.refused(http.StatusPreconditionFailed, "", got)
		}
		require.Equal(t, 1, won)
		require.Len(t, b.changes(0), 2)
	})
}

package slack_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
	workspace "github.com/usherhq/usher/demo/slack"
)

func requireSays(t *testing.T, result connectors.Result, words string) {
	t.Helper()
	require.Contains(t, result.Summary, words)
}

// TestLastMember takes out the only member: Slack keeps no group without members, so it is disabled, and enabled again
// with the new member alone.
func TestLastMember(t *testing.T) {
	t.Parallel()
	b := newBench(t, plan{})
	b.AddUsergroup(workspace.Usergroup{Handle: "editors", Users: []string{b.ana.ID}})
	b.expect(t, connectors.Applied, "remove_user_from_group", "editors")
	group, _ := b.Usergroup("editors")
	require.True(t, group.Disabled)
	b.expect(t, connectors.Already, "remove_user_from_group", "editors")
	refused := b.expect(t, connectors.Refused, "create_group", "editors")
	requireSays(t, refused, "earlier members back in")

	b.expect(t, connectors.Applied, "add_user_to_group", "editors", "user", "ben@example.com")
	group, _ = b.Usergroup("editors")
	require.False(t, group.Disabled)
	require.Equal(t, []string{b.ben.ID}, group.Users, "who was taken out is not let in again")
	b.expect(t, connectors.Applied, "delete_group", "editors")
	b.expect(t, connectors.Already, "delete_group", "editors")
	b.expect(t, connectors.Refused, "add_user_to_group", "no-such-group")
	b.expect(t, connectors.Already, "remove_user_from_group", "no-such-group")
	b.expect(t, connectors.Refused, "add_user_to_group", "")
}

// TestEmptyGroupIsEnabled makes a group, disables it before anybody was in it, and makes it again.
func TestEmptyGroupIsEnabled(t *testing.T) {
	t.Parallel()
	b := newBench(t, plan{})
	b.expect(t, connectors.Applied, "create_group", "Drive editors", "description", "Who edits", "handle", "@drive")
	group, ok := b.Usergroup("drive")
	require.True(t, ok)
	require.Equal(t, "Who edits", group.Description)
	b.expect(t, connectors.Applied, "delete_group", "Drive editors")
	b.expect(t, connectors.Applied, "create_group", "Drive editors")
	b.expect(t, connectors.Refused, "create_group", "here")
}

// TestManyAtOnce lets many goroutines of one process change one group: nobody is lost.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, plan{})
	group := b.AddUsergroup(workspace.Usergroup{Handle: "editors", Users: []string{b.ana.ID, b.ben.ID}})
	var work sync.WaitGroup
	outcomes := make([]connectors.Result, 20)
	for i := range outcomes {
		email := fmt.Sprintf("person%d@example.com", i)
		b.AddUser(workspace.User{Name: fmt.Sprintf("person%d", i), Email: email})
		work.Go(func() { outcomes[i] = b.run(t, "add_user_to_group", "editors", "user", email) })
	}
	work.Go(func() { b.run(t, "remove_user_from_group", group) })
	work.Wait()
	for _, result := range outcomes {
		require.Equal(t, connectors.Applied, result.Outcome, result.Summary)
	}
	require.Len(t, b.groupUsers(t, "editors"), 21)
	require.NotContains(t, b.groupUsers(t, "editors"), b.ana.ID)
}

// TestOverwritten is another process that read the list before our write and writes after it: we see that our change
// is gone, and the next try puts both in.
func TestOverwritten(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		endpoint string
		before   []string
	}{
		"adding":   {"add_user_to_group", []string{"ben"}},
		"removing": {"remove_user_from_group", []string{"ana", "ben"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b *bench
			var once sync.Once
			cleo := ""
			b = newBench(t, plan{deps: tapped(func(method string) {
				if method == "usergroups.users.list" { // we have written, and are about to look again
					once.Do(func() {
						stale := append(ids(b, tc.before...), cleo)
						require.NoError(t, b.SetUsergroupUsers(groupID(b, "editors"), stale...))
					})
				}
			})})
			cleo = b.AddUser(workspace.User{Name: "cleo", Email: "cleo@example.com"}).ID
			b.AddUsergroup(workspace.Usergroup{Handle: "editors", Users: ids(b, tc.before...)})
			result := b.expect(t, connectors.Transient, tc.endpoint, "editors")
			requireSays(t, result, "somebody else changed the user group")
			b.expect(t, connectors.Applied, tc.endpoint, "editors")
			require.Contains(t, b.groupUsers(t, "editors"), cleo, "the other's change is kept")
			require.Contains(t, b.groupUsers(t, "editors"), b.ben.ID)
			require.Equal(t, tc.endpoint == "add_user_to_group", contains(b.groupUsers(t, "editors"), b.ana.ID))
		})
	}
}

// TestTwoProcesses lets two providers, which share no lock, add different people in the same moment: both read, ours
// writes, theirs writes the list as it was before. Ours sees it when it looks again, and its next try brings all in.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	b := newBench(t, plan{})
	b.AddUsergroup(workspace.Usergroup{Handle: "editors", Users: []string{b.ben.ID}})
	b.AddUser(workspace.User{Name: "cleo", Email: "cleo@example.com"})
	read, written, replaced := make(chan struct{}), make(chan struct{}), make(chan struct{})
	var first, second sync.Once
	ours := b.open(t, tapped(func(method string) {
		switch method {
		case "usergroups.users.update":
			first.Do(func() { wait(t, read) })
		case "usergroups.users.list":
			second.Do(func() { close(written); wait(t, replaced) })
		}
	}))
	var third sync.Once
	theirs := b.open(t, tapped(func(method string) {
		if method == "usergroups.users.update" {
			third.Do(func() { close(read); wait(t, written) })
		}
	}))
	others := make(chan connectors.Result, 1)
	go func() {
		others <- b.runAt(t, theirs, "add_user_to_group", "editors", "user", "cleo@example.com")
		close(replaced)
	}()
	mine := b.runAt(t, ours, "add_user_to_group", "editors")
	require.Equal(t, connectors.Transient, mine.Outcome, mine.Summary)
	requireSays(t, mine, "somebody else changed the user group")
	other := <-others
	require.Equal(t, connectors.Applied, other.Outcome, other.Summary)
	again := b.runAt(t, ours, "add_user_to_group", "editors")
	require.Equal(t, connectors.Applied, again.Outcome)
	require.Len(t, b.groupUsers(t, "editors"), 3)
}

func wait(t *testing.T, signal <-chan struct{}) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	select {
	case <-signal:
	case <-ctx.Done():
	}
}

func ids(b *bench, names ...string) []string {
	var all []string
	for _, name := range names {
		user, _ := b.User(name)
		all = append(all, user.ID)
	}
	return all
}

func groupID(b *bench, handle string) string {
	group, _ := b.Usergroup(handle)
	return group.ID
}

func contains(list []string, one string) bool { return strings.Contains(strings.Join(list, ","), one) }

// TestAddedWhileTheLastLeaves lets somebody be added just as the last member goes: the group comes back for them.
func TestAddedWhileTheLastLeaves(t *testing.T) {
	t.Parallel()
	var b *bench
	var once sync.Once
	b = newBench(t, plan{deps: tapped(func(method string) {
		if method == "usergroups.disable" {
			once.Do(func() {
				require.NoError(t, b.SetUsergroupUsers(groupID(b, "editors"), b.ana.ID, b.ben.ID))
			})
		}
	})})
	b.AddUsergroup(workspace.Usergroup{Handle: "editors", Users: []string{b.ana.ID}})
	b.expect(t, connectors.Applied, "remove_user_from_group", "editors")
	group, _ := b.Usergroup("editors")
	require.False(t, group.Disabled)
	require.Equal(t, []string{b.ben.ID}, group.Users)
}

// TestWaitingForAGroupEnds gives up when the context does, although another change is under way.
func TestWaitingForAGroupEnds(t *testing.T) {
	t.Parallel()
	entered, leave := make(chan struct{}), make(chan struct{})
	var once sync.Once
	b := newBench(t, plan{deps: tapped(func(method string) {
		if method == "usergroups.users.update" {
			once.Do(func() { close(entered); wait(t, leave) })
		}
	})})
	b.AddUsergroup(workspace.Usergroup{Handle: "editors", Users: []string{b.ben.ID}})
	done := make(chan connectors.Result, 1)
	go func() { done <- b.run(t, "add_user_to_group", "editors") }()
	<-entered
	ctx, cancel := context.WithCancel(t.Context())
	endpoint := connectortest.Endpoint(t, b.provider, "remove_user_from_group")
	call := connectors.Call{Subject: connectors.Person{Email: "ben@example.com"}, Target: "editors"}
	found, err := endpoint.Read(ctx, call)
	require.NoError(t, err)
	cancel()
	require.ErrorIs(t, endpoint.Write(ctx, call, found), context.Canceled)
	close(leave)
	require.Equal(t, connectors.Applied, (<-done).Outcome)
}

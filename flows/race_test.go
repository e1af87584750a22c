package flows_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/audit"
)

const crowd = 50

// atOnce runs do n times at once and returns the errors.
func atOnce(n int, do func(n int) error) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	begin := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-begin
			errs[i] = do(i)
		})
	}
	close(begin)
	all.Wait()
	return errs
}

func (b *bundle) verified(t testing.TB) {
	t.Helper()
	_, err := audit.VerifyStore(b.ctx, b.store)
	require.NoError(t, err)
}

// Fifty people approve or deny one step at once, through two processes' worth of Flows.
func TestOneClickWins(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		second := b.second(t)
		for n := range crowd {
			b.hire(t, fmt.Sprintf("owner%02d", n))
		}
		request := b.ask(t, "ana", "crowded", "8h").Request
		step := b.step(t, request.ID)
		errs := atOnce(crowd, func(n int) error {
			through, person := b.Flows, b.people[fmt.Sprintf("owner%02d", n)]
			if n%2 == 1 {
				through = second
			}
			if n%3 == 0 {
				return through.Deny(b.ctx, step, person, "no")
			}
			return through.Approve(b.ctx, step, person, flows.Consent{})
		})
		sheet := b.sheet(t, request.ID)
		decisions := sheet.Items[0].Steps[0].Decisions
		require.Len(t, decisions, 1)
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
				continue
			}
			refused(t, err, fmt.Sprintf("already %s by %s", decisions[0].Verdict, decisions[0].Person.Name))
		}
		require.Equal(t, 1, won)
		require.Equal(t, 1, b.count(t, request.ID, "flow.approved")+b.count(t, request.ID, "flow.denied"))
		require.Equal(t, 1, b.count(t, request.ID, "decision.approved")+b.count(t, request.ID, "decision.denied"))
		require.Equal(t, crowd-1, b.count(t, request.ID, "click.refused"))
		require.Equal(t, decisions[0].Verdict, sheet.Request.Status)
		b.verified(t)
	})
}

func TestSameSubmissionAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		form := b.form(t, "ana", "editors", "8h")
		ids := make([]string, 10)
		for _, err := range atOnce(len(ids), func(n int) error {
			request, err := b.Request(b.ctx, form)
			ids[n] = request.ID
			return err
		}) {
			require.NoError(t, err)
		}
		for _, id := range ids {
			require.Equal(t, ids[0], id)
		}
		require.Equal(t, 1, b.count(t, ids[0], "request.created"))
	})
}

// Two people each hold power over the other's request: their clicks lock the same two rows in opposite order.
func TestApprovingEachOtherAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		var clicks []func() error
		for range 10 {
			one := b.ask(t, "ana", "crossed", "8h").Request.ID
			other := b.ask(t, "carl", "crossed", "8h").Request.ID
			first, second := b.step(t, one), b.step(t, other)
			clicks = append(clicks,
				func() error { return b.Approve(b.ctx, first, b.people["carl"], flows.Consent{}) },
				func() error { return b.Approve(b.ctx, second, b.people["ana"], flows.Consent{}) })
		}
		for _, err := range atOnce(len(clicks), func(n int) error { return clicks[n]() }) {
			require.NoError(t, err)
		}
		b.verified(t)
	})
}

// Requests that are approved by rule take the lock of the person whose row they refer to.
func TestApprovedByRuleAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		errs := atOnce(20, func(int) error {
			_, err := b.Request(b.ctx, b.form(t, "ana", "editors", "1h"))
			return err
		})
		for _, err := range errs {
			require.NoError(t, err)
		}
		b.drive(t)
		require.Equal(t, []string{"ana@example.com"}, b.target.Members("Editors"))
		b.pass(t, 100*hour)
		require.Empty(t, b.target.Members("Editors"))
		b.verified(t)
	})
}

// A person who is new to Usher presses a button twice.
func TestNewPersonTwiceAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		errs := atOnce(10, func(int) error {
			_, err := b.SaveSlackPerson(b.ctx, flows.SlackPerson{UserID: "U999", TeamID: "T1", Email: "new@example.com", Name: "New", Kind: db.Member, Active: true})
			return err
		})
		for _, err := range errs {
			require.NoError(t, err)
		}
	})
}

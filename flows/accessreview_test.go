package flows_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

func TestAReviewKeepsAndRemoves(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		kept, removed := b.held(t, "ana", "30d"), b.held(t, "carl", "30d")
		review, items := b.reviewing(t, b.reviewPlan())
		require.Len(t, items, 2)
		require.Equal(t, []string{"ben@example.com"}, b.reviewersOf(t, items[0]))

		require.NoError(t, b.DecideReview(b.ctx, items[0].ID, b.people["ben"], flows.Verdict{}))
		refused(t, b.DecideReview(b.ctx, items[1].ID, b.people["ben"], flows.Verdict{Remove: true, Reason: " "}), "Write a reason")
		require.NoError(t, b.DecideReview(b.ctx, items[1].ID, b.people["ben"], flows.Verdict{Remove: true, Reason: "Left the project", DoNotRenew: true}))
		refused(t, b.DecideReview(b.ctx, items[1].ID, b.people["ben"], flows.Verdict{}), "ben has decided already: the access was removed.")
		b.drive(t)

		require.Equal(t, []string{"ana@example.com"}, b.target.Members("Editors"), "removing takes it back at the target")
		require.Equal(t, db.Active, b.grant(t, kept.RequestID).Status)
		gone := b.grant(t, removed.RequestID)
		require.Equal(t, db.Ended, gone.Status)
		require.Equal(t, db.CauseRevoked, gone.EndCause)
		require.Contains(t, gone.DoNotRenew, "Access review “Autumn”")
		require.Equal(t, db.ReviewDone, b.review(t, review.ID).Status)
		require.Equal(t, []string{"review.started", "review.kept", "review.removed", "review.ended", "click.refused"}, actionsOf(b.reviewEvents(t, review.ID)))

		actions := b.actions(t, removed.RequestID)
		require.Equal(t, []string{"review.removed", "grant.revoked", "click.refused", "script.started", "script.succeeded", "grant.ended"}, actions[len(actions)-6:])
		for _, event := range b.events(t, removed.RequestID) {
			if event.Action == "grant.revoked" {
				facts, err := event.Facts()
				require.NoError(t, err)
				require.Equal(t, "Access review “Autumn”: Left the project", facts.Reason)
				require.Equal(t, "ben@example.com", event.Actor)
			}
		}
	})
}

func TestKeptButNotToBeRenewed(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		grant := b.held(t, "ana", "8h")
		_, items := b.reviewing(t, b.reviewPlan())
		refused(t, b.DecideReview(b.ctx, items[0].ID, b.people["ben"], flows.Verdict{DoNotRenew: true}), "Write a reason")
		require.NoError(t, b.DecideReview(b.ctx, items[0].ID, b.people["ben"], flows.Verdict{DoNotRenew: true, Reason: "Only until the launch"}))
		grant = b.grant(t, grant.RequestID)
		require.Equal(t, db.Active, grant.Status)
		require.Contains(t, grant.DoNotRenew, "Only until the launch")
		require.Equal(t, db.ItemKept, b.reviewItem(t, items[0].ID).Status)
	})
}

func TestWhoMayReview(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.held(t, "ana", "30d")
		b.held(t, "carl", "30d")
		plan := b.reviewPlan()
		plan.Reviewers = []string{"carl@example.com"}
		_, items := b.reviewing(t, plan)
		require.Equal(t, []string{"carl@example.com"}, b.reviewersOf(t, items[0]))
		require.Equal(t, []string{"dana@example.com"}, b.reviewersOf(t, items[1]), "never the holder: the owner stands in")
		keep := func(n int, who string) error {
			return b.DecideReview(b.ctx, items[n].ID, b.people[who], flows.Verdict{})
		}
		refused(t, keep(1, "carl"), "your own access")
		for _, who := range []string{"eve", "ben", "ada"} {
			refused(t, keep(0, who), "Only the reviewers")
		}
		refused(t, keep(0, "greta"), "Guests")
		refused(t, b.DecideReview(b.ctx, "rvi_none", b.people["ben"], flows.Verdict{}), "does not exist")
		b.leave(t, "carl")
		refused(t, keep(0, "carl"), "deactivated")
		require.Equal(t, db.ItemOpen, b.reviewItem(t, items[0].ID).Status)
		require.NoError(t, keep(0, "dana"), "who stands in now has the power, though another was asked when it began")
	})
}

func TestWhoMayStartAReview(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.held(t, "ana", "30d")
		plan := b.reviewPlan()
		for who, why := range map[string]string{"ana": "not yours", "ben": "not yours", "greta": "Guests"} {
			_, err := b.StartReview(b.ctx, b.people[who], plan)
			refused(t, err, why)
		}
		_, err := b.StartReview(b.ctx, b.people["dana"], plan)
		require.NoError(t, err, "the owner may")
		for name, spoil := range map[string]func(*flows.ReviewPlan){
			"Nobody holds":   func(p *flows.ReviewPlan) { p.Scope.Risks = []string{"high"} },
			"title":          func(p *flows.ReviewPlan) { p.Title = " " },
			"an hour":        func(p *flows.ReviewPlan) { p.Due = b.Now() },
			"a year":         func(p *flows.ReviewPlan) { p.Due = b.Now().Add(400 * day) },
			"keep or remove": func(p *flows.ReviewPlan) { p.Overdue = "" },
			"Say who":        func(p *flows.ReviewPlan) { p.Reviewers = nil },
			"names nobody":   func(p *flows.ReviewPlan) { p.Reviewers = []string{"nobody@example.com"} },
		} {
			spoilt := plan
			spoil(&spoilt)
			_, err := b.StartReview(b.ctx, b.people["ada"], spoilt)
			refused(t, err, name)
		}
		plan.Submission = "view:V1"
		first, err := b.StartReview(b.ctx, b.people["ada"], plan)
		require.NoError(t, err)
		second, err := b.StartReview(b.ctx, b.people["ada"], plan)
		require.NoError(t, err)
		require.Equal(t, first.ID, second.ID, "a submission delivered twice is one review")
		require.EqualValues(t, 2, b.rows(t, "reviews"))
	})
}

func TestTheHolderIsAsked(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.held(t, "ana", "30d")
		carls := b.held(t, "carl", "30d")
		review, items := b.reviewing(t, b.reviewPlan())
		refused(t, b.AnswerReview(b.ctx, items[0].ID, b.people["ana"], "Yes"), "Nobody has asked")
		refused(t, b.AskHolder(b.ctx, items[0].ID, b.people["eve"], "Still?"), "Only the reviewers")
		refused(t, b.AskHolder(b.ctx, items[0].ID, b.people["ben"], " "), "Write what")
		require.NoError(t, b.AskHolder(b.ctx, items[0].ID, b.people["ben"], "Still needed?"))
		refused(t, b.AskHolder(b.ctx, items[0].ID, b.people["ben"], "Really?"), "asked already")
		refused(t, b.AnswerReview(b.ctx, items[0].ID, b.people["ben"], "Yes"), "Only the person who holds")
		require.NoError(t, b.AnswerReview(b.ctx, items[0].ID, b.people["ana"], "Until March"))
		refused(t, b.AnswerReview(b.ctx, items[0].ID, b.people["ana"], "Until April"), "answered this already")
		require.Equal(t, "Until March", b.reviewItem(t, items[0].ID).Answer)

		require.NoError(t, b.AskHolder(b.ctx, items[1].ID, b.people["ben"], "Still needed?"))
		require.NoError(t, b.NotNeeded(b.ctx, items[1].ID, b.people["carl"]))
		b.drive(t)
		require.Equal(t, db.CauseReturned, b.grant(t, carls.RequestID).EndCause)
		require.Equal(t, []string{"ana@example.com"}, b.target.Members("Editors"))
		require.Equal(t, db.ItemEnded, b.reviewItem(t, items[1].ID).Status)
		refused(t, b.DecideReview(b.ctx, items[1].ID, b.people["ben"], flows.Verdict{}), "ended meanwhile")
		require.Equal(t, db.ReviewOpen, b.review(t, review.ID).Status)
	})
}

func TestOverdueActsByDefault(t *testing.T) {
	t.Parallel()
	for _, overdue := range []string{db.OverdueKeep, db.OverdueRemove} {
		t.Run(overdue, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, b *bundle) {
				b.held(t, "ana", "30d")
				b.held(t, "carl", "30d")
				plan := b.reviewPlan()
				plan.Overdue = overdue
				review, items := b.reviewing(t, plan)
				require.NoError(t, b.DecideReview(b.ctx, items[0].ID, b.people["ben"], flows.Verdict{}))
				b.lookAfter(t)
				b.passReview(t, 5*day+minute)
				b.passReview(t, hour)
				b.passReview(t, 4*day)
				require.Equal(t, db.ReviewOpen, b.review(t, review.ID).Status)
				b.passReview(t, day)
				b.lookAfter(t)

				require.Equal(t, db.ReviewDone, b.review(t, review.ID).Status)
				verb := map[string]string{db.OverdueKeep: "review.kept", db.OverdueRemove: "review.removed"}[overdue]
				require.Equal(t, []string{"review.started", "review.kept", "review.reminded", "review.reminded", "review.overdue", verb, "review.ended"},
					actionsOf(b.reviewEvents(t, review.ID)))
				require.False(t, b.reviewItem(t, items[0].ID).ByDefault)
				left := b.reviewItem(t, items[1].ID)
				require.True(t, left.ByDefault)
				require.Empty(t, left.DecidedBy)
				if overdue == db.OverdueRemove {
					require.Equal(t, []string{"ana@example.com"}, b.target.Members("Editors"))
				} else {
					require.Len(t, b.target.Members("Editors"), 2)
				}
				refused(t, b.DecideReview(b.ctx, items[1].ID, b.people["ben"], flows.Verdict{}), "Nobody decided in time")
			})
		})
	}
}

func TestWhatEndsMeanwhileLeavesTheReview(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		grant := b.held(t, "ana", "8h")
		review, items := b.reviewing(t, b.reviewPlan())
		require.NoError(t, b.Return(b.ctx, grant.ID, b.people["ana"]))
		refused(t, b.DecideReview(b.ctx, items[0].ID, b.people["ben"], flows.Verdict{Remove: true, Reason: "Old"}), "ended meanwhile")
		b.lookAfter(t)
		require.Equal(t, db.ItemEnded, b.reviewItem(t, items[0].ID).Status)
		require.Equal(t, db.ReviewDone, b.review(t, review.ID).Status)
	})
}

func TestAnEmergencyIsReviewedBySomebodyElse(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		grant := b.held(t, "ana", "30d")
		require.NoError(t, b.ReviewEmergency(b.ctx, grant.ID))
		reviews, _, err := b.Reviews(b.ctx, b.people["ada"], 0)
		require.NoError(t, err)
		require.Len(t, reviews, 1)
		items := b.reviewItems(t, reviews[0].ID)
		require.Equal(t, []string{"dana@example.com"}, b.reviewersOf(t, items[0]))
		refused(t, b.CancelReview(b.ctx, reviews[0].ID, b.people["ada"]), "can't be cancelled")

		b.passReview(t, 3*day+minute)
		require.Equal(t, db.ItemOpen, b.reviewItem(t, items[0].ID).Status, "it is kept, and stays open")
		require.Equal(t, []string{"ada@example.com", "dana@example.com"}, b.reviewersOf(t, items[0]), "the admins are asked too")
		b.passReview(t, day+minute)
		b.passReview(t, day+minute)
		require.Equal(t, []string{"review.started", "review.overdue", "review.reminded", "review.reminded"},
			actionsOf(b.reviewEvents(t, reviews[0].ID)), "loud each day")
		require.NoError(t, b.DecideReview(b.ctx, items[0].ID, b.people["ada"], flows.Verdict{}))
		require.Equal(t, db.ReviewDone, b.review(t, reviews[0].ID).Status)
	})
}

func TestTwoReviewersAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.held(t, "ana", "30d")
		b.held(t, "carl", "30d")
		plan := b.reviewPlan()
		plan.Reviewers = []string{"manager", "eve@example.com"}
		review, items := b.reviewing(t, plan)
		var group sync.WaitGroup
		outcomes := make([]error, 4)
		for n := range outcomes {
			who := []string{"ben", "eve"}[n/2]
			group.Go(func() {
				outcomes[n] = b.DecideReview(b.ctx, items[n%2].ID, b.people[who], flows.Verdict{Remove: who == "eve", Reason: "Old"})
			})
		}
		group.Wait()
		won := 0
		for _, err := range outcomes {
			if err == nil {
				won++
			} else {
				refused(t, err, "has decided already")
			}
		}
		require.Equal(t, 2, won, "one decision for each item")
		require.Equal(t, db.ReviewDone, b.review(t, review.ID).Status, "whoever is last ends the review")
	})
}

func TestCancellingAReview(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.held(t, "ana", "30d")
		review, items := b.reviewing(t, b.reviewPlan())
		refused(t, b.CancelReview(b.ctx, review.ID, b.people["dana"]), "Only who began")
		require.NoError(t, b.CancelReview(b.ctx, review.ID, b.people["ada"]))
		refused(t, b.CancelReview(b.ctx, review.ID, b.people["ada"]), "over already")
		refused(t, b.DecideReview(b.ctx, items[0].ID, b.people["ben"], flows.Verdict{}), "This review is over")
		require.Len(t, b.target.Members("Editors"), 1)
	})
}

func TestAReviewIsExported(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.held(t, "ana", "30d")
		b.held(t, "carl", "30d")
		review, items := b.reviewing(t, b.reviewPlan())
		require.NoError(t, b.AskHolder(b.ctx, items[0].ID, b.people["ben"], "=cmd|' /C calc'!A0"))
		require.NoError(t, b.DecideReview(b.ctx, items[0].ID, b.people["ben"], flows.Verdict{}))
		require.NoError(t, b.DecideReview(b.ctx, items[1].ID, b.people["ben"], flows.Verdict{Remove: true, Reason: "Gone", DoNotRenew: true}))
		b.drive(t)
		var file bytes.Buffer
		refused(t, b.ExportReview(b.ctx, review.ID, b.people["eve"], &file), "Only admins, auditors and owners")
		refused(t, b.ExportReview(b.ctx, review.ID, b.people["dana"], &file), "no review")
		require.NoError(t, b.ExportReview(b.ctx, review.ID, b.people["ada"], &file))
		rows, err := csv.NewReader(strings.NewReader(file.String())).ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, 3)
		cell := func(row int, column string) string {
			for n, name := range rows[0] {
				if name == column {
					return rows[row][n]
				}
			}
			t.Fatal("no column " + column)
			return ""
		}
		require.Equal(t, "'=cmd|'' /C calc'!A0", cell(1, "question"), "no spreadsheet runs it")
		require.Equal(t, "kept", cell(1, "decision"))
		require.Equal(t, "carl@example.com", cell(2, "holder"))
		require.Equal(t, "removed", cell(2, "decision"))
		require.Equal(t, "ben@example.com", cell(2, "approved_by"))
		require.Equal(t, "ben@example.com", cell(2, "decided_by"))
		require.Equal(t, "yes", cell(2, "do_not_renew"))
		require.Equal(t, "yes", cell(2, "removal_verified"))
		require.NotEmpty(t, cell(2, "removed_at"))
	})
}

func TestADelegateReviews(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.held(t, "ana", "30d")
		away := func(who, to string) {
			made, err := b.Delegate(b.ctx, flows.Away{By: b.people[who], For: b.people[who], To: b.people[to], Until: b.Now().Add(20 * day)})
			require.NoError(t, err)
			require.NoError(t, unlessConflict(b.DelegationBegin(b.ctx, made.ID)))
		}
		early, items := b.reviewing(t, b.reviewPlan())
		away("ben", "eve")
		require.NoError(t, b.ReviewersAgain(b.ctx, early.ID))
		require.NoError(t, b.ReviewersAgain(b.ctx, early.ID))
		require.Equal(t, []string{"ben@example.com", "eve@example.com"}, b.reviewersOf(t, items[0]), "the delegate is asked in a review that is under way")
		require.Equal(t, []string{"review.started", "review.reviewers_changed"}, actionsOf(b.reviewEvents(t, early.ID)), "once")

		_, later := b.reviewing(t, b.reviewPlan())
		require.Equal(t, []string{"eve@example.com"}, b.reviewersOf(t, later[0]), "who is away is not asked")
		refused(t, b.DecideReview(b.ctx, later[0].ID, b.people["carl"], flows.Verdict{}), "Only the reviewers")
		require.NoError(t, b.DecideReview(b.ctx, later[0].ID, b.people["eve"], flows.Verdict{}))
		require.Equal(t, b.people["ben"], b.reviewItem(t, later[0].ID).DecidedFor, "for whom he decided")
		require.NoError(t, b.DecideReview(b.ctx, items[0].ID, b.people["ben"], flows.Verdict{}), "who is away may decide himself")
	})
}

func TestNotToBeGivenAgain(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.held(t, "ana", "30d")
		_, items := b.reviewing(t, b.reviewPlan())
		require.NoError(t, b.DecideReview(b.ctx, items[0].ID, b.people["ben"], flows.Verdict{Remove: true, DoNotRenew: true, Reason: "Misused it"}))
		b.drive(t)
		form := b.form(t, "ana", "editors", "8h")
		_, err := b.Request(b.ctx, form)
		refused(t, err, "not to be given to ana again, as a review said: Access review “Autumn”")
		form.By, form.For, form.Submission = b.people["carl"], b.people["ana"], "for ana"
		_, err = b.Request(b.ctx, form)
		refused(t, err, "its owner or an admin can ask")
		form.By = b.people["dana"]
		request, err := b.Request(b.ctx, form)
		require.NoError(t, err, "the owner takes the word back")
		b.approve(t, request.ID, "ben")
		grant := b.grant(t, request.ID)
		require.NoError(t, b.Return(b.ctx, grant.ID, b.people["ana"]))
		b.drive(t)
		b.ask(t, "ana", "editors", "8h")
	})
}

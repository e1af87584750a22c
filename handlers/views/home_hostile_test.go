package views_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// TestHomeSurvivesHostileRows: what people typed harms no Home, opened or not, and no list.
func TestHomeSurvivesHostileRows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		data := anyHome(t)
		home := views.Home(data, now)
		takesView(t, home)
		harmlessBlocks(t, home)
		for _, message := range []views.Message{
			views.Mine(data, now), views.Approvals(data), views.SystemState(*data.System, now), views.StandIn(anyAbsence(t)),
			views.IsBack(anyAbsence(t)), views.SentAway(anyAbsence(t), true), views.SentAway(anyAbsence(t), false),
		} {
			harmlessMessage(t, message)
		}
		modal := views.FactorSetUpModal(nasty().Draw(t, "secret"), nasty().Draw(t, "uri"))
		takesView(t, modal)
		harmlessBlocks(t, modal)
	})
}

func anyHome(t *rapid.T) views.HomeData {
	sheet, grant, run := anySheet(t), *anyGrant(t), anyRun(t)
	grant.DoNotRenew = nasty().Draw(t, "not renewed")
	asked := &db.Question{ID: "qst_1", ItemID: "item_1", Asker: anyPerson(t), Text: nasty().Draw(t, "asks")}
	review := &db.Review{ID: "rev_1", Title: nasty().Draw(t, "review"), DueAt: anyMoment(t)}
	away := db.Delegation{ID: "dlg_1", StartsAt: anyMoment(t), EndsAt: anyMoment(t), Note: nasty().Draw(t, "note"), Person: anyPerson(t)}
	if away.To = anyPerson(t); away.To != nil {
		away.ToID = "per_a"
	}
	failed := views.Failed{Sheet: db.Sheet{Items: []db.SheetItem{{Runs: []db.SheetRun{run}}}}, RunID: "run_1"}
	return views.HomeData{
		Me:       "per_a",
		State:    views.HomeState{Section: rapid.SampledFrom([]string{"", "", "<!channel>", views.HomeWaiting, views.HomeAway, views.HomeFailed, views.HomeDiffering}).Draw(t, "open")},
		Waiting:  views.All([]views.Waiting{{Sheet: sheet, StepID: "step_1"}, {Sheet: sheet, Question: asked}, {Review: review, Left: 3}}),
		Grants:   views.All([]db.Grant{grant, grant}),
		Requests: views.All([]db.Sheet{sheet, sheet}),
		Away:     &views.Away{Mine: []db.Delegation{away, away}, To: []db.Delegation{away}},
		Factor:   &views.Factor{Enrolled: rapid.Bool().Draw(t, "enrolled"), CanEnrol: true, LockedUntil: anyMoment(t), UsableAt: anyMoment(t), SignIn: rapid.Bool().Draw(t, "signs in")},
		Links:    map[string]string{"req_1": rapid.SampledFrom([]string{"https://example.slack.com/p1", "javascript:x", "https://x|<!channel>"}).Draw(t, "link")},
		System: &views.System{
			Version: nasty().Draw(t, "version"), Mends: true, Failed: views.All([]views.Failed{failed}), Overdue: views.All([]db.Grant{grant}),
			Unattended: views.All([]views.Unattended{{Sheet: sheet, StepID: "step_1", Able: 1, Need: 2, Since: anyMoment(t)}}),
			Providers:  views.All([]views.Failing{{Name: nasty().Draw(t, "provider"), Since: anyMoment(t)}}),
			Differing:  views.All([]db.ConfigObject{{Kind: nasty().Draw(t, "kind"), Slug: nasty().Draw(t, "slug"), WrittenBy: nasty().Draw(t, "by"), WrittenAt: anyMoment(t)}}),
		},
	}
}

func anyAbsence(t *rapid.T) views.Absence {
	return views.Absence{
		Of: anyPerson(t), By: anyPerson(t), From: anyMoment(t), Until: anyMoment(t), Note: nasty().Draw(t, "absence"),
		Waiting: rapid.IntRange(0, 2).Draw(t, "waits"),
	}
}

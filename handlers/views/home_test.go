package views_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

func desk() views.HomeData {
	return views.HomeData{
		Me:       ben.ID,
		Waiting:  views.All([]views.Waiting{{Sheet: pending(), StepID: "step_1a"}}),
		Grants:   views.All([]db.Grant{*granted(db.Active).Items[0].Grant, *granted(db.Scheduled).Items[0].Grant, *granted(db.Ending).Items[0].Grant}),
		Requests: views.All([]db.Sheet{pending(), granted(db.Ended)}),
		Links:    map[string]string{"req_1": "https://example.slack.com/archives/C1/p1?a=1&b=2"},
		Away:     &views.Away{},
		Factor:   &views.Factor{CanEnrol: true},
	}
}

func TestHome(t *testing.T) {
	t.Parallel()
	home := views.Home(desk(), now)
	takesView(t, home)
	require.Equal(t, []string{
		views.ActionRequestOpen, views.ActionRequestApprove, views.ActionRequestDeny, views.ActionRequestChange,
		views.ActionGrantExtend, views.ActionGrantReturn, views.ActionGrantReturn, views.ActionRequestNudge, views.ActionRequestCancel,
		views.ActionAwayOpen, views.ActionFactorSetUp,
	}, actionIDs(home.Blocks.BlockSet))
	golden(t, "home", home)

	empty := views.Home(views.HomeData{Away: &views.Away{}}, now)
	takesView(t, empty)
	require.Contains(t, shown(t, empty), "Press *Request access*")
	require.Equal(t, []string{views.ActionRequestOpen, views.ActionAwayOpen}, actionIDs(empty.Blocks.BlockSet))
	golden(t, "home_empty", empty)
}

func shown(t *testing.T, home slack.HomeTabViewRequest) string {
	t.Helper()
	return written(t, views.Message{Blocks: home.Blocks.BlockSet})
}

// Questions, work by hand and reviews wait for people as approvals do; a delegate is told for whom he decides.
func TestHomeOfSomebodyWhoIsAsked(t *testing.T) {
	t.Parallel()
	task := script("scr_2", "badge", db.Paused, "", "Hand out a badge")
	task.Type, task.Args = "manual_task", map[string]any{"text": "Hand out a badge *now*"}
	mailed := question()
	mailed.ID, mailed.Type = "scr_3", "email_approval"
	instead := pending()
	instead.Items[0].Steps[0].Approvers = append(instead.Items[0].Steps[0].Approvers, db.Approver{PersonID: cleo.ID, Person: cleo, ForID: ben.ID, For: ben})
	data := views.HomeData{Me: cleo.ID, Waiting: views.All([]views.Waiting{
		{Sheet: pending(), Question: &db.Question{ID: "qst_1", ItemID: "item_1", Asker: ben, Text: "For which *report*?"}},
		{Sheet: instead, StepID: "step_1a"},
		{Sheet: running(db.Provision, db.Running, question()), ScriptID: "scr_1"},
		{Sheet: running(db.Deprovision, db.Running, task), ScriptID: "scr_2"},
		{Sheet: running(db.Provision, db.Running, mailed), ScriptID: "scr_3"},
		{Sheet: running(db.Provision, db.Running), ScriptID: "scr_gone"},
		{Sheet: pending(), StepID: "step_gone"},
		{Review: &db.Review{ID: "rev_1", Title: "Drive, *spring*", DueAt: now.Add(72 * time.Hour)}, Left: 12},
	})}
	home := views.Home(data, now)
	takesView(t, home)
	require.Equal(t, []string{
		views.ActionRequestOpen, views.ActionQuestionAnswer, views.ActionRequestApprove, views.ActionRequestDeny, views.ActionRequestChange,
		"script_answer_1", "script_answer_2", "script_answer_3", views.ActionScriptByHand, views.ActionHomeOpen,
	}, actionIDs(home.Blocks.BlockSet))
	require.Contains(t, shown(t, home), "You are asked in place of <@U0BEN>")
	golden(t, "home_asked", home)
	list := views.Approvals(data)
	takes(t, list)
	golden(t, "approvals_asked", list)
}

func TestHomeOfAnAdmin(t *testing.T) {
	t.Parallel()
	data, ill := desk(), illness()
	data.System, data.Manages = ill, true
	home := views.Home(data, now.Add(2*time.Hour))
	takesView(t, home)
	require.Contains(t, actionIDs(home.Blocks.BlockSet), views.ActionScriptRetry)
	golden(t, "home_admin", home)

	reads := *ill
	reads.Mends = false
	data.System = &reads
	require.NotContains(t, actionIDs(views.Home(data, now).Blocks.BlockSet), views.ActionScriptRetry, "an auditor reads only")

	data.System = &views.System{Version: "1.2.3", Sockets: 2, Wanted: 2}
	well := views.Home(data, now)
	takesView(t, well)
	golden(t, "home_admin_well", well)

	state := views.SystemState(*ill, now.Add(2*time.Hour))
	takes(t, state)
	require.Contains(t, state.Text, "2 action flows stopped, 1 grant overdue, 1 request without approver, 1 provider failing, 1 of 2 connections to Slack open")
	golden(t, "system", state)
}

// illness is an installation in which everything is wrong that can be.
func illness() *views.System {
	return &views.System{
		Version: "1.2.3", Sockets: 1, Wanted: 2, Mends: true,
		Failed:     views.All([]views.Failed{{Sheet: failed(), RunID: "run_1"}, {Sheet: failed(), RunID: "run_gone"}}),
		Overdue:    views.All([]db.Grant{*granted(db.Ending).Items[0].Grant}),
		Unattended: views.All([]views.Unattended{{Sheet: pending(), StepID: "step_1a", Need: 1, Since: now.Add(-time.Hour)}}),
		Providers:  views.All([]views.Failing{{Name: "Acme *Drive*", Since: now.Add(-time.Hour), LastSuccess: now.Add(-2 * time.Hour)}}),
		Differing:  views.All([]db.ConfigObject{{Kind: "approval_chain", Slug: "manager-then-owner", WrittenBy: "dana@example.com", WrittenAt: now}}),
	}
}

// Each section shows its first rows and a way to all of them; opened, it is paged.
func TestHomeHasPages(t *testing.T) {
	t.Parallel()
	data := crowd(views.HomeFew)
	home := views.Home(data, now)
	takesView(t, home)
	var all []string
	for _, button := range buttons(home.Blocks.BlockSet) {
		if button.ActionID == views.ActionHomeOpen {
			all = append(all, button.Value+" "+button.Text.Text)
		}
	}
	require.Equal(t, []string{"waiting Show all (80)", "access Show all (80)", "requests Show all (80)"}, all)

	for page, want := range map[int]struct {
		shows string
		turns []string
	}{
		0: {"1 to 15 of 80", []string{"Back to the overview", "Next 1", "Back to the overview"}},
		2: {"31 to 45 of 80", []string{"Back to the overview", "Previous 1", "Next 3", "Back to the overview"}},
		5: {"76 to 80 of 80", []string{"Back to the overview", "Previous 4", "Back to the overview"}},
	} {
		for _, section := range []string{views.HomeWaiting, views.HomeAccess, views.HomeRequests} {
			data := crowd(views.HomePage)
			data.State = views.HomeState{Section: section, Page: page}
			opened := views.Home(data, now)
			takesView(t, opened)
			require.Contains(t, shown(t, opened), want.shows)
			require.Equal(t, want.turns, turns(opened))
			require.Equal(t, data.State, views.ReadHomeState(opened.PrivateMetadata), "what is open survives")
		}
	}
}

func turns(home slack.HomeTabViewRequest) []string {
	var found []string
	for _, button := range buttons(home.Blocks.BlockSet) {
		if strings.HasPrefix(button.ActionID, "home_") {
			found = append(found, strings.TrimSpace(button.Text.Text+" "+button.Value))
		}
	}
	return found
}

// crowd has 80 of everything, and the rows that are shown.
func crowd(rows int) views.HomeData {
	data := views.HomeData{Me: ben.ID}
	for n := range rows {
		grant := *granted(db.Active).Items[0].Grant
		grant.ID = fmt.Sprint("grant_", n)
		data.Grants.Rows = append(data.Grants.Rows, grant)
		data.Waiting.Rows = append(data.Waiting.Rows, views.Waiting{Sheet: several(), StepID: "step_2a"})
		data.Requests.Rows = append(data.Requests.Rows, several())
	}
	data.Grants.Total, data.Waiting.Total, data.Requests.Total = 80, 80, 80
	return data
}

func TestHomeStateIsReadSafely(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "{", "[]", `{"page":-3}`, `{"section":7}`} {
		require.Equal(t, views.HomeState{}, views.ReadHomeState(text), text)
	}
	require.Equal(t, 5, views.HomeState{Page: 9}.Clamp(80).Page, "the last page")
	require.Equal(t, 0, views.HomeState{Page: 9}.Clamp(0).Page)
	secret := views.HomeData{State: views.HomeState{Section: views.HomeFailed}}
	require.Contains(t, shown(t, views.Home(secret, now)), "Press *Request access*", "a section that one may not see is the overview")
}

func TestListsAreCut(t *testing.T) {
	t.Parallel()
	data := crowd(views.HomePage)
	mine := views.Mine(data, now)
	takes(t, mine)
	require.Contains(t, written(t, mine), "and 70 more stand on Usher's Home tab")
	takes(t, views.Approvals(data))
	takes(t, views.Who(*drive(), data.Grants.Rows, now))
}

func TestMine(t *testing.T) {
	t.Parallel()
	mine := views.Mine(desk(), now)
	takes(t, mine)
	require.Equal(t, []string{
		views.ActionGrantExtend, views.ActionGrantReturn, views.ActionGrantReturn, views.ActionRequestNudge, views.ActionRequestCancel,
	}, actionIDs(mine.Blocks))
	golden(t, "mine", mine)
	takes(t, views.Mine(views.HomeData{}, now))
}

func TestApprovals(t *testing.T) {
	t.Parallel()
	approvals := views.Approvals(desk())
	takes(t, approvals)
	require.Equal(t, decisionButtons, actionIDs(approvals.Blocks))
	golden(t, "approvals", approvals)
	takes(t, views.Approvals(views.HomeData{}))
}

func TestWho(t *testing.T) {
	t.Parallel()
	who := views.Who(*drive(), desk().Grants.Rows, now)
	takes(t, who)
	golden(t, "who", who)
	takes(t, views.Who(*drive(), nil, now))
}

func TestHelpNamesEveryCommand(t *testing.T) {
	t.Parallel()
	help := views.Help()
	takes(t, help)
	for _, command := range []string{"request", "mine", "approvals", "status", "extend", "return", "cancel", "revoke", "away", "who", "admin", "audit", "help"} {
		require.Contains(t, written(t, help), "/access "+command)
	}
	golden(t, "help", help)
}

func TestRefusal(t *testing.T) {
	t.Parallel()
	refusal := views.Refusal("Ben <ben@example.com> has decided already.")
	takes(t, refusal)
	require.Equal(t, "Ben &lt;ben@example.com&gt; has decided already.", refusal.Text)
	takes(t, views.Refusal(""))
	takesView(t, views.MessageModal("Too late", "Ben has decided already."))
}

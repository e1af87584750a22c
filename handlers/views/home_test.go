package views_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

func desk() views.HomeData {
	return views.HomeData{
		Waiting:  []views.Waiting{{Sheet: pending(), StepID: "step_1a"}},
		Grants:   []db.Grant{*granted(db.Active).Items[0].Grant, *granted(db.Scheduled).Items[0].Grant, *granted(db.Ending).Items[0].Grant},
		Requests: []db.Sheet{pending(), granted(db.Ended)},
		Links:    map[string]string{"req_1": "https://example.slack.com/archives/C1/p1?a=1&b=2"},
	}
}

func TestHome(t *testing.T) {
	t.Parallel()
	home := views.Home(desk(), now)
	takesView(t, home)
	require.Equal(t, []string{
		views.ActionRequestOpen, views.ActionRequestApprove, views.ActionRequestDeny, views.ActionRequestChange,
		views.ActionGrantExtend, views.ActionGrantReturn, views.ActionGrantReturn, views.ActionRequestCancel,
	}, actionIDs(home.Blocks.BlockSet))
	golden(t, "home", home)

	empty := views.Home(views.HomeData{}, now)
	takesView(t, empty)
	golden(t, "home_empty", empty)
}

// Questions and work by hand wait for people as approvals do.
func TestHomeOfSomebodyWhoIsAsked(t *testing.T) {
	t.Parallel()
	task := script("scr_2", "badge", db.Paused, "", "Hand out a badge")
	task.Type, task.Args = "manual_task", map[string]any{"text": "Hand out a badge *now*"}
	mailed := question()
	mailed.ID, mailed.Type = "scr_3", "email_approval"
	data := views.HomeData{Waiting: []views.Waiting{
		{Sheet: running(db.Provision, db.Running, question()), ScriptID: "scr_1"},
		{Sheet: running(db.Deprovision, db.Running, task), ScriptID: "scr_2"},
		{Sheet: running(db.Provision, db.Running, mailed), ScriptID: "scr_3"},
		{Sheet: running(db.Provision, db.Running), ScriptID: "scr_gone"},
	}}
	home := views.Home(data, now)
	takesView(t, home)
	require.Equal(t, []string{views.ActionRequestOpen, "script_answer_1", "script_answer_2", "script_answer_3", views.ActionScriptByHand},
		actionIDs(home.Blocks.BlockSet))
	golden(t, "home_asked", home)
	list := views.Approvals(data, now)
	takes(t, list)
	golden(t, "approvals_asked", list)
}

func TestHomeOfAnAdmin(t *testing.T) {
	t.Parallel()
	overdue := *granted(db.Ending).Items[0].Grant
	data := desk()
	ill := &views.System{
		Version: "1.2.3", Sockets: 1, Wanted: 2, Problems: []string{"Acme Drive does not answer"},
		Failed: []views.Failed{{Sheet: failed(), RunID: "run_1"}, {Sheet: failed(), RunID: "run_gone"}}, Overdue: []db.Grant{overdue},
	}
	data.System = ill
	home := views.Home(data, now.Add(2*time.Hour))
	takesView(t, home)
	golden(t, "home_admin", home)
	data.System = &views.System{Version: "1.2.3", Sockets: 2, Wanted: 2}
	well := views.Home(data, now)
	takesView(t, well)
	golden(t, "home_admin_well", well)

	state := views.SystemState(*ill, now.Add(2*time.Hour))
	takes(t, state)
	require.Contains(t, state.Text, "2 action flows stopped, 1 grant overdue, 1 of 2 connections to Slack open")
	golden(t, "system", state)
}

func TestListsAreCut(t *testing.T) {
	t.Parallel()
	var data views.HomeData
	for n := range 80 {
		grant := *granted(db.Active).Items[0].Grant
		grant.ID = fmt.Sprint("grant_", n)
		data.Grants = append(data.Grants, grant)
		data.Waiting = append(data.Waiting, views.Waiting{Sheet: several(), StepID: "step_2a"})
		data.Requests = append(data.Requests, several())
	}
	home := views.Home(data, now)
	takesView(t, home)
	require.Contains(t, written(t, views.Message{Blocks: home.Blocks.BlockSet}), "and 65 more: /access mine")
	takes(t, views.Mine(data, now))
	takes(t, views.Approvals(data, now))
	takes(t, views.Who(*drive(), data.Grants, now))
}

func TestMine(t *testing.T) {
	t.Parallel()
	mine := views.Mine(desk(), now)
	takes(t, mine)
	require.Equal(t, []string{views.ActionGrantExtend, views.ActionGrantReturn, views.ActionGrantReturn, views.ActionRequestCancel}, actionIDs(mine.Blocks))
	golden(t, "mine", mine)
	takes(t, views.Mine(views.HomeData{}, now))
}

func TestApprovals(t *testing.T) {
	t.Parallel()
	approvals := views.Approvals(desk(), now)
	takes(t, approvals)
	require.Equal(t, decisionButtons, actionIDs(approvals.Blocks))
	golden(t, "approvals", approvals)
	takes(t, views.Approvals(views.HomeData{}, now))
}

func TestWho(t *testing.T) {
	t.Parallel()
	who := views.Who(*drive(), desk().Grants, now)
	takes(t, who)
	golden(t, "who", who)
	takes(t, views.Who(*drive(), nil, now))
}

func TestHelpNamesEveryCommand(t *testing.T) {
	t.Parallel()
	help := views.Help()
	takes(t, help)
	for _, command := range []string{"request", "mine", "approvals", "status", "extend", "return", "cancel", "revoke", "who", "admin", "audit", "help"} {
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

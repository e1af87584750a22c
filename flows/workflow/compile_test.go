package workflow_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
	"github.com/usherhq/usher/flows/workflow"
)

// TestTemplateLine reads template lines that were typed with a slip, and refuses others.
func TestTemplateLine(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ text, kind string }{
		"as it is":         {workflow.ProvisionLine + "\n1. Do nothing", db.Provision},
		"takes back":       {workflow.DeprovisionLine + "\n1. Do nothing", db.Deprovision},
		"case and spaces":  {"  create A custom Provisioning  workflow with the following steps   \n\n1. Do nothing", db.Provision},
		"a colon":          {"Create a custom deprovisioning workflow with the following steps:\nDo nothing", db.Deprovision},
		"on one line":      {workflow.ProvisionLine + " 1. Do nothing", db.Provision},
		"windows":          {workflow.ProvisionLine + "\r\n1. Do nothing\r\n", db.Provision},
		"empty":            {"", ""},
		"no line":          {"1. Do nothing", ""},
		"another line":     {"Create a workflow with the following steps.\n1. Do nothing", ""},
		"edited":           {"Create a custom provisioning workflow with these steps.\n1. Do nothing", ""},
		"not first":        {"Hello\n" + workflow.ProvisionLine + "\n1. Do nothing", ""},
		"goes on":          {"Create a custom provisioning workflow with the following steps.Grant", ""},
		"both":             {workflow.ProvisionLine + "\n" + workflow.DeprovisionLine + "\n1. Do nothing", ""},
		"no step":          {workflow.ProvisionLine + "\n\n", ""},
		"an empty step":    {workflow.ProvisionLine + "\n1.\n2. Do nothing", ""},
		"numbers that run": {workflow.ProvisionLine + "\n2. Do nothing\n1. Do nothing", ""},
		"too long":         {workflow.ProvisionLine + "\n" + strings.Repeat("Do nothing\n", 3000), ""},
		"too many":         {workflow.ProvisionLine + "\n" + strings.Repeat("Do nothing\n", 101), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := workflow.Compile(tc.text, known(""))
			require.Equal(t, tc.kind, plan.Kind)
			require.Equal(t, tc.kind == "", plan.Problem != "", plan.Problem)
			require.Equal(t, tc.kind != "", plan.Clear())
		})
	}
	problem := workflow.Compile("Hello", known("")).Problem
	require.Contains(t, problem, workflow.ProvisionLine)
	require.Contains(t, problem, workflow.DeprovisionLine)
	require.Contains(t, problem, `"Hello"`)
}

// TestSteps reads steps however they are numbered.
func TestSteps(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		body string
		want []string
	}{
		"lines":            {"1. Do nothing\n2. Wait 1 hour", []string{"Do nothing", "Wait 1 hour"}},
		"one line":         {"1. Do nothing 2. Wait 1 hour 3. Do nothing", []string{"Do nothing", "Wait 1 hour", "Do nothing"}},
		"brackets":         {"1) Do nothing\n2) Wait 1 hour", []string{"Do nothing", "Wait 1 hour"}},
		"named":            {"Step 1: Do nothing\nStep 2: Wait 1 hour", []string{"Do nothing", "Wait 1 hour"}},
		"named on a line":  {"Step 1: Do nothing. Step 2: Wait 1 hour", []string{"Do nothing.", "Wait 1 hour"}},
		"dashes":           {"1 - Do nothing\n2 - Wait 1 hour", []string{"Do nothing", "Wait 1 hour"}},
		"wrapped":          {"1. Do\n   nothing\n2. Wait\n1 hour", []string{"Do nothing", "Wait 1 hour"}},
		"bullets":          {"- Do nothing\n- Wait 1 hour", []string{"Do nothing", "Wait 1 hour"}},
		"bullets below":    {"1. Do nothing\n  - Wait 1 hour\n2. Do nothing", []string{"Do nothing. Wait 1 hour", "Do nothing"}},
		"no numbers":       {"Do nothing\nWait 1 hour", []string{"Do nothing", "Wait 1 hour"}},
		"wrapped, without": {"Do\nnothing.\nWait 1 hour", []string{"Do nothing.", "Wait 1 hour"}},
		"gaps":             {"2. Do nothing\n7. Wait 1 hour", []string{"Do nothing", "Wait 1 hour"}},
		"all ones":         {"1. Do nothing\n1. Wait 1 hour", []string{"Do nothing", "Wait 1 hour"}},
		"a number within":  {"1. Wait 2 hours\n2. Comment on issue 12. Do nothing", []string{"Wait 2 hours", "Comment on issue 12. Do nothing"}},
		"in quotes":        {"1. Notify #a \"see 2. there\"\n2. Do nothing", []string{"Notify #a \"see 2. there\"", "Do nothing"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := workflow.Compile(text(db.Provision, tc.body), known(""))
			require.Empty(t, plan.Problem)
			var got []string
			for n, step := range plan.Steps {
				require.Equal(t, n+1, step.Number)
				got = append(got, step.Words)
			}
			require.Equal(t, tc.want, got)
		})
	}
}

// TestMannerStaysWithItsStep joins a step that only says how the one before is run to that one.
func TestMannerStaysWithItsStep(t *testing.T) {
	t.Parallel()
	plan := workflow.Compile(text(db.Provision, "1. Grant Slack admin access", "2. If that fails, continue", "3. Do nothing"), known(""))
	require.True(t, plan.Clear(), "%+v", plan)
	require.Len(t, plan.Steps, 2)
	require.Equal(t, "Grant Slack admin access If that fails, continue", plan.Steps[0].Words)
	require.Equal(t, "continue", plan.Steps[0].Scripts[0].OnFailure)
	require.Equal(t, 2, plan.Steps[1].Number)
	again := workflow.Compile(text(db.Provision, plan.Steps[0].Words, plan.Steps[1].Words), known(""))
	require.Equal(t, plan.Scripts(), again.Scripts(), "the words that are shown say the same once more")
}

// TestOptionsAreClear compiles what is offered in place of unclear words.
func TestOptionsAreClear(t *testing.T) {
	t.Parallel()
	offered := 0
	for _, i := range everything(t) {
		plan := workflow.Compile(text(i.kind, i.words), i.known())
		for n, step := range plan.Steps {
			require.LessOrEqual(t, len(step.Options), 4)
			for _, option := range step.Options {
				var steps []string
				for _, before := range plan.Steps[:n] {
					if before.Unclear == "" {
						steps = append(steps, before.Words)
					}
				}
				mended := workflow.Compile(text(i.kind, append(steps, option)...), i.known())
				require.True(t, mended.Clear(), "%s: %q for %q: %+v", i.where, option, step.Words, mended)
				offered++
			}
		}
	}
	require.Greater(t, offered, 20)
}

// TestClearPlansPassTheCatalogue checks all that compiles once more.
func TestClearPlansPassTheCatalogue(t *testing.T) {
	t.Parallel()
	for _, i := range everything(t) {
		for _, slug := range []string{"", "warehouse-sales"} {
			for _, kind := range []string{db.Provision, db.Deprovision} {
				plan := workflow.Compile(text(kind, i.words), known(slug))
				passes(t, plan, known(slug).Scripts)
			}
		}
	}
}

// passes checks what must be true of every plan.
func passes(t testing.TB, plan workflow.Plan, catalogue *scripts.Catalogue) {
	t.Helper()
	for _, step := range plan.Steps {
		require.NotEmpty(t, step.Words)
		require.Equal(t, step.Unclear == "", len(step.Scripts) > 0, "%+v", step)
		require.True(t, step.Unclear != "" || len(step.Options) == 0)
	}
	for _, script := range plan.Scripts() {
		user, _ := script.Args["user"].(string)
		require.False(t, strings.HasPrefix(user, "#") || strings.HasPrefix(user, "@"), "%+v", script)
	}
	if plan.Clear() {
		require.Empty(t, catalogue.Check("the plan", plan.Scripts()), "%+v", plan)
	}
}

// TestWithoutACatalogue knows nobody and must not fall over.
func TestWithoutACatalogue(t *testing.T) {
	t.Parallel()
	plan := workflow.Compile(text(db.Provision, "1. Grant Slack admin access", "2. Wait 5 minutes", "3. Notify the user"), workflow.Known{})
	require.Len(t, plan.Steps, 3)
	require.NotEmpty(t, plan.Steps[0].Unclear)
	require.Empty(t, plan.Steps[1].Unclear)
	require.Empty(t, plan.Steps[2].Unclear)
}

// TestSlackByAnyConnector compiles the two examples of the handbook over a Slack with accounts and roles, over one by
// SCIM, and over one that knows only accounts.
func TestSlackByAnyConnector(t *testing.T) {
	t.Parallel()
	in := text(db.Provision, "1. Check if the user has Slack user access 2. If the user lacks Slack user access, provision it first 3. Grant Slack admin access via API")
	out := text(db.Deprovision, "1. Remove Slack admin access via API 2. Downgrade to Slack member access")
	scim := provider("slack", "Slack", "scim", accounts(true), members("group"), things("group"), members("role"))
	for name, p := range map[string]scripts.Provider{"slack": slackProvider(), "scim": scim} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := workflow.Known{Scripts: scripts.NewCatalogue(p)}
			plan := workflow.Compile(in, k)
			require.True(t, plan.Clear(), "%+v", plan)
			require.True(t, fits([]string{"slack_api_get_user", "slack_api_create_user if !check_user.active", "slack_api_add_user_to_role role=admin"}, plan.Scripts()))
			plan = workflow.Compile(out, k)
			require.True(t, plan.Clear(), "%+v", plan)
			require.True(t, fits([]string{"slack_api_remove_user_from_role role=admin", "slack_api_add_user_to_role role=member"}, plan.Scripts()))
		})
	}
	poor := workflow.Known{Scripts: scripts.NewCatalogue(provider("slack", "Slack", "scim", accounts(true)))}
	plan := workflow.Compile(out, poor)
	require.Contains(t, plan.Steps[1].Unclear, "Slack cannot add a user to a role: it can get_user")
}

// TestSlackChannelsAndRoles is about what a connector with more than the shared vocabulary can do.
func TestSlackChannelsAndRoles(t *testing.T) {
	t.Parallel()
	slack := slackProvider()
	slack.Info.Endpoints[0].Outputs = append(outputs("active"), field("role", "string"))
	channel := members("channel")
	channel[0].Name, channel[1].Name, channel[0].Undo, channel[1].Undo = "invite_to_channel", "kick_from_channel", "kick_from_channel", "invite_to_channel"
	slack.Info.Endpoints = append(slack.Info.Endpoints, append(channel, members("group")...)...)
	k := workflow.Known{Scripts: scripts.NewCatalogue(slack)}
	for words, want := range map[string][]string{
		"Add the user to the Slack channel #design":                        {"slack_api_invite_to_channel channel=#design"},
		"Invite the user to the #random channel in Slack":                  {"slack_api_invite_to_channel channel=#random"},
		"Put the user in the channel #random in Slack":                     {"slack_api_invite_to_channel channel=#random"},
		"Add the user to the @editors group in Slack":                      {"slack_api_add_user_to_group group=@editors"},
		"Invite them to #design in Slack":                                  {"slack_api_invite_to_channel channel=#design"},
		"Add the user to the user group @editors in Slack":                 {"slack_api_add_user_to_group group=@editors"},
		"If the user is not a Slack admin, grant Slack admin access":       {"slack_api_get_user", "slack_api_add_user_to_role role=admin if check_admin.role != 'admin'"},
		"Wait until the user has the admin role in Slack for up to 1 hour": {"wait_until read=slack_api_get_user until=\"result.role == 'admin'\" within=1h"},
	} {
		plan := workflow.Compile(text(db.Provision, words), k)
		require.True(t, plan.Clear() && fits(want, plan.Scripts()), "%s: %+v", words, plan)
	}
}

// FuzzCompile compiles anything: it never panics, takes little time, answers the same twice, and what is clear passes
// the catalogue.
func FuzzCompile(f *testing.F) {
	for _, name := range []string{"corpus.txt", "held_out_1.txt"} {
		for _, i := range corpus(f, name) {
			f.Add(i.kind == db.Provision, i.words)
		}
	}
	f.Add(true, strings.Repeat("if the user has Slack access and ", 300))
	f.Add(true, strings.Repeat("and , then or ", 600))
	f.Add(true, strings.Repeat("1. Grant it ", 800))
	f.Add(true, strings.Repeat("the user's ", 900))
	k := known("drive-editors")
	f.Fuzz(func(t *testing.T, gives bool, body string) {
		if len(body) > 10_000 {
			return
		}
		kind := db.Deprovision
		if gives {
			kind = db.Provision
		}
		begun := time.Now()
		plan := workflow.Compile(text(kind, body), k)
		require.Less(t, time.Since(begun), 20*time.Second)
		require.Equal(t, plan, workflow.Compile(text(kind, body), k))
		if plan.Problem == "" {
			passes(t, plan, k.Scripts)
		}
	})
}

// TestWordSalad compiles sentences of words that the compiler knows, in any order.
func TestWordSalad(t *testing.T) {
	t.Parallel()
	var vocabulary []string
	for _, i := range everything(t) {
		vocabulary = append(vocabulary, strings.Fields(i.words)...)
	}
	dice := rand.New(rand.NewPCG(7, 11))
	for range 2000 {
		words := make([]string, 1+dice.IntN(14))
		for n := range words {
			words[n] = vocabulary[dice.IntN(len(vocabulary))]
		}
		kind := []string{db.Provision, db.Deprovision}[dice.IntN(2)]
		slug := []string{"", "slack-admin", "drive-editors", "slack-user", "warehouse-readers", "drive-seat"}[dice.IntN(6)]
		k := []workflow.Known{known(slug), knownReal(slug)}[dice.IntN(2)]
		if plan := workflow.Compile(text(kind, strings.Join(words, " ")), k); plan.Problem == "" {
			passes(t, plan, k.Scripts)
		}
	}
}

package views_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// nasty is a text that somebody typed to mention, link, format, hide or overflow.
func nasty() *rapid.Generator[string] {
	seeds := []string{
		"<!channel>", "<!here>", "<@U0EVE>", "<#C0GENERAL>", "<!subteam^S1>", "<https://evil.example|Approve>", "@channel", "@here",
		"@everyone", "*bold*", "_italic_", "~gone~", "`code`", "```block```", "&lt;!channel&gt;", "&amp;", "> quote", "\n> quote",
		"\u202Eevorppa", "\x00\x07", "\xff\xfe", "🚀", "👩‍👩‍👧‍👧", "é", " ", "\n", "", "a", "drive_editors", "<!date^1^{date}|x>", "|", "\\",
	}
	piece := rapid.OneOf(rapid.SampledFrom(seeds), rapid.String())
	return rapid.Custom(func(t *rapid.T) string {
		text := strings.Join(rapid.SliceOfN(piece, 0, 6).Draw(t, "pieces"), "")
		return strings.Repeat(text, rapid.SampledFrom([]int{1, 1, 1, 3, 400}).Draw(t, "times"))
	})
}

// allowed is what our own words may write between angle brackets.
var allowed = regexp.MustCompile(`<@[UW][A-Z0-9]+>|<!date\^[0-9]+\^\{date_short_pretty\} at \{time\}\|[0-9-]+ [0-9:]+ UTC>|<https://example\.slack\.com/[^<>|]*\|(Open the request|the sign-in page)>`)

// harmless requires that a mrkdwn text holds no mention, link or broadcast but ours.
func harmless(t failer, text string) {
	t.Helper()
	for _, mention := range regexp.MustCompile(`<@[^>]*>`).FindAllString(text, -1) {
		require.NotEqual(t, "<@U0EVE>", mention)
	}
	rest := allowed.ReplaceAllString(text, "")
	rest = regexp.MustCompile("`[^`\n]+`").ReplaceAllString(rest, "") // nothing formats inside fixed width
	require.NotContains(t, rest, "`")
	require.NotContains(t, rest, "<")
	require.NotRegexp(t, `(?i)@(channel|here|everyone)`, rest)
	require.NotContains(t, rest, "\u202E")
	require.NotContains(t, rest, "~")
}

func harmlessMessage(t failer, m views.Message) {
	t.Helper()
	if len(m.Blocks) == 0 {
		require.Empty(t, m.Text)
		return
	}
	takes(t, m)
	harmless(t, m.Text)
	harmlessBlocks(t, slack.Blocks{BlockSet: m.Blocks})
}

func harmlessBlocks(t failer, blocks any) {
	t.Helper()
	text, err := json.Marshal(blocks)
	require.NoError(t, err)
	var tree any
	require.NoError(t, json.Unmarshal(text, &tree))
	mrkdwnOf(tree, func(object map[string]any) {
		require.Equal(t, true, object["verbatim"], "mrkdwn is verbatim, so that Slack links nothing by itself")
		harmless(t, object["text"].(string))
	})
}

// mrkdwnOf calls do with each mrkdwn object of a tree.
func mrkdwnOf(tree any, do func(map[string]any)) {
	switch tree := tree.(type) {
	case []any:
		for _, branch := range tree {
			mrkdwnOf(branch, do)
		}
	case map[string]any:
		if tree["type"] == "mrkdwn" {
			do(tree)
		}
		for _, branch := range tree {
			mrkdwnOf(branch, do)
		}
	}
}

func anyPerson(t *rapid.T) *db.Person {
	slackID := rapid.SampledFrom([]string{"U0ANA", "W0BEN", "", "<!channel>"}).Draw(t, "slack id")
	made := &db.Person{ID: rapid.SampledFrom([]string{"per_a", "per_b"}).Draw(t, "person"), SlackID: slackID}
	made.Name, made.Email = nasty().Draw(t, "name"), nasty().Draw(t, "email")
	return rapid.SampledFrom([]*db.Person{made, made, made, nil}).Draw(t, "known")
}

func anyEntitlement(t *rapid.T) *db.Entitlement {
	row := drive()
	row.Name, row.Description, row.Target = nasty().Draw(t, "entitlement"), nasty().Draw(t, "description"), nasty().Draw(t, "target")
	row.Risk, row.Kind, row.OwnerEmail = nasty().Draw(t, "risk"), nasty().Draw(t, "kind"), nasty().Draw(t, "owner")
	row.Provider.Name = nasty().Draw(t, "provider")
	row.Durations.Choices = row.Durations.Choices[:rapid.IntRange(0, 3).Draw(t, "choices")]
	return rapid.SampledFrom([]*db.Entitlement{row, row, row, nil}).Draw(t, "held")
}

func anyMoment(t *rapid.T) time.Time {
	return rapid.SampledFrom([]time.Time{{}, now, now.Add(time.Hour), now.Add(-time.Hour), now.AddDate(400, 0, 0), now.AddDate(-200, 0, 0)}).Draw(t, "moment")
}

func anySheet(t *rapid.T) db.Sheet {
	statuses := rapid.SampledFrom([]string{db.Pending, db.Approved, db.Denied, db.Cancelled, db.Lapsed})
	sheet := db.Sheet{Request: db.Request{
		ID: "req_1", RequesterID: "per_a", Requester: anyPerson(t), Reason: nasty().Draw(t, "reason"), Status: statuses.Draw(t, "status"),
		CreatedAt: anyMoment(t), LapsesAt: anyMoment(t), Emergency: rapid.Bool().Draw(t, "emergency"),
	}}
	if sheet.Change = anyChange(t); sheet.Change != nil {
		sheet.Request.Kind = db.ForChange
	}
	for range rapid.SampledFrom([]int{0, 1, 5}).Draw(t, "questions") {
		sheet.Questions = append(sheet.Questions, anyQuestion(t))
	}
	for range rapid.IntRange(0, 6).Draw(t, "items") {
		sheet.Items = append(sheet.Items, anyItem(t))
	}
	return sheet
}

func anyExplanation(t *rapid.T, sheet db.Sheet) views.Explanation {
	told := views.Explanation{Sheet: sheet}
	for _, item := range sheet.Items {
		one := views.ExplainedItem{
			Item: item, Why: nasty().Draw(t, "why"), Next: nasty().Draw(t, "next"), Not: nasty().Draw(t, "not"), Lapses: anyMoment(t),
			Will: rapid.SliceOfN(nasty(), 0, 40).Draw(t, "will"),
		}
		for _, step := range item.Steps {
			somebody := views.ExplainedPerson{Why: nasty().Draw(t, "because")}
			if p := anyPerson(t); p != nil {
				somebody.Person, somebody.For = *p, p
			}
			one.Steps = append(one.Steps, views.ExplainedStep{
				Step: step, Stands: nasty().Draw(t, "stands"), People: []views.ExplainedPerson{somebody}, Barred: []views.ExplainedPerson{somebody}, Hops: step.Hops,
			})
		}
		told.Items = append(told.Items, one)
	}
	return told
}

func anySignIn(t *rapid.T) *db.SignIn {
	address := rapid.SampledFrom([]string{"https://example.slack.com/device", "javascript:x", "https://x|<!channel>", ""}).Draw(t, "address")
	return &db.SignIn{ID: "sig_1", VerifyURL: address, UserCode: nasty().Draw(t, "user code"), EndsAt: anyMoment(t)}
}

func anyQuestion(t *rapid.T) db.Question {
	return db.Question{
		ID: "qst_1", ItemID: "item_1", Text: nasty().Draw(t, "question"), Answer: nasty().Draw(t, "answer"), Asker: anyPerson(t),
		Answerer: anyPerson(t), AskedAt: anyMoment(t), AnsweredAt: anyMoment(t),
	}
}

func anyChange(t *rapid.T) *db.ConfigChange {
	made := &db.ConfigChange{
		ID: "chg_1", Title: nasty().Draw(t, "change"), Error: nasty().Draw(t, "why"), EndedAt: anyMoment(t),
		Status: rapid.SampledFrom([]string{db.Pending, db.ChangeApplied, db.ChangeRefused, db.ChangeStale, db.ChangeEnded}).Draw(t, "edit"),
	}
	for range rapid.SampledFrom([]int{0, 1, 60}).Draw(t, "fields") {
		made.Diff = append(made.Diff, db.FieldChange{Key: nasty().Draw(t, "key"), Old: nasty().Draw(t, "old"), New: nasty().Draw(t, "new")})
	}
	return rapid.SampledFrom([]*db.ConfigChange{made, nil, nil}).Draw(t, "edited")
}

func anyItem(t *rapid.T) db.SheetItem {
	made := db.SheetItem{RequestItem: db.RequestItem{
		ID: "item_1", SubjectID: "per_b", Subject: anyPerson(t), Entitlement: anyEntitlement(t), StartsAt: anyMoment(t),
		Duration: db.Duration(rapid.Int64Range(0, 1<<60).Draw(t, "duration")), Plan: rapid.SliceOfN(nasty(), 0, 40).Draw(t, "plan"),
		ExtendsGrantID: rapid.SampledFrom([]string{"", "grant_1"}).Draw(t, "extends"),
	}}
	made.Flow = db.ApprovalFlow{
		ID: "flow_1", Chain: nasty().Draw(t, "chain"), Rule: nasty().Draw(t, "rule"),
		Status: rapid.SampledFrom([]string{db.Deciding, db.Approved, db.Denied, db.Cancelled, db.Lapsed}).Draw(t, "flow"),
		Ruled:  rapid.SampledFrom([]string{"", "<!channel>`"}).Draw(t, "ruled"),
	}
	made.Refusal = nasty().Draw(t, "refusal")
	for range rapid.SampledFrom([]int{0, 0, 3}).Draw(t, "conflicts") {
		made.Flow.Conflicts = append(made.Flow.Conflicts, db.Conflict{
			Rule: "r", Name: nasty().Draw(t, "separation"), Holds: rapid.SliceOfN(nasty(), 0, 6).Draw(t, "holds"), Reason: nasty().Draw(t, "because"),
		})
	}
	for n := range rapid.IntRange(0, 3).Draw(t, "steps") {
		made.Steps = append(made.Steps, anyStep(t, n))
	}
	if rapid.Bool().Draw(t, "granted") {
		made.Grant = anyGrant(t)
		for range rapid.IntRange(0, 2).Draw(t, "runs") {
			made.Runs = append(made.Runs, anyRun(t))
		}
	}
	return made
}

func anyStep(t *rapid.T, n int) db.SheetStep {
	step := db.SheetStep{ApprovalStep: db.ApprovalStep{
		ID: "step_1", Position: n, Need: rapid.IntRange(0, 5).Draw(t, "need"), DueAt: anyMoment(t), OpenedAt: anyMoment(t),
		Status: rapid.SampledFrom([]string{db.Waiting, db.Deciding, db.Approved, db.Denied, db.Cancelled, db.Lapsed}).Draw(t, "step"),
		Spec: db.Step{
			Name: nasty().Draw(t, "step name"), Approvers: rapid.SliceOfN(nasty(), 0, 12).Draw(t, "sources"), All: rapid.Bool().Draw(t, "all"),
			Notify: rapid.SliceOfN(nasty(), 0, 6).Draw(t, "notify"), Comment: rapid.Bool().Draw(t, "comment"), StepUp: true, Self: rapid.Bool().Draw(t, "self"),
		},
		Skipped: rapid.SampledFrom([]string{"", "", "<!here> *x*"}).Draw(t, "skipped"),
	}}
	for range rapid.SampledFrom([]int{0, 1, 4}).Draw(t, "hops") {
		step.Hops = append(step.Hops, db.Hop{From: nasty().Draw(t, "from"), Why: nasty().Draw(t, "why"), To: nasty().Draw(t, "to")})
		step.Handed = append(step.Handed, db.HandOver{From: "per_a", To: "per_b", By: "per_a", Reason: nasty().Draw(t, "handed"), At: anyMoment(t)})
	}
	approver := anyPerson(t)
	for range rapid.SampledFrom([]int{0, 1, 3, 200}).Draw(t, "approvers") {
		step.Approvers = append(step.Approvers, db.Approver{PersonID: "per_a", Person: approver, ForID: rapid.SampledFrom([]string{"", "per_b"}).Draw(t, "for"), For: approver})
	}
	for range rapid.SampledFrom([]int{0, 1, 40}).Draw(t, "decisions") {
		verdict := rapid.SampledFrom([]string{db.Approved, db.Denied}).Draw(t, "verdict")
		step.Decisions = append(step.Decisions, db.Decision{Person: approver, ForID: "per_b", Proof: &db.Proof{Kind: "oidc", Issuer: nasty().Draw(t, "issuer")}, Verdict: verdict, Reason: nasty().Draw(t, "why"), DecidedAt: anyMoment(t)})
	}
	return step
}

func anyGrant(t *rapid.T) *db.Grant {
	return &db.Grant{
		ID: "grant_1", Subject: anyPerson(t), Entitlement: anyEntitlement(t), StartsAt: anyMoment(t), ExpiresAt: anyMoment(t), EndedAt: anyMoment(t),
		Status:   rapid.SampledFrom([]string{db.Scheduled, db.Provisioning, db.Active, db.Ending, db.Ended, "*odd*"}).Draw(t, "grant"),
		EndCause: rapid.SampledFrom([]string{db.CauseExpired, db.CauseReturned, db.CauseRevoked, db.CauseCancelled, "", "<odd>"}).Draw(t, "cause"),
	}
}

func anyRun(t *rapid.T) db.SheetRun {
	run := db.SheetRun{ActionFlow: db.ActionFlow{
		ID: "run_1", Kind: rapid.SampledFrom([]string{db.Provision, db.Deprovision}).Draw(t, "kind"), RetryAt: anyMoment(t), EndedAt: anyMoment(t),
		Status: rapid.SampledFrom([]string{db.Queued, db.Running, db.Failed, db.Succeeded, db.Cancelled}).Draw(t, "run"),
	}}
	for n := range rapid.SampledFrom([]int{0, 1, 3, 40}).Draw(t, "scripts") {
		run.Scripts = append(run.Scripts, db.FlowScript{
			ID: "scr_1", Position: n, Name: nasty().Draw(t, "script"), Summary: nasty().Draw(t, "summary"), WakeAt: anyMoment(t),
			StartedAt: anyMoment(t), EndedAt: anyMoment(t), Attempts: rapid.IntRange(0, 9).Draw(t, "attempts"),
			Status:  rapid.SampledFrom([]string{db.Waiting, db.Running, db.Paused, db.Succeeded, db.Skipped, db.Failed, db.DoneByHand}).Draw(t, "state"),
			Outcome: rapid.SampledFrom([]string{"", "applied", "already", "refused", "transient", "unknown"}).Draw(t, "outcome"),
		})
	}
	return run
}

func TestMessagesSurviveHostileRows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sheet := anySheet(t)
		told, reader := anyEvent(t), rapid.SampledFrom([]string{"", "per_a", "per_none"}).Draw(t, "reader")
		for _, message := range []views.Message{
			views.Card(sheet, now), views.Status(sheet, reader, now), views.Ask(sheet, "step_1", reader, now), views.Reminder(sheet, "step_1", reader, now),
			views.Told(sheet, "step_1", now), views.Why(anyExplanation(t, sheet), now), views.RequestQuestion(sheet, "qst_1", now), views.Alarm(sheet, told, "https://x|<!channel>", views.Names{}),
			views.Progress(sheet, "run_1", now), views.Trouble(sheet, "run_1", now), views.Notice(sheet, told, "per_b", views.Names{}, now),
			views.Lines([]db.AuditEvent{told, told}, views.Names{People: echo, Entitlements: echo}),
			views.Refusal(sheet.Request.Reason),
		} {
			harmlessMessage(t, message)
		}
	})
}

func anyEvent(t *rapid.T) db.AuditEvent {
	details := db.Details{
		Reason: nasty().Draw(t, "reason"), Error: nasty().Draw(t, "error"), StepName: nasty().Draw(t, "step"), Rule: nasty().Draw(t, "rule"),
		Approvers: rapid.SliceOfN(nasty(), 0, 12).Draw(t, "approvers"), Items: rapid.SliceOfN(nasty(), 0, 6).Draw(t, "items"),
		Duration: rapid.SampledFrom([]string{"", "8h", "<x>"}).Draw(t, "duration"), Until: nasty().Draw(t, "until"),
		For: nasty().Draw(t, "for"), To: nasty().Draw(t, "to"), Skipped: nasty().Draw(t, "skipped"), Ruled: nasty().Draw(t, "ruled"),
		Hops: []db.Hop{{From: nasty().Draw(t, "from"), Why: nasty().Draw(t, "hop"), To: nasty().Draw(t, "onto")}},
	}
	made := event(nasty().Draw(t, "actor"), rapid.SampledFrom([]string{
		"request.created", "request.cancelled", "request.lapsed", "decision.approved", "decision.denied", "duration.changed", "step.opened",
		"step.escalated", "flow.approved", "flow.denied", "grant.created", "grant.activated", "grant.extended", "grant.ended", "grant.revoked",
		"script.skipped", "script.done_by_hand", "action_flow.failed", "step.skipped", "step.fallback", "step.on_call", "step.reassigned",
		"step.handed_over", "question.asked", "question.answered", "delegation.started", "request.nudged", "request.emergency", "odd.*thing*",
	}).Draw(t, "action"), details)
	made.Subject, made.Entitlement, made.Script = nasty().Draw(t, "subject"), nasty().Draw(t, "entitlement"), nasty().Draw(t, "script")
	made.Grant = rapid.SampledFrom([]string{"", "grant_1"}).Draw(t, "grant")
	return made
}

func TestViewsSurviveHostileRows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sheet, grant := anySheet(t), *anyGrant(t)
		row := drive()
		if made := anyEntitlement(t); made != nil {
			row = made
		}
		script := db.FlowScript{ID: "scr_1", Name: nasty().Draw(t, "script")}
		for _, view := range []any{
			views.DenyModal("step_1", sheet), views.ChangeModal("step_1", sheet, views.Consent{Code: true}, true),
			views.ApproveModal("step_1", sheet, views.Consent{Comment: true, Code: true, SignIn: anySignIn(t)}),
			views.HandOverModal("step_1", sheet), views.QuestionModal("step_1", sheet), views.AnswerModal(anyQuestion(t)), views.ExtendModal(grant, *row),
			views.RevokeModal(grant), views.CancelModal(sheet), views.ByHandModal(script), views.SkipModal(script),
			views.MessageModal(script.Name, sheet.Request.Reason), views.RequestModal(anyForm(t, *row)),
		} {
			takesView(t, view)
			harmlessBlocks(t, view)
		}
		harmlessMessage(t, views.Who(*row, []db.Grant{grant, grant}, now))
	})
}

func anyForm(t *rapid.T, row db.Entitlement) views.RequestForm {
	form := views.NewRequestForm()
	for range rapid.IntRange(0, 6).Draw(t, "picks") {
		form = form.Add()
	}
	form.Reason, form.Subject, form.Start, form.Channel = nasty().Draw(t, "reason"), nasty().Draw(t, "for"), anyMoment(t), nasty().Draw(t, "channel")
	for n := range form.Picks {
		if !rapid.Bool().Draw(t, "chosen") {
			continue
		}
		form.Picks[n].EntitlementID = row.ID
		form.Picks[n].Applies = &views.Applies{
			Entitlement: row, Rule: nasty().Draw(t, "rule"), Refusal: nasty().Draw(t, "refusal"), HeldUntil: anyMoment(t),
			Plan:     rapid.SliceOfN(nasty(), 0, 40).Draw(t, "plan"),
			Deciders: []views.Decider{{Spec: db.Step{Name: nasty().Draw(t, "step"), Approvers: rapid.SliceOfN(nasty(), 0, 30).Draw(t, "sources")}, Need: 2}},
		}
	}
	return form
}

func TestUnderscoresInsideWordsStay(t *testing.T) {
	t.Parallel()
	sheet := pending()
	sheet.Items[0].Entitlement.Name = "prod_db_admin"
	require.Contains(t, views.Card(sheet, now).Text, "*prod_db_admin*")
}

func echo(text string) string { return text }

package views_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

func chosen() views.RequestForm {
	form := views.NewRequestForm()
	form.Picks[0].EntitlementID = "ent_drive"
	form.Picks[0].Applies = &views.Applies{
		Entitlement: *drive(), Plan: item("1").Plan,
		Deciders: []views.Decider{
			{Spec: db.Step{Name: "Manager", Approvers: []string{"manager"}}, Need: 1, People: []db.Person{*ben}},
			{Spec: db.Step{Name: "Owners", Approvers: []string{"owner", "@drive-admins"}}, Need: 2},
		},
	}
	return form
}

func TestRequestModal(t *testing.T) {
	t.Parallel()
	held, auto, refused := chosen(), chosen(), chosen()
	held.Picks[0].Applies.HeldUntil = now.Add(time.Hour)
	auto.Picks[0].Applies.Deciders, auto.Picks[0].Applies.Rule = nil, "subject.department == 'Design'"
	refused.Picks[0].Applies.Refusal = "Only engineers may ask for it"
	filled := chosen().Add().Add()
	filled.Subject, filled.Start, filled.Reason, filled.Picks[0].Duration = "U0CLEO", now.Add(time.Hour), "Report", hours(1)
	denied, ruled, apart, urgent, ticked := chosen(), chosen(), chosen(), chosen(), chosen()
	denied.Picks[0].Applies.Deciders, denied.Picks[0].Applies.Denied = nil, `The rule "Closed" denies this: Ask in <March>.`
	ruled.Picks[0].Applies.Deciders, ruled.Picks[0].Applies.Ruled = nil, "Sales edits"
	apart.Picks[0].Applies.Conflicts = []db.Conflict{{Rule: "apart", Name: "Enter *or* pay", Holds: []string{"Payments", "Invoices"}, Reason: "Four hands"}}
	apart.Picks[0].Applies.Deciders = []views.Decider{
		{Spec: db.Step{Name: "Manager", Approvers: []string{"manager"}}, Need: 1, People: []db.Person{*ben}, Hops: []db.Hop{{From: "manager", Why: "Mira is away", To: "owner"}}},
		{Spec: db.Step{Name: "Long", Approvers: []string{"owner"}}, Need: 1, Skipped: "It is asked only if duration > duration('8h')."},
		{Spec: db.Step{Name: "Two hands", Approvers: []string{"owner"}, Comment: true, StepUp: true}, Need: 1},
	}
	urgent.Picks[0].Applies.Emergency = &db.Emergency{Max: hours(1), Channel: "#alarm"}
	ticked.Emergency, ticked.Picks[0].Applies.Emergency = true, urgent.Picks[0].Applies.Emergency
	ticked.Picks[0].Applies.Deciders, ticked.Picks[0].Applies.Rule = nil, "emergency"
	for name, form := range map[string]views.RequestForm{
		"denied": denied, "ruled": ruled, "apart": apart, "urgent": urgent, "ticked": ticked,
		"empty": views.NewRequestForm(), "chosen": chosen(), "held": held, "auto": auto, "refused": refused, "several": filled,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			modal := views.RequestModal(form)
			takesView(t, modal)
			golden(t, "request_"+name, modal)
		})
	}
	takesView(t, views.RequestModal(views.RequestForm{}))
}

// inputs are the labels of a modal's fields by block id.
func inputs(modal slack.ModalViewRequest) map[string]*slack.InputBlock {
	found := map[string]*slack.InputBlock{}
	for _, block := range modal.Blocks.BlockSet {
		if input, is := block.(*slack.InputBlock); is {
			found[input.BlockID] = input
		}
	}
	return found
}

func TestRequestModalFields(t *testing.T) {
	t.Parallel()
	fields := inputs(views.RequestModal(chosen()))
	for block, label := range map[string]string{
		"request_entitlement": "Access", "request_subject": "For", "request_duration:ent_drive": "Duration",
		"request_start": "Start", "request_reason": "Reason",
	} {
		require.Contains(t, fields, block)
		require.Equal(t, label, fields[block].Label.Text)
		require.Equal(t, label == "For" || label == "Start", fields[block].Optional, label)
	}
	duration := fields["request_duration:ent_drive"].Element.(*slack.SelectBlockElement)
	require.Equal(t, "8h", duration.InitialOption.Value)
	require.Len(t, duration.Options, 3)
	require.Equal(t, "ent_drive", fields["request_entitlement"].Element.(*slack.SelectBlockElement).InitialOption.Value)
}

func TestPicksKeepTheirFieldsWhenOneIsRemoved(t *testing.T) {
	t.Parallel()
	form := views.NewRequestForm().Add().Add().Add().Add().Add()
	require.Len(t, form.Picks, views.MaxPicks)
	require.NotContains(t, actionIDs(views.RequestModal(form).Blocks.BlockSet), views.ActionRequestAdd)
	form = form.Remove("2")
	fields := inputs(views.RequestModal(form))
	require.Equal(t, "Access 2", fields["request_entitlement_3"].Label.Text)
	require.NotContains(t, fields, "request_entitlement_2")
	require.Equal(t, 2, form.Add().Picks[4].Number)
	require.Len(t, views.NewRequestForm().Remove("1").Picks, 1)
}

// sent is the modal as Slack sends it back with the values given, as JSON.
func sent(t *testing.T, modal slack.ModalViewRequest, values string) slack.View {
	t.Helper()
	metadata, err := json.Marshal(modal.PrivateMetadata)
	require.NoError(t, err)
	var view slack.View
	require.NoError(t, json.Unmarshal([]byte(`{"private_metadata":`+string(metadata)+`,"state":{"values":`+values+`}}`), &view))
	return view
}

func TestReadRequestForm(t *testing.T) {
	t.Parallel()
	form := chosen().Add()
	form.Channel, form.Choices = "C0GENERAL", []db.Duration{hours(1), db.Duration(time.Minute)}
	view := sent(t, views.RequestModal(form), `{
		"request_entitlement": {"request_entitlement": {"type": "external_select", "selected_option": {"value": "ent_drive"}}},
		"request_duration:ent_drive": {"request_duration": {"type": "static_select", "selected_option": {"value": "8h"}}},
		"request_entitlement_2": {"request_entitlement_2": {"type": "external_select", "selected_option": {"value": "ent_two"}}},
		"request_duration_2": {"request_duration_2": {"type": "static_select", "selected_option": {"value": "1m"}}},
		"request_subject": {"request_subject": {"type": "users_select", "selected_user": "U0CLEO"}},
		"request_start": {"request_start": {"type": "datetimepicker", "selected_date_time": 1795255200}},
		"request_emergency": {"request_emergency": {"type": "checkboxes", "selected_options": [{"value": "yes"}]}},
		"request_reason": {"request_reason": {"type": "plain_text_input", "value": "Report"}}}`)
	read, err := views.ReadRequestForm(view)
	require.NoError(t, err)
	require.Equal(t, views.RequestForm{
		Picks: []views.Pick{
			{Number: 1, EntitlementID: "ent_drive", Duration: hours(8)},
			{Number: 2, EntitlementID: "ent_two", Duration: db.Duration(time.Minute)},
		},
		Subject: "U0CLEO", Start: now, Reason: "Report", Emergency: true, Choices: form.Choices, Channel: "C0GENERAL",
	}, read)
}

func TestReadRequestFormWithUntouchedAndClearedFields(t *testing.T) {
	t.Parallel()
	view := sent(t, views.RequestModal(chosen()), `{
		"request_entitlement": {"request_entitlement": {"type": "external_select", "selected_option": null}},
		"request_duration:ent_drive": {"request_duration": {"type": "static_select", "selected_option": null}},
		"request_subject": {"request_subject": {"type": "users_select", "selected_user": null}},
		"request_start": {"request_start": {"type": "datetimepicker", "selected_date_time": null}},
		"request_reason": {"request_reason": {"type": "plain_text_input", "value": null}}}`)
	read, err := views.ReadRequestForm(view)
	require.NoError(t, err)
	require.Equal(t, views.RequestForm{Picks: []views.Pick{{Number: 1}}}, read)

	view.State = nil
	read, err = views.ReadRequestForm(view)
	require.NoError(t, err)
	require.Equal(t, "ent_drive", read.Picks[0].EntitlementID, "without a state the metadata is what is known")
}

func TestReadRequestFormRefusesWhatItDidNotWrite(t *testing.T) {
	t.Parallel()
	for _, metadata := range []string{"", "{", `{"v":2,"picks":[{"n":1}]}`, `{"v":1,"picks":[]}`} {
		_, err := views.ReadRequestForm(slack.View{PrivateMetadata: metadata})
		require.Error(t, err, metadata)
	}
	view := sent(t, views.RequestModal(views.NewRequestForm()), `{"request_duration": {"request_duration": {"selected_option": {"value": "soon"}}}}`)
	_, err := views.ReadRequestForm(view)
	require.Error(t, err)
}

func TestEntitlementOptions(t *testing.T) {
	t.Parallel()
	options := views.EntitlementOptions([]db.Entitlement{*drive()})
	require.Equal(t, "Drive editors", options[0].Text.Text)
	require.Equal(t, "Acme Drive: Edit shared drives", options[0].Description.Text)
	require.Equal(t, "ent_drive", options[0].Value)
	require.Len(t, views.EntitlementOptions(make([]db.Entitlement, 130)), 100)
	tall := *drive()
	tall.Name = strings.Repeat("long ", 40)
	require.Len(t, []rune(views.EntitlementOptions([]db.Entitlement{tall})[0].Text.Text), 75)
}

// FuzzReadRequestForm reads whatever a modal could hold: it is a form that can be drawn again, or an error.
func FuzzReadRequestForm(f *testing.F) {
	f.Add(`{"v":1,"picks":[{"n":1}]}`, `{}`)
	f.Add(`{"v":1,"picks":[{"n":9,"e":"ent"},{"n":9,"e":"ent"}]}`, `{"request_reason":{"request_reason":{"value":"x"}}}`)
	f.Add(`{"v":1,"picks":[{"n":-3}],"choices":["0s","1m"]}`, `null`)
	f.Fuzz(func(t *testing.T, metadata, values string) {
		view := slack.View{PrivateMetadata: metadata}
		if json.Unmarshal([]byte(`{"values":`+values+`}`), &view.State) != nil {
			return
		}
		form, err := views.ReadRequestForm(view)
		if err != nil {
			return
		}
		takesView(t, views.RequestModal(form))
	})
}

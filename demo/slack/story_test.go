package slack_test

import (
	"testing"

	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

func requestModal() slackgo.ModalViewRequest {
	access := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeExternal, plain("Type to search"), "access_find")
	least := 1
	access.MinQueryLength = &least
	reason := slackgo.NewPlainTextInputBlockElement(plain("Why"), "reason_type")
	return slackgo.ModalViewRequest{
		Type: slackgo.VTModal, Title: plain("Request access"), Submit: plain("Request"), Close: plain("Cancel"),
		CallbackID: "request", PrivateMetadata: "kept", NotifyOnClose: true,
		Blocks: slackgo.Blocks{BlockSet: []slackgo.Block{
			slackgo.NewInputBlock("access", plain("Access"), nil, access),
			slackgo.NewInputBlock("reason", plain("Reason"), nil, reason),
		}},
	}
}

// connectRequests runs a small app for requests on slack-go's clients.
func connectRequests(t *testing.T, b *bundle) {
	t.Helper()
	channel := b.ChannelID("access")
	b.connect(func(evt socketmode.Event) any {
		switch evt.Type {
		case socketmode.EventTypeSlashCommand:
			cmd, _ := evt.Data.(slackgo.SlashCommand)
			_, err := b.api.OpenViewContext(b.ctx, cmd.TriggerID, requestModal())
			require.NoError(t, err)
		case socketmode.EventTypeInteractive:
			return answerRequest(t, b, channel, callback(t, evt))
		}
		return nil
	})
}

func TestARequestFromCommandToCard(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	connectRequests(t, b)

	notice, err := b.ana.Command("#access", "/echo", "modal")
	require.NoError(t, err)
	require.Empty(t, notice)
	modal, open := b.ana.Top()
	require.True(t, open)
	require.Equal(t, "Request access", modal.Title)
	require.Equal(t, []string{"Access", "Reason"}, modal.Fields())

	result, err := b.ana.Submit(modal)
	require.NoError(t, err)
	require.Equal(t, "Please complete this required field.", result.Errors["reason"])
	require.NoError(t, b.ana.Select(modal.Target(), "Access", "Drive editors"))
	require.NoError(t, b.ana.Type(modal.Target(), "Reason", "   "))
	result, err = b.ana.Submit(modal)
	require.NoError(t, err)
	require.Equal(t, slack.Result{Result: "errors", Errors: map[string]string{"reason": "Say why."}}, result)
	require.NoError(t, b.ana.Type(modal.Target(), "Reason", "The quarterly report"))
	result, err = b.ana.Submit(modal)
	require.NoError(t, err)
	require.Equal(t, "closed", result.Result)
	require.Empty(t, b.ana.Views())

	b.eventually(func() bool { return len(b.ben.Messages("access")) == 1 })
	card := b.ben.Messages("access")[0]
	require.Contains(t, card.Shown(), "The quarterly report")
	require.NoError(t, b.ben.PressLabel(card.Target(), "Approve"))
	b.eventually(func() bool { return len(b.ben.Messages("access")[0].Buttons()) == 0 })
	b.eventually(func() bool { return len(b.ben.Ephemerals("access")) == 1 })
	require.Empty(t, b.ana.Ephemerals("access"))
	b.ben.Reload()
	require.Empty(t, b.ben.Ephemerals("access"))
	b.noErrors()
}

func answerRequest(t *testing.T, b *bundle, channel string, got slackgo.InteractionCallback) any {
	t.Helper()
	switch got.Type {
	case slackgo.InteractionTypeBlockSuggestion:
		return slackgo.OptionsResponse{Options: []*slackgo.OptionBlockObject{
			slackgo.NewOptionBlockObject("drive-editors", plain("Drive editors"), nil),
		}}
	case slackgo.InteractionTypeViewSubmission:
		reason := got.View.State.Values["reason"]["reason_type"].Value
		if len(reason) < 5 {
			return slackgo.NewErrorsViewSubmissionResponse(map[string]string{"reason": "Say why."})
		}
		require.Equal(t, "kept", got.View.PrivateMetadata)
		require.Equal(t, "drive-editors", got.View.State.Values["access"]["access_find"].SelectedOption.Value)
		approve := slackgo.NewButtonBlockElement("request_approve", "1", plain("Approve"))
		_, _, err := b.api.PostMessageContext(b.ctx, channel, slackgo.MsgOptionText("A request", false),
			slackgo.MsgOptionBlocks(
				slackgo.NewSectionBlock(slackgo.NewTextBlockObject("mrkdwn", reason, false, false), nil, nil),
				slackgo.NewActionBlock("buttons", approve)))
		require.NoError(t, err)
	case slackgo.InteractionTypeBlockActions:
		require.Equal(t, "1", got.ActionCallback.BlockActions[0].Value)
		_, _, _, err := b.api.UpdateMessageContext(b.ctx, got.Channel.ID, got.Message.Timestamp,
			slackgo.MsgOptionText("Approved", false))
		require.NoError(t, err)
		_, _, err = b.api.PostMessageContext(b.ctx, got.Channel.ID, slackgo.MsgOptionText("Thank you", false),
			slackgo.MsgOptionResponseURL(got.ResponseURL, slackgo.ResponseTypeEphemeral))
		require.NoError(t, err)
	}
	return nil
}

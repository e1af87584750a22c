package bot

import (
	"context"
	"log/slog"
	"testing"

	"github.com/sethvargo/go-envconfig"
	"github.com/stretchr/testify/require"
)

func TestSettingsComeFromTheEnvironment(t *testing.T) {
	t.Parallel()
	var settings Settings
	err := envconfig.ProcessWith(context.Background(), &envconfig.Config{
		Target:   &settings,
		Lookuper: envconfig.MapLookuper(map[string]string{"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}),
	})
	require.NoError(t, err)
	require.NoError(t, settings.Validate())
	require.Equal(t, Settings{
		BotToken: "xoxb-1", AppToken: "xapp-1", APIURL: "https://slack.com/api/", Connections: 2,
	}, settings)
}

func TestWrongSettingsAreNamedAndNotShown(t *testing.T) {
	t.Parallel()
	good := Settings{BotToken: "xoxb-1", AppToken: "xapp-1", APIURL: "https://slack.com/api", Connections: 2}
	for name, change := range map[string]func(*Settings){
		"SLACK_BOT_TOKEN":         func(s *Settings) { s.BotToken = "xapp-hidden" },
		"SLACK_APP_TOKEN":         func(s *Settings) { s.AppToken = "" },
		"SLACK_API_URL":           func(s *Settings) { s.APIURL = "https://hidden:hidden@slack.com/" },
		"USHER_SLACK_CONNECTIONS": func(s *Settings) { s.Connections = 11 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wrong := good
			change(&wrong)
			_, err := New(wrong, slog.New(slog.DiscardHandler))
			require.ErrorContains(t, err, name)
			require.NotContains(t, err.Error(), "hidden")
		})
	}
	require.NoError(t, good.Validate())
	require.Equal(t, "https://slack.com/api/", good.APIURL, "the slash is added")
}

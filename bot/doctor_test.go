package bot

import (
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

func findings(t *testing.T, bot *Bot) map[string]Finding {
	t.Helper()
	byName := map[string]Finding{}
	for _, finding := range bot.Doctor(t.Context()) {
		require.NotEmpty(t, finding.Detail, finding.Name)
		require.True(t, finding.OK || finding.Mend != "", finding.Name)
		require.NotContains(t, finding.Detail+finding.Mend, "secret")
		byName[finding.Name] = finding
	}
	return byName
}

func TestDoctorFindsAHealthyInstallation(t *testing.T) {
	t.Parallel()
	fake := newFakeSlack(t)
	names := make([]string, 0, len(Scopes))
	for _, scope := range Scopes {
		names = append(names, scope.Name)
	}
	fake.on("auth.test", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-OAuth-Scopes", strings.Join(names, ","))
		reply200(w, `{"ok":true,"team_id":"T1","team":"Acme","user_id":"UBOT","bot_id":"BBOT"}`)
	})
	fake.answer("usergroups.list", `{"ok":false,"error":"plan_upgrade_required"}`)
	found := findings(t, fake.bot(2))
	for name, finding := range found {
		require.True(t, finding.OK, name)
	}
	require.Contains(t, found["Slack bot token"].Detail, "Acme (T1)")
	require.Contains(t, found["Slack user groups"].Detail, "plan")
	require.Equal(t, "greeted; 1 open in all", found["Slack socket"].Detail)
}

func TestDoctorSaysHowToMend(t *testing.T) {
	t.Parallel()
	fake := newFakeSlack(t)
	fake.greet = func(conn *websocket.Conn, _ int64) bool {
		_ = conn.WriteJSON(map[string]any{"type": "disconnect", "reason": "too_many_websockets"})
		return false
	}
	fake.on("auth.test", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-OAuth-Scopes", "commands,chat:write")
		reply200(w, `{"ok":true,"team_id":"T1","team":"Acme","user_id":"UBOT"}`)
	})
	fake.answer("usergroups.list", `{"ok":false,"error":"missing_scope","needed":"usergroups:read"}`)
	found := findings(t, fake.bot(1))
	require.False(t, found["Slack scopes"].OK)
	require.Contains(t, found["Slack scopes"].Detail, "users:read.email (match")
	require.Contains(t, found["Slack user groups"].Mend, "manifest.yaml")
	require.Contains(t, found["Slack socket"].Detail, "too_many_websockets")
	fake.answer("auth.test", `{"ok":false,"error":"invalid_auth"}`)
	found = findings(t, fake.bot(1))
	require.False(t, found["Slack bot token"].OK)
	require.Contains(t, found["Slack bot token"].Mend, "SLACK_BOT_TOKEN")
}

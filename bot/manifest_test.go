package bot

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"
)

// appManifest holds every key that our manifest may have, named as in Slack's manifest schema 2.0.0. An
// unknown key fails the decoding.
type appManifest struct {
	Metadata struct {
		Major int `yaml:"major_version"`
		Minor int `yaml:"minor_version"`
	} `yaml:"_metadata"`
	Display struct {
		Name  string `yaml:"name"`
		Short string `yaml:"description"`
		Long  string `yaml:"long_description"`
		Color string `yaml:"background_color"`
	} `yaml:"display_information"`
	Features struct {
		Home struct {
			Home     bool `yaml:"home_tab_enabled"`
			Messages bool `yaml:"messages_tab_enabled"`
			ReadOnly bool `yaml:"messages_tab_read_only_enabled"`
		} `yaml:"app_home"`
		Bot struct {
			Name   string `yaml:"display_name"`
			Online bool   `yaml:"always_online"`
		} `yaml:"bot_user"`
		Commands []struct {
			Command     string `yaml:"command"`
			Description string `yaml:"description"`
			Hint        string `yaml:"usage_hint"`
			Escape      bool   `yaml:"should_escape"`
		} `yaml:"slash_commands"`
		Shortcuts []struct {
			Name        string `yaml:"name"`
			Type        string `yaml:"type"`
			CallbackID  string `yaml:"callback_id"`
			Description string `yaml:"description"`
		} `yaml:"shortcuts"`
	} `yaml:"features"`
	OAuth struct {
		Scopes struct {
			Bot []string `yaml:"bot"`
		} `yaml:"scopes"`
	} `yaml:"oauth_config"`
	Settings struct {
		SocketMode    bool `yaml:"socket_mode_enabled"`
		Interactivity struct {
			Enabled bool `yaml:"is_enabled"`
		} `yaml:"interactivity"`
		Events struct {
			Bot []string `yaml:"bot_events"`
		} `yaml:"event_subscriptions"`
		OrgDeploy     bool `yaml:"org_deploy_enabled"`
		TokenRotation bool `yaml:"token_rotation_enabled"`
	} `yaml:"settings"`
}

func readManifest(t *testing.T) appManifest {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "manifest.yaml"))
	require.NoError(t, err)
	manifest, err := parseManifest(content)
	require.NoError(t, err)
	return manifest
}

func parseManifest(content []byte) (appManifest, error) {
	var manifest appManifest
	err := yaml.NewDecoder(bytes.NewReader(content), yaml.Strict()).Decode(&manifest)
	return manifest, err
}

func TestManifestKeepsSlacksLimits(t *testing.T) {
	t.Parallel()
	manifest := readManifest(t)
	between := func(what, text string, least, most int) {
		t.Helper()
		length := utf8.RuneCountInString(text)
		require.GreaterOrEqual(t, length, least, what)
		require.LessOrEqual(t, length, most, what)
	}
	between("name", manifest.Display.Name, 1, 35)
	between("description", manifest.Display.Short, 1, 140)
	between("long description", manifest.Display.Long, 175, 4000)
	require.Regexp(t, `^#([0-9a-fA-F]{3}){1,2}$`, manifest.Display.Color)
	between("bot name", manifest.Features.Bot.Name, 1, 80)
	require.NotEmpty(t, manifest.Features.Commands)
	for _, command := range manifest.Features.Commands {
		between("command", command.Command, 2, 32)
		require.True(t, strings.HasPrefix(command.Command, "/"))
		between("command description", command.Description, 1, 2000)
		between("usage hint", command.Hint, 1, 1000)
	}
	require.NotEmpty(t, manifest.Features.Shortcuts)
	for _, shortcut := range manifest.Features.Shortcuts {
		between("shortcut name", shortcut.Name, 1, 24)
		require.Contains(t, []string{"global", "message"}, shortcut.Type)
		between("callback id", shortcut.CallbackID, 1, 255)
		between("shortcut description", shortcut.Description, 1, 150)
	}
}

func TestManifestSaysWhatUsherNeeds(t *testing.T) {
	t.Parallel()
	manifest := readManifest(t)
	require.Equal(t, 2, manifest.Metadata.Major)
	require.Equal(t, "/access", manifest.Features.Commands[0].Command)
	require.Equal(t, "request_access", manifest.Features.Shortcuts[0].CallbackID)
	require.True(t, manifest.Settings.SocketMode)
	require.True(t, manifest.Settings.Interactivity.Enabled)
	require.False(t, manifest.Settings.OrgDeploy)
	require.False(t, manifest.Settings.TokenRotation)
	require.True(t, manifest.Features.Home.Home)
	require.True(t, manifest.Features.Home.Messages)
	require.True(t, manifest.Features.Home.ReadOnly)
	require.ElementsMatch(t, []string{
		"app_home_opened", "user_change", "team_join", "subteam_members_changed", "tokens_revoked", "app_uninstalled",
	}, manifest.Settings.Events.Bot)
}

func TestManifestAsksForTheScopesOfTheCode(t *testing.T) {
	t.Parallel()
	var names []string
	for _, scope := range Scopes {
		require.NotEmpty(t, scope.Reason, scope.Name)
		names = append(names, scope.Name)
	}
	require.Equal(t, names, readManifest(t).OAuth.Scopes.Bot)
}

func TestManifestCheckRefusesUnknownKeys(t *testing.T) {
	t.Parallel()
	_, err := parseManifest([]byte("settings:\n  socket_mode_enabled: true\n  socket_mode: true\n"))
	require.Error(t, err)
}

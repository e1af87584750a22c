package slack_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

func TestManifestsThatSlackRefuses(t *testing.T) {
	t.Parallel()
	w := slack.New(slack.Options{})
	t.Cleanup(func() { require.NoError(t, w.Close()) })
	for _, test := range []struct{ name, manifest, want string }{
		{"no name", `settings: {socket_mode_enabled: true}`, "/display_information/name: must have 1 to 35"},
		{"unknown key", `display_information: {name: A, colour: red}`, "colour"},
		{"command without slash", `{display_information: {name: A}, features: {slash_commands:
			[{command: echo, description: x}]}}`, "/features/slash_commands/0/command: must begin with /"},
		{"command without scope", `{display_information: {name: A}, features: {slash_commands:
			[{command: /echo, description: x}]}}`, "slash commands need the scope commands"},
		{"event without scope", `{display_information: {name: A}, settings: {event_subscriptions:
			{bot_events: [user_change]}}}`, "user_change needs the scope users:read"},
		{"long shortcut", `{display_information: {name: A}, features: {shortcuts: [{name: "a name longer than it may be",
			type: global, callback_id: x, description: x}]}}`, "/features/shortcuts/0/name: must have 1 to 24"},
		{"not YAML", `{`, "read the manifest"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := w.Install([]byte(test.manifest))
			require.ErrorContains(t, err, test.want)
		})
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	clock := slack.NewClock()
	heard := 0
	clock.OnAdvance(func() { heard++ })
	before := clock.Now()
	clock.Advance(time.Hour)
	clock.Advance(-time.Hour)
	require.Equal(t, 1, heard, "time never runs backwards")
	require.Equal(t, time.Hour, clock.Offset())
	require.WithinDuration(t, before.Add(time.Hour), clock.Now(), time.Minute)
	require.Equal(t, time.UTC, clock.Now().Location())
}

package config_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/flows/config"
)

// TestLines: what is written for a form is read back as it was.
func TestLines(t *testing.T) {
	t.Parallel()
	for want, value := range map[string]any{
		"base_url: \"https://drive.example/scim\"\ndeep: {a: [1, two], b: true}\ntoken: \"env:TOKEN\"": map[string]any{
			"base_url": "https://drive.example/scim", "token": "env:TOKEN", "deep": map[string]any{"a": []any{int64(1), "two"}, "b": true},
		},
		"- {name: look, path: \"/x: y\"}\n- {name: \"no\"}": []any{map[string]any{"name": "look", "path": "/x: y"}, map[string]any{"name": "no"}},
	} {
		require.Equal(t, want, config.Lines(value))
		read, err := config.ReadLines(want)
		require.NoError(t, err)
		require.Equal(t, value, read)
	}
	require.Empty(t, config.Lines(nil))
	read, err := config.ReadLines(" \n")
	require.NoError(t, err)
	require.Empty(t, read)
	_, err = config.ReadLines("a: [1\nb: 2")
	require.Error(t, err)
	_, err = config.ReadLines("a: *nothing")
	require.Error(t, err)
}

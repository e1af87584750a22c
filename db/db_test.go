package db_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
)

func TestDurationsReadAndWriteAlike(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"45s": 45 * time.Second, "30m": 30 * time.Minute, "8h": 8 * time.Hour, "7d": 168 * time.Hour, "1d12h": 36 * time.Hour,
	} {
		parsed, err := db.ParseDuration(text)
		require.NoError(t, err)
		require.Equal(t, want, time.Duration(parsed))
		require.Equal(t, text, parsed.String())
	}
	for _, text := range []string{"", "0h", "-1h", "8", "h", "8 h", "1y", "99999999999d"} {
		_, err := db.ParseDuration(text)
		require.Error(t, err, text)
	}
	require.Equal(t, "1 hour 30 minutes", db.Duration(90*time.Minute).Words())
}

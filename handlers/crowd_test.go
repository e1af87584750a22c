package handlers

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestACrowdIsSpread(t *testing.T) {
	t.Parallel()
	var c crowd
	at := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	for range fewLanes {
		require.Zero(t, c.spread(at), "a few come back at once")
	}
	var longest time.Duration
	for range 1000 {
		longest = max(longest, c.spread(at))
	}
	require.Greater(t, longest, longestTurn/2)
	require.LessOrEqual(t, longest, longestTurn)
	longest = 0
	for range 20 {
		longest = max(longest, c.spread(at.Add(1500*time.Millisecond)))
	}
	require.NotZero(t, longest, "the second before was crowded")
	require.Zero(t, c.spread(at.Add(10*time.Second)), "the crowd is gone")
}

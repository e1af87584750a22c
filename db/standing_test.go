package db_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
)

// Access that stands as long as a rule holds is longer than any that people can write, and is written in a word of its own.
func TestStandingIsNoDurationThatPeopleWrite(t *testing.T) {
	t.Parallel()
	longest, err := db.ParseDuration("36500d")
	require.NoError(t, err)
	require.Greater(t, db.Standing, longest)
	require.Equal(t, "as long as the rule holds", db.Standing.Words())
	_, err = db.ParseDuration(db.Standing.String())
	require.Error(t, err, "nobody can ask for it")

	text, err := json.Marshal(map[string]db.Duration{"d": db.Standing})
	require.NoError(t, err)
	require.JSONEq(t, `{"d":"standing"}`, string(text))
	var back map[string]db.Duration
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, db.Standing, back["d"])
	value, err := db.Standing.Value()
	require.NoError(t, err)
	var column db.Duration
	require.NoError(t, column.Scan(value))
	require.Equal(t, db.Standing, column)
	require.Positive(t, time.Duration(db.Standing), "it fits")
}

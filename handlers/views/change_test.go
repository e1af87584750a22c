package views_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// What is to be approved can't be hidden behind what stays the same, nor behind more than fits.
func TestChangeIsShownWhole(t *testing.T) {
	t.Parallel()
	same := strings.Repeat("{approvers: [manager], name: One of many}, ", 60)
	sheet := changing()
	sheet.Change.RequestID = "req_1"
	sheet.Change.Diff = []db.FieldChange{{Key: "steps", Old: "[" + same + "{need: 2}]", New: "[" + same + "{need: 1}]"}}
	card := views.Card(sheet, now)
	takes(t, card)
	text := written(t, card)
	require.Contains(t, text, "{need: 2}]`")
	require.Contains(t, text, "{need: 1}]`")
	require.NotContains(t, text, "Not all of it fits")

	sheet.Change.Diff[0].New = "[" + strings.Repeat("{approvers: [owner]}, ", 90) + "{need: 1}]"
	require.Contains(t, written(t, views.Card(sheet, now)), "Not all of it fits here. Before you approve, have an admin or an auditor show you the whole: `/access audit req_1`")

	sheet.Change.Diff = nil
	for range 40 {
		sheet.Change.Diff = append(sheet.Change.Diff, db.FieldChange{Key: "key", Old: strings.Repeat("a", 60), New: strings.Repeat("b", 60)})
	}
	card = views.Card(sheet, now)
	takes(t, card)
	require.Contains(t, written(t, card), "Not all of it fits")
}

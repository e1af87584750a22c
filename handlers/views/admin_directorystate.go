package views

import (
	"fmt"

	"github.com/usherhq/usher/db"
)

// AdminDirectoryState are the lines that say how a directory does: label and value, a value in mrkdwn.
func AdminDirectoryState(state db.DirectoryState) [][2]string {
	wrote := "never"
	if !state.WroteAt.IsZero() {
		wrote = on(state.WroteAt)
	}
	lines := [][2]string{{"Last change", wrote}, {"Waiting for a decision", plural(state.Waiting, "change", "changes")}}
	if state.Stop != nil {
		lines = append(lines, [2]string{"Stopped", "⚠ since " + on(state.Stop.CreatedAt) + ": " + sentence(escape(state.Stop.Why, 300))})
	}
	if state.Drifts > 0 {
		lines = append(lines, [2]string{"Differs", fmt.Sprintf("in %s from what is so", plural(state.Drifts, "point", "points"))})
	}
	return append(lines, reachedLine(state))
}

// reachedLine says whether a directory can write here, or whether it was read.
func reachedLine(state db.DirectoryState) [2]string {
	if state.Kind == db.WorkOSDirectory {
		switch {
		case !blank(state.PollError):
			return [2]string{"Reading it", "⚠ " + sentence(escape(state.PollError, 300))}
		case state.PolledAt.IsZero():
			return [2]string{"Reading it", "not yet"}
		}
		return [2]string{"Read last", on(state.PolledAt)}
	}
	switch {
	case state.Token.ID == "":
		return [2]string{"Token", "⚠ none: " + code("usher directory token "+state.Slug, 120) + " makes one"}
	case state.Token.UsedAt.IsZero():
		return [2]string{"Token", "made " + on(state.Token.CreatedAt) + ", never used"}
	}
	return [2]string{"Token", "made " + on(state.Token.CreatedAt) + ", used last " + on(state.Token.UsedAt)}
}

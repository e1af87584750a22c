package views_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

func TestProgress(t *testing.T) {
	t.Parallel()
	retrying := script("scr_2", "join", db.Running, "transient", "The provider answered 503")
	retrying.Attempts, retrying.WakeAt = 3, now.Add(time.Minute)
	for name, sheet := range map[string]db.Sheet{
		"running": running(db.Provision, db.Running, script("scr_1", "account", db.Skipped, "", "find.exists holds"), retrying),
		"done": running(db.Provision, db.Succeeded, ended(script("scr_1", "account", db.Succeeded, "already", ""), 12*time.Second),
			ended(script("scr_2", "join", db.DoneByHand, "", "Done by hand by Dana."), 3*time.Minute)),
		"failed": failed(),
		"taking": running(db.Deprovision, db.Running, script("scr_1", "leave", db.Waiting, "", "")),
		"queued": running(db.Deprovision, db.Queued, script("scr_1", "leave", db.Waiting, "", "")),
		"manual": running(db.Provision, db.Running, script("scr_1", "badge", db.Paused, "", "Hand out a badge")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			progress := views.Progress(sheet, "run_1", now)
			takes(t, progress)
			golden(t, "progress_"+name, progress)
		})
	}
	quick := running(db.Provision, db.Succeeded, ended(script("scr_1", "join", db.Succeeded, "applied", ""), 42*time.Millisecond))
	require.Contains(t, written(t, views.Progress(quick, "run_1", now)), "*join*: applied in 42 ms.")
	require.Contains(t, written(t, views.Progress(failed(), "run_1", now)), "*find*: done in 0.4 s. Found ana@example.com")
	given := running(db.Provision, db.Cancelled, script("scr_1", "join", db.Paused, "", ""), script("scr_2", "tell", db.Waiting, "", ""))
	require.Contains(t, written(t, views.Progress(given, "run_1", now)), `2. *join*: given up.\n3. *tell*: not done.`)
	refused := running(db.Provision, db.Failed, ended(script("scr_1", "join", db.Failed, "refused", "Refused: there is no group"), time.Second))
	require.Contains(t, written(t, views.Progress(refused, "run_1", now)), "*join*: failed after 1.0 s. Refused: there is no group.")
	unneeded := script("scr_1", "account", db.Skipped, "", "Not needed: !find.exists does not hold.")
	unneeded.Spec.When = "!find.exists"
	require.Contains(t, written(t, views.Progress(running(db.Provision, db.Running, unneeded), "run_1", now)), "*account*: not needed, since `!find.exists` does not hold.")
	require.Empty(t, views.Progress(pending(), "run_gone", now))
}

func TestProgressNamesEveryScript(t *testing.T) {
	t.Parallel()
	var scripts []db.FlowScript
	for n := range 40 {
		scripts = append(scripts, script(fmt.Sprint("scr", n), fmt.Sprintf("step-number-%02d", n), db.Succeeded, "applied", long(180)))
	}
	progress := views.Progress(running(db.Provision, db.Running, scripts...), "run_1", now)
	takes(t, progress)
	for _, script := range scripts {
		require.Contains(t, written(t, progress), script.Name)
	}
}

func long(n int) string {
	text := ""
	for len(text) < n {
		text += "word "
	}
	return text
}

package flows

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

// manualTask asks for work by hand.
func manualTask(w work) attempt {
	output := map[string]any{"to": strings.Join(deciders(w.args["to"]), ", "), "text": text(w.args, "text")}
	return paused(wait{due: lengthOf(w.args, "due", 0), remind: lengthOf(w.args, "remind", 0)}, text(w.args, "text"), output)
}

// workersOf resolves who is asked to do a manual task, as far as they hold power. Unlike those who decide they may be
// anybody, also the requester; nobody confirms a step of access of his own, though.
func (f *Flows) workersOf(ctx context.Context, q bun.IDB, w work) ([]db.ScriptPerson, error) {
	var asked []db.ScriptPerson
	known := map[string]bool{}
	for _, spec := range deciders(w.args["to"]) {
		people, err := f.namedBy(ctx, q, spec, w.item)
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			if powerful(p) && !known[p.ID] {
				known[p.ID] = true
				asked = append(asked, db.ScriptPerson{ScriptID: w.script.ID, PersonID: p.ID, Source: spec, Person: &p})
			}
		}
	}
	return asked, nil
}

// channelOf is the channel in which a manual task is to be told of, or nothing.
func channelOf(script db.FlowScript) string {
	if script.Type != scripts.ManualTask {
		return ""
	}
	for _, to := range deciders(script.Args["to"]) {
		if strings.HasPrefix(to, "#") {
			return to
		}
	}
	return ""
}

// notify tells a person or a channel something in Slack. That a person is there to be told is looked up first; the
// message itself goes out with the script's success, in one transaction.
func (f *Flows) notify(ctx context.Context, w work) attempt {
	to := text(w.args, "to")
	if strings.Contains(to, "@") {
		people, err := personNamed(ctx, f.store, to)
		switch {
		case err != nil:
			return attempt{Result: connectors.Failure(err)}
		case len(people) == 0 || people[0].SlackID == "":
			return refusedAttempt(&Error{Text: "Nobody in Slack is known by the address " + to + "."})
		}
	}
	return done("Told "+to+".", map[string]any{"to": to, "text": text(w.args, "text")})
}

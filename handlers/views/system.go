package views

import (
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// System is the state of the installation.
type System struct {
	Version  string
	Sockets  int // open Socket Mode connections of this process
	Wanted   int // connections that it is to have
	Failed   []Failed
	Overdue  []db.Grant // their time is over and they have not ended
	Problems []string   // other sentences, such as a provider that cannot be reached
}

// Failed is an action flow that waits for a person.
type Failed struct {
	Sheet db.Sheet
	RunID string
}

// ill says that an admin has something to look at.
func (s System) ill() bool {
	return len(s.Failed)+len(s.Overdue)+len(s.Problems) > 0 || s.Sockets < s.Wanted
}

// SystemState answers an admin who asks how the installation is.
func SystemState(system System, now time.Time) Message {
	text := fmt.Sprintf("Usher %s: %s stopped, %s overdue, %d of %d connections to Slack open.", escape(system.Version, 60),
		plural(len(system.Failed), "action flow", "action flows"), plural(len(system.Overdue), "grant", "grants"),
		system.Sockets, system.Wanted)
	return message(text, systemBlocks(system, now)[1:]...)
}

// systemBlocks is at most four blocks.
func systemBlocks(system System, now time.Time) []slack.Block {
	lines := []string{fmt.Sprintf("*State of the system* · version %s · %d of %d connections to Slack are open",
		escape(system.Version, 60), system.Sockets, system.Wanted)}
	for _, problem := range system.Problems {
		lines = append(lines, "• "+sentence(escape(problem, 300)))
	}
	for _, failed := range system.Failed {
		if item, run := failed.Sheet.RunByID(failed.RunID); run != nil {
			lines = append(lines, "• Stopped: "+at(item.Entitlement)+" for "+person(item.Subject)+": "+trouble([]db.SheetRun{*run}))
		}
	}
	for _, grant := range system.Overdue {
		lines = append(lines, "• Overdue: "+at(grant.Entitlement)+" of "+person(grant.Subject)+" was to end "+on(grant.ExpiresAt)+
			", "+span(now.Sub(grant.ExpiresAt))+" ago.")
	}
	if len(lines) == 1 {
		lines = append(lines, "Nothing has failed and nothing is overdue.")
	}
	return []slack.Block{slack.NewDividerBlock(), section(lines...)}
}

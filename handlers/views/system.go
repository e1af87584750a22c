package views

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// System is the state of the installation.
type System struct {
	Version    string
	Sockets    int  // open Socket Mode connections of this process
	Wanted     int  // connections that it is to have
	Mends      bool // the reader may mend what has failed; otherwise he only reads
	Failed     Rows[Failed]
	Overdue    Rows[db.Grant] // their time is over and they have not ended
	Unattended Rows[Unattended]
	Providers  Rows[Failing]
	Differing  Rows[db.ConfigObject] // written in Slack, and the configuration file wants them otherwise

	Directories []db.DirectoryState
}

// Failed is an action flow that waits for a person.
type Failed struct {
	Sheet db.Sheet
	RunID string
}

// Unattended is an open approval step with fewer people who can decide than it needs.
type Unattended struct {
	Sheet      db.Sheet
	StepID     string
	Able, Need int
	Since      time.Time
}

// Failing is a provider that does not do what it is asked.
type Failing struct {
	Name        string
	Since       time.Time
	LastSuccess time.Time // zero: never
}

// systemFew is how many rows of each part stand in the overview.
const systemFew = 3

// ill says that an admin has something to look at.
func (s System) ill() bool {
	return s.Failed.Total+s.Overdue.Total+s.Unattended.Total+s.Providers.Total > 0 || s.Sockets < s.Wanted || s.stopped()
}

// stopped says that the breaker of a directory holds changes until somebody decides.
func (s System) stopped() bool {
	return slices.ContainsFunc(s.Directories, func(state db.DirectoryState) bool { return state.Stop != nil })
}

// Requests are the ids of the requests to which what is shown belongs.
func (s System) Requests() []string {
	var ids []string
	for _, failed := range s.Failed.Rows {
		ids = append(ids, failed.Sheet.Request.ID)
	}
	for _, grant := range s.Overdue.Rows {
		ids = append(ids, grant.RequestID)
	}
	for _, one := range s.Unattended.Rows {
		ids = append(ids, one.Sheet.Request.ID)
	}
	return ids
}

// ailment is one thing that can be wrong, with its rows drawn.
type ailment struct {
	name, heading string
	total         int
	rows          [][]slack.Block
}

// ailments are all things that can be wrong, the worst first.
func (s System) ailments(data HomeData, now time.Time) []ailment {
	return []ailment{
		{HomeOverdue, "Access that should have ended", s.Overdue.Total, each(s.Overdue, func(g db.Grant) []slack.Block { return overdueRow(data, g, now) })},
		{HomeFailed, "Flows that have stopped", s.Failed.Total, each(s.Failed, func(f Failed) []slack.Block { return failedRow(data, f, s.Mends) })},
		{HomeUnattended, "Requests that nobody can decide", s.Unattended.Total, each(s.Unattended, func(u Unattended) []slack.Block { return unattendedRow(data, u) })},
		{HomeProviders, "Providers that fail", s.Providers.Total, each(s.Providers, failingRow)},
		{HomeDiffering, "Edited in Slack, and not in the file", s.Differing.Total, each(s.Differing, differingRow)},
	}
}

func each[T any](of Rows[T], draw func(T) []slack.Block) [][]slack.Block {
	var rows [][]slack.Block
	for _, row := range of.Rows {
		rows = append(rows, draw(row))
	}
	return rows
}

// SystemState answers who asks how the installation is.
func SystemState(system System, now time.Time) Message {
	text := fmt.Sprintf("Usher %s: %s stopped, %s overdue, %s without approver, %s failing, %d of %d connections to Slack open.",
		escape(system.Version, 60), plural(system.Failed.Total, "action flow", "action flows"), plural(system.Overdue.Total, "grant", "grants"),
		plural(system.Unattended.Total, "request", "requests"), plural(system.Providers.Total, "provider", "providers"), system.Sockets, system.Wanted)
	return message(text, systemBlocks(system, now)[1:]...)
}

// systemBlocks is the state of the system where nothing leads further: at most 40 blocks, of which the first divides.
func systemBlocks(system System, now time.Time) []slack.Block {
	return systemOverview(HomeData{System: &system}, now)
}

// systemOverview is the first rows of each thing that is wrong; where nothing is, one line says so.
func systemOverview(data HomeData, now time.Time) []slack.Block {
	system := *data.System
	heading := fmt.Sprintf("*State of the system* · version %s · %d of %d connections to Slack are open", escape(system.Version, 60), system.Sockets, system.Wanted)
	if !system.ill() {
		heading += "\nNothing has failed and nothing is overdue."
	}
	blocks := []slack.Block{slack.NewDividerBlock(), section(heading)}
	for _, part := range system.ailments(data, now) {
		if part.total == 0 {
			continue
		}
		blocks = append(blocks, section(counted(part.heading, part.total)))
		for _, row := range part.rows[:min(len(part.rows), systemFew)] {
			blocks = append(blocks, row...)
		}
		if part.total > systemFew && data.Me != "" { // a message has no pages
			blocks = append(blocks, showAll(part.name, part.total, part.heading))
		}
	}
	return append(blocks, directoryBlocks(data)...)
}

// openedSystem is a page of one thing that is wrong, or nil.
func openedSystem(data HomeData, now time.Time) []slack.Block {
	if data.System == nil {
		return nil
	}
	for _, part := range data.System.ailments(data, now) {
		if part.name != data.State.Section {
			continue
		}
		var rows []slack.Block
		for _, row := range part.rows {
			rows = append(rows, row...)
		}
		return onePage(data.State, part.heading, part.total, "There is nothing here any more.", rows)
	}
	return nil
}

func failedRow(data HomeData, failed Failed, mends bool) []slack.Block {
	item, run := failed.Sheet.RunByID(failed.RunID)
	if run == nil {
		return nil
	}
	blocks := []slack.Block{section(effort(*item, *run) + ": " +
		trouble([]db.SheetRun{*run}) + link(data, failed.Sheet.Request.ID))}
	if script := stopped(*run); script != nil && mends {
		blocks = append(blocks, repairs(*item, *run, *script))
	}
	return blocks
}

func overdueRow(data HomeData, grant db.Grant, now time.Time) []slack.Block {
	return []slack.Block{section(at(grant.Entitlement) + " of " + person(grant.Subject) + " was to end " + on(grant.ExpiresAt) +
		", " + span(now.Sub(grant.ExpiresAt)) + " ago." + link(data, grant.RequestID))}
}

func unattendedRow(data HomeData, one Unattended) []slack.Block {
	item, step := one.Sheet.StepByID(one.StepID)
	if step == nil {
		return nil
	}
	can := "nobody can decide"
	if one.Able > 0 {
		can = fmt.Sprintf("%s can decide and %d are needed", plural(one.Able, "person", "people"), one.Need)
	}
	return []slack.Block{section(asksFor(one.Sheet, *item)+link(data, one.Sheet.Request.ID),
		"Step *"+escape(stepName(*step), 80)+"* is open since "+on(one.Since)+", and "+can+".")}
}

func failingRow(failing Failing) []slack.Block {
	last := "It has never worked so far."
	if !failing.LastSuccess.IsZero() {
		last = "It last worked " + on(failing.LastSuccess) + "."
	}
	return []slack.Block{section("*" + escape(failing.Name, 80) + "* fails since " + on(failing.Since) + ". " + last)}
}

func differingRow(object db.ConfigObject) []slack.Block {
	return []slack.Block{section("The " + escape(strings.ReplaceAll(object.Kind, "_", " "), 60) + " " + code(object.Slug, 120) + " was edited by " +
		escape(object.WrittenBy, 120) + " " + on(object.WrittenAt) + ".")}
}

package views

import (
	"slices"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// isWork says whether an item carries something out once, for a directory, instead of giving access. Its entitlement is
// called what it does: "Suspend dana@acme.example".
func isWork(item db.SheetItem) bool { return item.EntitlementID == db.DirectoryItemID }

// allWork says whether a request does nothing else.
func allWork(sheet db.Sheet) bool {
	return len(sheet.Items) > 0 && !slices.ContainsFunc(sheet.Items, func(item db.SheetItem) bool { return !isWork(item) })
}

// workCard is the card of what is carried out for a person without asking anybody: the accounts of somebody who is back, or
// what a rule adjusts.
func workCard(sheet db.Sheet, now time.Time) Message {
	told := sentence(escape(sheet.Request.Reason, 400))
	facts := fields([2]string{"Person", person(sheet.Items[0].Subject)}, [2]string{"Told by", person(sheet.Request.Requester)})
	heading := titles(sheet)
	if len(sheet.Items) > 1 {
		heading = clip(oneLine(sheet.Request.Reason), maxHeader)
	}
	blocks := []slack.Block{header(heading)}
	if len(sheet.Items) == 1 {
		blocks = append(blocks, section(told))
	}
	blocks = append(append(blocks, facts), outlined("What is done", shutLines(sheet, now))...)
	return message(title(sheet.Items[0].Entitlement)+". "+told, append(blocks, footnote(about(sheet)))...)
}

// effort begins a sentence about an action flow: "Giving access to *Drive editors* at Acme Drive for <@U1>". Of work it is
// what is done.
func effort(item db.SheetItem, run db.SheetRun) string {
	if isWork(item) {
		return what(item)
	}
	return toward(run.Kind) + at(item.Entitlement) + " for " + person(item.Subject)
}

// workSentences has the sentences of what the log tells about work. Where a decision, the card or another sentence says it
// already it is empty.
var workSentences = map[string]func(entry) string{
	"request.created": func(e entry) string {
		return sentence(escape(e.Reason, 500)) + " Told by the directory " + code(e.Actor, 80) + "."
	},
	"request.lapsed":  func(e entry) string { return "Nobody decided in time on " + e.access() + ". Nothing is changed." },
	"flow.approved":   silent,
	"flow.denied":     func(e entry) string { return refusedWork(e) },
	"held.waiting":    silent, // the card, and what people are asked, say it
	"held.denied":     silent, // the decision is told
	"held.expired":    silent, // so is that nobody decided
	"held.written":    silent, // work.done says it
	"held.discarded":  func(e entry) string { return e.access() + " was withdrawn." + told(e.Error) },
	"held.superseded": func(e entry) string { return e.access() + " is not asked about any more." + told(e.Summary) },
	"held.failed":     func(e entry) string { return e.access() + " could not be done." + told(e.Error) },
	"work.begun":      silent,
	"work.done":       func(e entry) string { return "Done: " + e.access() + "." },
	"work.given_up":   func(e entry) string { return e.who() + " gave up " + e.access() + "." + e.because() },
}

// does is what the item does that an event is about, in bold; nothing where it gives access, or is not known.
func (e entry) does() string {
	if !e.ofWork() || e.names.Work == nil || len(e.Items) > 0 {
		return ""
	}
	does := e.names.Work(e.AuditEvent)
	if blank(does) {
		return ""
	}
	return "*" + escape(does, 120) + "*"
}

// together reads events, and joins those which tell the same of several items of work: the decisions of one person, and what
// is done.
func together(events []db.AuditEvent, names Names) []entry {
	type kind struct{ action, actor, step, reason string }
	var all []entry
	first := map[kind]int{}
	for _, event := range events {
		told := read(event, names)
		does := told.does()
		switch event.Action {
		case "decision.approved", "decision.denied", "work.done", "request.lapsed":
		default:
			does = ""
		}
		if does == "" {
			all = append(all, told)
			continue
		}
		as := kind{event.Action, event.Actor, told.StepName, told.Reason}
		if n, known := first[as]; known {
			all[n].many = append(all[n].many, does)
			continue
		}
		told.many = []string{does}
		first[as], all = len(all), append(all, told)
	}
	return all
}

func silent(entry) string { return "" }

// refusedWork tells of a rule that denied a change; what a person denied is told as his decision.
func refusedWork(e entry) string {
	if e.Ruled == "" && blank(e.Error) {
		return ""
	}
	return e.access() + " is denied" + e.byRule() + "." + told(e.Error)
}

// leavingSentences has the sentences about people who come, change and go, and about what rules give them.
var leavingSentences = map[string]func(entry) string{
	"departure.started": func(e entry) string {
		if len(e.Items) == 0 {
			return e.whom() + " has left, and held no access."
		}
		return e.whom() + " has left. All that was held is being ended: " + e.access() + "."
	},
	"departure.done": func(e entry) string { return "The departure of " + e.whom() + " is complete." + told(e.Summary) },
	"departure.undone": func(e entry) string {
		return e.who() + " said that the departure of " + e.whom() + " was a mistake. What it ended is given back." + e.because()
	},
	"birthright.lost": func(e entry) string {
		return "No rule gives " + e.access() + " to " + e.whom() + " any more" + moment("; it ends ", e.Until) + ", unless somebody asks to keep it." + told(e.Reason)
	},
	"birthright.moved": func(e entry) string {
		return "The rule " + code(e.Birthright, 80) + " gives " + e.access() + " to " + e.whom() + " from now on, so that it does not end."
	},
	"birthright.kept": func(e entry) string {
		return e.whom() + " keeps " + e.access() + moment(" until ", e.Until) + ", which no rule gives any more."
	},
	"birthright.blocked": func(e entry) string {
		return "The rule " + code(e.Birthright, 80) + " gives " + e.access() + " to " + e.whom() + ", which can't be given." + told(e.Error)
	},
}

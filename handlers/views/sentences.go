package views

import (
	"cmp"
	"strings"

	"github.com/usherhq/usher/db"
)

// sentences has the sentence of each action of the audit log that a thread shows.
var sentences = map[string]func(entry) string{
	"request.created":   created,
	"request.cancelled": func(e entry) string { return e.who() + " withdrew the request for " + e.access() + "." + e.because() },
	"request.lapsed": func(e entry) string {
		return "The request for " + e.access() + " lapsed: nobody decided in time." + told(e.Error)
	},

	"request.nudged":    func(e entry) string { return e.who() + " had those who decide on " + e.access() + " reminded." },
	"request.emergency": emergency,

	"decision.approved": func(e entry) string {
		return e.who() + e.inPlace() + " approved " + e.access() + e.step(" for step ") + proven(e.Proof) + "." + e.said()
	},
	"decision.denied": func(e entry) string {
		return e.who() + e.inPlace() + " denied " + e.access() + e.step(" for step ") + "." + e.because()
	},
	"duration.changed": func(e entry) string {
		return e.who() + " changed the duration of " + e.access() + length(" from ", e.WasDuration) + length(" to ", e.Duration) + "." + e.said()
	},

	"step.opened":     opened,
	"step.escalated":  escalated,
	"step.reassigned": reassigned,
	"step.reminded":   func(e entry) string { return "The approvers were reminded" + e.step(" of step ") + "." },
	"step.skipped": func(e entry) string {
		return "A step was passed over" + e.step(": ") + "." + told(cmp.Or(e.Skipped, e.Error))
	},
	"step.fallback":          fallback,
	"step.on_call":           onCall,
	"step.approvers_changed": func(e entry) string { return "Asked now" + e.step(" for step ") + ": " + e.approvers() + "." },
	"step.handed_over": func(e entry) string {
		return e.who() + " handed the decision" + e.step(" of step ") + " to " + e.names.person(e.To) + "." + e.because()
	},

	"question.asked":    func(entry) string { return "" }, // it is a message of its own, which can be answered
	"question.answered": func(e entry) string { return e.who() + " answered a question about " + e.access() + "." + e.said() },

	"change.applied": func(entry) string { return "The change is in effect." },
	"change.refused": func(e entry) string { return "The change was not carried out." + told(e.Error) },
	"change.stale":   func(e entry) string { return "The change was not carried out." + told(e.Error) },
	"config.changed": func(e entry) string { return e.who() + " changed " + code(e.Resource, 120) + "." },

	"delegation.started": func(e entry) string {
		return e.names.person(e.To) + " is asked too" + e.step(" for step ") + ", in place of " + e.names.person(e.For) + ", who is away."
	},

	"flow.conflicted": conflicted,
	"flow.approved": func(e entry) string {
		return "The request for " + e.access() + " is approved" + length(" for ", e.Duration) + e.byRule() + "."
	},
	"flow.denied": func(e entry) string {
		return "The request for " + e.access() + " is denied" + e.byRule() + ". No access is given." + told(e.Error)
	},

	"grant.created": func(e entry) string { return "The grant of " + e.access() + " to " + e.whom() + " was made." },
	"grant.scheduled": func(e entry) string {
		return "Access to " + e.access() + " is scheduled" + moment(": it starts ", e.Start) + "."
	},
	"grant.activated": func(e entry) string { return e.whom() + " now has " + e.access() + moment(" until ", e.Until) + "." },
	"grant.extended": func(e entry) string {
		return e.whom() + " has " + e.access() + length(" for another ", e.Duration) + moment(", until ", e.Until) + "."
	},
	"grant.expired": func(e entry) string {
		return "The time of " + e.access() + " for " + e.whom() + " is over; it is being taken back."
	},
	"grant.returned": func(e entry) string { return e.who() + " gave " + e.access() + " back." + e.because() },
	"grant.revoked": func(e entry) string {
		return e.who() + " revoked " + e.access() + " of " + e.whom() + "." + e.because()
	},
	"grant.cancelled": func(e entry) string {
		return "The grant of " + e.access() + " to " + e.whom() + " was given up." + e.because()
	},
	"grant.ended": gone,

	"review.started": reviewStarted,
	"review.kept":    reviewKept,
	"review.removed": reviewRemoved,
	"review.asked": func(e entry) string {
		return e.who() + " asked " + e.whom() + " about " + e.access() + e.review() + "."
	},
	"review.answered": func(e entry) string { return e.who() + " answered about " + e.access() + e.review() + "." + e.said() },
	"review.dropped":  func(entry) string { return "" }, // the end of the access is told

	"script.retried": func(e entry) string { return e.who() + " had " + e.script() + " tried again." },
	"script.skipped": func(e entry) string { return e.who() + " skipped " + e.script() + "." + e.because() },
	"script.answered": func(e entry) string {
		return e.who() + " answered “" + escape(e.Summary, 80) + "” to " + e.script() + "." + e.said()
	},
	"script.done_by_hand": func(e entry) string { return e.who() + " did " + e.script() + " by hand." + e.said() },
	"action_flow.failed":  failed,
	"action_flow.retried": func(e entry) string { return e.who() + " had the failed step of " + e.access() + " tried again." },
}

func created(e entry) string {
	text := e.who() + " asked for " + e.access()
	if e.Subject != "" && e.Subject != e.Actor {
		text += " on behalf of " + e.whom()
	}
	text += length(" for ", e.Duration) + moment(", starting ", e.Start)
	if e.Extends != "" {
		text += ", as more time"
	}
	return text + "." + e.because()
}

// conflicted names the separations of duties that an item touches.
func conflicted(e entry) string {
	var lines []string
	for _, one := range e.Conflicts {
		lines = append(lines, apart(one, e.access()))
	}
	return strings.Join(lines, " ")
}

func emergency(e entry) string {
	text := "🚨 *Emergency*: " + e.who() + " took the emergency path to " + e.access()
	if e.Subject != "" && e.Subject != e.Actor {
		text += " for " + e.whom()
	}
	return text + length(" for ", e.Duration) + "." + e.because()
}

func reassigned(e entry) string {
	text := "Nobody decided in time" + e.step(" for step ")
	if names := e.approvers(); names != "" {
		return text + ", so these decide instead: " + names + "."
	}
	return text + "."
}

// fallback tells one turn of the search for approvers.
func fallback(e entry) string {
	text := "The search for approvers went on" + e.step(" for step ") + "."
	for _, hop := range e.Hops {
		text += " " + hopWords(hop)
	}
	return text
}

func onCall(e entry) string {
	if names := e.approvers(); names != "" {
		return "On call" + e.step(" for step ") + ": " + names + "."
	}
	return "Nobody was found to be on call" + e.step(" for step ") + "." + told(e.Error)
}

func opened(e entry) string {
	text := "Waiting for a decision" + e.step(" of step ")
	if names := e.approvers(); names != "" {
		text += ": " + names
	}
	if e.Need > 1 {
		text += " (" + plural(e.Need, "approval", "approvals") + " needed)"
	}
	return text + "." + told(e.Error)
}

func escalated(e entry) string {
	text := "Nobody decided in time" + e.step(" for step ")
	if names := e.approvers(); names != "" {
		return text + ", so these may decide too: " + names + "."
	}
	return text + "."
}

func gone(e entry) string {
	if e.CoveredBy != "" {
		return "This grant of " + e.access() + " has ended. " + e.whom() + " keeps the access through another grant, " +
			code(e.CoveredBy, 60) + "."
	}
	text := "Access has ended" + moment(" ", e.At) + ": " + e.whom() + " no longer has " + e.access() + "."
	if e.Unverified {
		text += " This rests on a person's word; the target was not read."
	}
	return text
}

func failed(e entry) string {
	text := e.script() + " " + wasNot(db.FlowScript{Type: e.ScriptType}) + " for " + e.access() + "." + told(e.Error) + " The owner was asked what to do."
	if again := moment(" It is tried again ", e.RetryAt); again != "" {
		text += again + "."
	}
	return text
}

// script names the script that an entry is about.
func (e entry) script() string {
	if blank(e.Script) {
		return "a step"
	}
	return "*" + escape(e.Script, 80) + "*"
}

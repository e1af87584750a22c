package config

import (
	"github.com/usherhq/usher/db"
)

// needAll is written as need where each of the approvers must approve.
const needAll = "all"

// step reads one approval step. What says where it stands; name is what it is called if it does not say.
func (p *parser) step(n node, what, name string) db.Step {
	o := p.object(n, what, "name", "approvers", "need", "notify", "when", "comment", "step_up", "same_person", "self", "fixed",
		"remind", "timeout", "on_timeout", "ask_in")
	step := db.Step{
		Name: o.text("name"), Approvers: p.approvers(o, "approvers"), Notify: p.told(o, "notify"),
		When: o.condition("when", overRequests), Comment: o.flag("comment"), StepUp: o.flag("step_up"),
		Repeat: o.flag("same_person"), Self: o.flag("self"), Fixed: o.flag("fixed"), AskIn: p.channel(o, "ask_in"),
		Remind: o.duration("remind"), Timeout: o.duration("timeout"),
	}
	step.Need, step.All = o.need()
	if step.Name == "" {
		step.Name = name
	}
	if len(step.Approvers) == 0 && (!o.has("approvers") || isEmptyList(o, "approvers")) {
		o.wrong(o.node, "%s has no approvers: write for example [manager, owner]", o.what)
	}
	if at, ok := o.find("remind"); ok && step.Timeout > 0 && step.Remind >= step.Timeout {
		o.wrong(at, "%s would remind after %s, but its time is over after %s", o.what, step.Remind, step.Timeout)
	}
	if at, ok := o.get("on_timeout", mapping); ok {
		step.OnTimeout = p.onTimeout(at, o, step)
	}
	return step
}

// need reads how many must approve: a number, or all.
func (o object) need() (number int, all bool) {
	n, ok := o.find("need")
	if !ok || n.kind == integer {
		return o.number("need", 1, 100), false
	}
	if n.kind != text || n.string() != needAll {
		o.wrong(n, "need of %s must be a whole number, or all", o.what)
		return 1, false
	}
	return 1, true
}

func isEmptyList(o object, key string) bool {
	n, ok := o.find(key)
	return ok && n.kind == list && len(n.items) == 0
}

func (p *parser) onTimeout(n node, step object, spec db.Step) db.OnTimeout {
	o := p.object(n, "on_timeout of "+step.what, "escalate", "reassign", "close", "deny", "go_on")
	out := db.OnTimeout{
		Escalate: p.approvers(o, "escalate"), Reassign: p.approvers(o, "reassign"),
		Close: o.flag("close"), Deny: o.flag("deny"), GoOn: o.flag("go_on"),
	}
	said := 0
	for _, one := range []bool{len(out.Escalate) > 0, len(out.Reassign) > 0, out.Close, out.Deny, out.GoOn} {
		if one {
			said++
		}
	}
	if said > 1 {
		o.wrong(n, "%s can do one of escalate, reassign, close, deny and go_on, not several", o.what)
	}
	if spec.Timeout == 0 && !step.has("timeout") {
		o.wrong(n, "%s has on_timeout but no timeout: write for example timeout: 24h", step.what)
	}
	return out
}

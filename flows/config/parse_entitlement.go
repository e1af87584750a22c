package config

import (
	"slices"

	"github.com/usherhq/usher/db"
)

// maxChoices is how many options a select in Slack can have.
const maxChoices = 100

// The variables that exist before there is a grant.
var (
	overRequesters = []string{"requester", "subject", "entitlement", "provider"}
	overRequests   = []string{"requester", "subject", "entitlement", "provider", "request", "duration"}
)

func (p *parser) entitlement(n node) {
	o := p.object(n, "entitlement", "slug", "provider", "kind", "target", "name", "description", "owner", "risk",
		"durations", "requestable_by", "approval", "provision", "deprovision", "emergency")
	slug, _ := o.slug(p.entitlementAt)
	e := Entitlement{
		Slug: slug, Target: o.text("target"), Name: o.text("name"), Description: o.text("description"), Owner: o.email("owner"),
		Risk:          o.oneOf("risk", "medium", "low", "medium", "high"),
		RequestableBy: o.condition("requestable_by", overRequesters),
		Durations:     p.durations(o), Approval: p.approvalRules(o),
	}
	if e.Name == "" {
		e.Name = slug
	}
	e.Provider = p.refers(o, "provider", "write the slug of a provider", p.findProvider)
	if _, at := o.must("kind", "write user, group, role, entity or license"); at.kind == text {
		e.Kind = o.oneOf("kind", "", "user", "group", "role", "entity", "license")
	}
	if e.Target == "" && e.Kind != "user" && e.Kind != "" && !o.has("target") {
		o.wrong(o.node, "%s has no target: write what the %s is called at the provider", o.what, e.Kind)
	}
	e.Provision = p.refers(o, "provision", "write the slug of an action chain that gives it", p.findAction(db.Provision))
	e.Deprovision = p.refers(o, "deprovision", "write the slug of an action chain that takes it back", p.findAction(db.Deprovision))
	e.Emergency = p.emergency(o, e.Durations)
	p.out.Entitlements = append(p.out.Entitlements, e)
}

// durations reads for how long something may be held. Max and choices may be left out.
func (p *parser) durations(parent object) db.Durations {
	n, ok := parent.get("durations", mapping)
	if !ok {
		if !parent.has("durations") {
			parent.wrong(parent.node, "%s has no durations: write for example durations: {default: 8h, max: 30d, choices: [8h, 30d]}", parent.what)
		}
		return db.Durations{}
	}
	o := p.object(n, "durations of "+parent.what, "default", "max", "choices")
	out := db.Durations{Default: o.duration("default"), Max: o.duration("max")}
	before := len(p.errs)
	choices, given := o.texts("choices")
	for _, item := range choices {
		if length := p.durationOf(item); length > 0 {
			if slices.Contains(out.Choices, length) {
				o.wrong(item, "%s has the choice %s twice", o.what, length)
			}
			out.Choices = append(out.Choices, length)
		}
	}
	switch {
	case len(p.errs) > before:
		return out
	case given && len(out.Choices) == 0 || !given && out.Default == 0:
		if !o.has("default") || given {
			o.wrong(n, "%s names no length of time: write for example {default: 8h, max: 30d, choices: [8h, 30d]}", o.what)
		}
		return out
	}
	return p.completed(o, out, choices)
}

// completed fills in what was left out and checks that the lengths fit together.
func (p *parser) completed(o object, out db.Durations, choices []node) db.Durations {
	if len(out.Choices) == 0 {
		out.Choices = []db.Duration{out.Default}
	}
	if out.Default == 0 && !o.has("default") {
		out.Default = out.Choices[0]
	}
	if out.Max == 0 && !o.has("max") {
		out.Max = slices.Max(out.Choices)
	}
	if at, ok := o.find("default"); ok && out.Default > 0 && !slices.Contains(out.Choices, out.Default) {
		o.wrong(at, "the default of %s, %s, is not among the choices", o.what, out.Default)
	}
	for i, length := range out.Choices {
		if length > out.Max && out.Max > 0 {
			at := o.node
			if i < len(choices) {
				at = choices[i]
			}
			o.wrong(at, "the choice %s of %s is longer than the max, %s", length, o.what, out.Max)
		}
	}
	if len(out.Choices) > maxChoices {
		o.wrong(o.node, "%s has more than %d choices", o.what, maxChoices)
	}
	return out
}

// approvalRules reads which approval chain is used when. Only the last may, and must, be without a condition.
func (p *parser) approvalRules(parent object) []db.ApprovalRule {
	items, given := parent.list("approval")
	if len(items) == 0 && (given || !parent.has("approval")) {
		parent.wrong(parent.node, "%s has no approval: write for example approval: [{chain: manager}]", parent.what)
	}
	var all []db.ApprovalRule
	for i, item := range items {
		o := p.object(item, "approval of "+parent.what, "chain", "when")
		rule := db.ApprovalRule{When: o.condition("when", overRequests)}
		rule.Chain = p.refers(o, "chain", "write the slug of an approval chain", p.findApproval)
		all = append(all, rule)
		always := !o.has("when") || rule.When == "" && o.nodeIs("when", text)
		switch last := i == len(items)-1; {
		case last && !always:
			at, _ := o.find("when")
			o.wrong(at, "the last approval of %s is the default and must have no when: add one more, or take the condition away", parent.what)
		case !last && always:
			o.wrong(item, "this approval of %s always holds, so that those below it are never used: move it to the end", parent.what)
		}
	}
	return all
}

func (o object) nodeIs(key string, want kind) bool {
	n, ok := o.find(key)
	return ok && n.kind == want
}

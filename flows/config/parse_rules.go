package config

import (
	"slices"
	"time"

	"github.com/usherhq/usher/db"
)

// approvalRule reads a rule that decides without a person.
func (p *parser) approvalRule(n node) {
	o := p.object(n, "approval rule", "slug", "name", "effect", "when", "entitlements", "reason", "until")
	slug, _ := o.slug(p.ruleAt)
	r := ApprovalRule{
		Slug: slug, Name: o.text("name"), When: o.condition("when", overRequests), Reason: o.text("reason"),
		Entitlements: p.entitlementList(o), Until: o.until(),
	}
	if r.Name == "" {
		r.Name = slug
	}
	if _, at := o.must("effect", "write approve or deny"); at.kind == text {
		r.Effect = o.oneOf("effect", "", db.RuleApproves, db.RuleDenies)
	}
	if r.When == "" && !o.has("when") && len(r.Entitlements) == 0 && !o.has("entitlements") {
		o.wrong(o.node, "%s would hold for every request: write when, or the entitlements that it is about", o.what)
	}
	p.out.ApprovalRules = append(p.out.ApprovalRules, r)
}

// entitlementList reads the entitlements that a rule is about.
func (p *parser) entitlementList(o object) []string {
	all := []string{}
	values, _ := o.texts("entitlements")
	for _, n := range values {
		if slices.Contains(all, n.string()) {
			o.wrong(n, "entitlements of %s names %q twice", o.what, n.string())
			continue
		}
		all = append(all, n.string())
		p.references = append(p.references, reference{at: n, what: "entitlements of " + o.what, find: p.findEntitlement, value: n.string()})
	}
	return all
}

// until reads when a rule ends: behind a whole day in UTC, or at a moment.
func (o object) until() time.Time {
	n, ok := o.get("until", text)
	if !ok || n.string() == "" {
		return time.Time{}
	}
	if day, err := time.Parse(time.DateOnly, n.string()); err == nil {
		return day.AddDate(0, 0, 1)
	}
	moment, err := time.Parse(time.RFC3339, n.string())
	if err != nil || moment.Year() < 2000 {
		o.wrong(n, "until of %s must be its last day, such as 2027-01-31, or a moment such as 2027-01-31T18:00:00Z, not %q", o.what, n.string())
		return time.Time{}
	}
	return db.UTC(moment.Truncate(time.Second))
}

// separation reads a set of entitlements of which one person may hold one.
func (p *parser) separation(n node) {
	o := p.object(n, "separation", "slug", "name", "entitlements", "effect", "step", "reason")
	slug, _ := o.slug(p.separationAt)
	s := Separation{
		Slug: slug, Name: o.text("name"), Reason: o.text("reason"), Entitlements: p.entitlementList(o),
		Effect: o.oneOf("effect", db.SeparationBlocks, db.SeparationBlocks, db.SeparationAsks),
	}
	if s.Name == "" {
		s.Name = slug
	}
	if values, _ := o.texts("entitlements"); len(values) < 2 {
		o.wrong(o.node, "%s must name at least two entitlements of which a person may hold one", o.what)
	}
	at, given := o.get("step", mapping)
	switch {
	case given && s.Effect == db.SeparationBlocks:
		o.wrong(at, "%s blocks, so nobody is asked: take the step away, or write effect: ask", o.what)
	case given:
		step := p.step(at, "step of "+o.what, "Separation of duties")
		s.Step = &step
	case s.Effect == db.SeparationAsks && !o.has("step"):
		o.wrong(o.node, "%s asks, and has no step: write for example step: {approvers: [owner]}", o.what)
	}
	if s.Step != nil && s.Step.OnTimeout.GoOn {
		o.wrong(at, "the step of %s must not go on without an answer: let it escalate, close or deny", o.what)
	}
	p.out.Separations = append(p.out.Separations, s)
}

// emergency reads the declared way around the approval chains of an entitlement.
func (p *parser) emergency(parent object, held db.Durations) *db.Emergency {
	n, ok := parent.get("emergency", mapping)
	if !ok {
		return nil
	}
	o := p.object(n, "emergency of "+parent.what, "chain", "max", "channel", "reviewers", "review_in", "usable_by")
	e := db.Emergency{
		Max: o.duration("max"), Channel: p.channel(o, "channel"), Reviewers: p.approvers(o, "reviewers"),
		ReviewIn: o.duration("review_in"), UsableBy: o.condition("usable_by", overRequesters),
	}
	if o.has("chain") {
		e.Chain = p.refers(o, "chain", "write the slug of an approval chain", p.findApproval)
	}
	o.must("max", "write how long it lasts at most, for example 1h")
	o.must("channel", "write where it is told of, for example \"#security\"")
	if len(e.Reviewers) == 0 && (!o.has("reviewers") || isEmptyList(o, "reviewers")) {
		o.wrong(o.node, "%s has no reviewers: write who looks at it afterwards, for example [provider_owner]", o.what)
	}
	if at, _ := o.find("max"); held.Max > 0 && e.Max > held.Max {
		o.wrong(at, "max of %s, %s, is longer than the entitlement may be held, %s", o.what, e.Max, held.Max)
	}
	return &e
}

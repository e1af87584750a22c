package config

import (
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

// birthright reads a rule that gives people access because of who they are.
func (p *parser) birthright(n node) {
	o := p.object(n, "birthright", "slug", "name", "when", "entitlements", "chain", "grace", "during", "adjust")
	slug, _ := o.slug(p.birthrightAt)
	b := Birthright{
		Slug: slug, Name: o.text("name"), When: o.condition("when", rules.OverPeople()), Entitlements: p.entitlementList(o),
		Grace: o.duration("grace"), During: p.during(o), Adjust: p.adjust(o),
	}
	if b.Name == "" {
		b.Name = slug
	}
	if b.When == "" && (!o.has("when") || o.nodeIs("when", text)) {
		o.wrong(o.node, "%s would hold for everybody: write when, such as person.department == 'Design', or when: true if that is meant", o.what)
	}
	if values, given := o.texts("entitlements"); len(values) == 0 && (given || !o.has("entitlements")) {
		o.wrong(o.node, "%s gives nothing: write the entitlements that it gives", o.what)
	}
	if o.has("chain") {
		b.Chain = p.refers(o, "chain", "write the slug of an approval chain", p.findApproval)
	}
	p.out.Birthrights = append(p.out.Birthrights, b)
}

// during reads when a rule is open; nil is always.
func (p *parser) during(parent object) *db.Window {
	n, ok := parent.get("during", mapping)
	if !ok {
		return nil
	}
	o := p.object(n, "during of "+parent.what, "cron", "for", "zone")
	w := db.Window{For: o.duration("for"), Zone: o.text("zone")}
	var at node
	if w.Cron, at = o.must("cron", "write when it opens, for example \"0 8 28 * *\": on every 28th at 8"); w.Cron != "" {
		if problem := cronProblem(w.Cron); problem != "" {
			o.wrong(at, "cron of %s: %s", o.what, problem)
		}
	}
	o.must("for", "write how long it is open, for example 3d")
	if at, given := o.find("zone"); given && w.Zone != "" {
		if _, err := time.LoadLocation(w.Zone); err != nil || w.Zone == "Local" {
			o.wrong(at, "zone of %s: %q is no time zone: write for example Europe/Berlin", o.what, w.Zone)
		}
	}
	return &w
}

// cronProblem says what is wrong with when something happens again and again; "" means nothing.
func cronProblem(spec string) string {
	const meant = ": write minute, hour, day of the month, month and day of the week, for example \"0 8 28 * *\""
	if strings.Contains(spec, "TZ=") {
		return "the time zone stands under zone"
	}
	schedule, err := cron.ParseStandard(spec)
	if _, steady := schedule.(cron.ConstantDelaySchedule); err != nil || steady {
		return "\"" + spec + "\" is not understood" + meant
	}
	if schedule.Next(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return "\"" + spec + "\" never comes" + meant
	}
	return ""
}

// adjustable are what of a person a rule can look at for a change, besides attributes.NAME.
var adjustable = []string{"email", "name", "department", "title", "manager", "employment"}

// adjust reads what is run when something about a holder changes; nil is nothing.
func (p *parser) adjust(parent object) *db.Adjustment {
	n, ok := parent.get("adjust", mapping)
	if !ok {
		return nil
	}
	o := p.object(n, "adjust of "+parent.what, "on", "run")
	a := db.Adjustment{On: []string{}}
	values, given := o.texts("on")
	for _, n := range values {
		key, is := strings.CutPrefix(n.string(), "attributes.")
		switch {
		case slices.Contains(a.On, n.string()):
			o.wrong(n, "on of %s names %q twice", o.what, n.string())
		case !(is && attributeForm.MatchString(key)) && !slices.Contains(adjustable, n.string()):
			o.wrong(n, "on of %s: a person has no %q; known are %s and attributes.NAME%s", o.what, n.string(), orNone(adjustable),
				rules.DidYouMean(n.string(), adjustable))
		default:
			a.On = append(a.On, n.string())
		}
	}
	if len(values) == 0 && (given || !o.has("on")) {
		o.wrong(o.node, "%s is about nothing: write on, for example [attributes.territory]", o.what)
	}
	a.Run = p.refers(o, "run", "write the slug of an action chain", p.findAction(db.Provision))
	return &a
}

package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

func (p *parser) approvalChain(n node) {
	o := p.object(n, "approval chain", "slug", "steps")
	slug, _ := o.slug(p.approvalAt)
	chain := ApprovalChain{Slug: slug, Steps: []db.Step{}}
	steps, given := o.list("steps")
	if !given && !o.has("steps") {
		o.wrong(o.node, "%s has no steps: write steps: [] if nobody needs to decide", o.what)
	}
	names := map[string]bool{}
	for i, item := range steps {
		step := p.step(item, i+1, o.what)
		if names[step.Name] {
			o.wrong(item, "two steps of %s are called %q", o.what, step.Name)
		}
		names[step.Name] = true
		chain.Steps = append(chain.Steps, step)
	}
	p.out.ApprovalChains = append(p.out.ApprovalChains, chain)
}

func (p *parser) step(n node, number int, chain string) db.Step {
	o := p.object(n, fmt.Sprintf("step %d of %s", number, chain), "name", "approvers", "need", "remind", "timeout", "on_timeout", "ask_in")
	step := db.Step{
		Name: o.text("name"), Approvers: p.approvers(o, "approvers"), Need: o.number("need", 1, 1, 100),
		Remind: o.duration("remind"), Timeout: o.duration("timeout"),
	}
	if step.Name == "" {
		step.Name = fmt.Sprintf("Step %d", number)
	}
	if len(step.Approvers) == 0 && (!o.has("approvers") || isEmptyList(o, "approvers")) {
		o.wrong(o.node, "%s has no approvers: write for example [manager, owner]", o.what)
	}
	if at, ok := o.get("ask_in", text); ok && p.checkChannel(at, "ask_in of "+o.what) {
		step.AskIn = at.string()
	}
	if at, ok := o.find("remind"); ok && step.Timeout > 0 && step.Remind >= step.Timeout {
		o.wrong(at, "%s would remind after %s, but its time is over after %s", o.what, step.Remind, step.Timeout)
	}
	if at, ok := o.get("on_timeout", mapping); ok {
		step.OnTimeout = p.onTimeout(at, o, step)
	}
	return step
}

func isEmptyList(o object, key string) bool {
	n, ok := o.find(key)
	return ok && n.kind == list && len(n.items) == 0
}

func (p *parser) onTimeout(n node, step object, spec db.Step) db.OnTimeout {
	o := p.object(n, "on_timeout of "+step.what, "escalate", "close")
	out := db.OnTimeout{Escalate: p.approvers(o, "escalate")}
	if at, ok := o.get("close", boolean); ok {
		out.Close, _ = at.scalar.(bool)
	}
	if len(out.Escalate) > 0 && out.Close {
		o.wrong(n, "%s can escalate or close, not both", o.what)
	}
	if spec.Timeout == 0 && !step.has("timeout") {
		o.wrong(n, "%s has on_timeout but no timeout: write for example timeout: 24h", step.what)
	}
	return out
}

var handleForm = regexp.MustCompile(`^[^\s\pC@:,]+$`)

// approvers reads a list of who may decide.
func (p *parser) approvers(o object, key string) []string {
	values, _ := o.texts(key)
	var all []string
	for _, n := range values {
		who := n.string()
		if emailForm.MatchString(who) {
			who = strings.ToLower(who)
		}
		if !p.isApprover(who) {
			o.wrong(n, `%q cannot be an approver: write manager, owner, "@usergroup", "group:handle" or an e-mail address%s`,
				who, rules.DidYouMean(who, []string{"manager", "owner"}))
			continue
		}
		if slices.Contains(all, who) {
			o.wrong(n, "%s of %s names %q twice", key, o.what, who)
			continue
		}
		all = append(all, who)
	}
	return all
}

func (p *parser) isApprover(who string) bool {
	if who == "manager" || who == "owner" || emailForm.MatchString(who) {
		return true
	}
	for _, prefix := range []string{"@", "group:"} {
		if handle, ok := strings.CutPrefix(who, prefix); ok {
			return handleForm.MatchString(handle)
		}
	}
	return false
}

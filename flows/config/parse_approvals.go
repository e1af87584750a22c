package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

func (p *parser) approvalChain(n node) {
	o := p.object(n, "approval chain", "slug", "name", "pending", "steps")
	slug, _ := o.slug(p.approvalAt)
	chain := ApprovalChain{Slug: slug, Name: o.text("name"), Pending: o.duration("pending"), Steps: []db.Step{}}
	steps, given := o.list("steps")
	if !given && !o.has("steps") {
		o.wrong(o.node, "%s has no steps: write steps: [] if nobody needs to decide", o.what)
	}
	names, consent := map[string]bool{}, len(steps) == 0
	for i, item := range steps {
		step := p.step(item, fmt.Sprintf("step %d of %s", i+1, o.what), fmt.Sprintf("Step %d", i+1))
		if names[step.Name] {
			o.wrong(item, "two steps of %s are called %q", o.what, step.Name)
		}
		names[step.Name] = true
		consent = consent || !step.OnTimeout.GoOn
		chain.Steps = append(chain.Steps, step)
	}
	if !consent {
		o.wrong(o.node, "each step of %s goes on when its time is over, so that nobody might ever consent: let one escalate, close or deny", o.what)
	}
	p.out.ApprovalChains = append(p.out.ApprovalChains, chain)
}

var handleForm = regexp.MustCompile(`^[^\s\pC@:,]+$`)

// approverWords are the words for people whom the item determines.
var approverWords = []string{"manager", "managers_manager", "owner", "provider_owner"}

// onCallPrefix stands before the endpoint that says who is on call.
const onCallPrefix = "on_call:"

// approvers reads a list of who may decide.
func (p *parser) approvers(o object, key string) []string {
	return p.listed(o, key, func(who string) string {
		if !p.isApprover(who) {
			return fmt.Sprintf(`%q cannot be an approver: write %s, "@usergroup", "group:handle", "on_call:{provider}_api_{endpoint}" or an e-mail address%s`,
				who, strings.Join(approverWords, ", "), rules.DidYouMean(who, approverWords))
		}
		return p.notOnCall(who)
	})
}

// told reads a list of who is told and does not decide.
func (p *parser) told(o object, key string) []string {
	return p.listed(o, key, func(who string) string {
		if !p.isApprover(who) && !(strings.HasPrefix(who, "#") && channelForm.MatchString(who)) {
			return fmt.Sprintf(`%q cannot be told: write %s, "@usergroup", "group:handle", "#channel" or an e-mail address%s`,
				who, strings.Join(approverWords, ", "), rules.DidYouMean(who, approverWords))
		}
		return p.notOnCall(who)
	})
}

// listed reads a list of people, each once. Problem says what is wrong with one; "" means nothing.
func (p *parser) listed(o object, key string, problem func(string) string) []string {
	values, _ := o.texts(key)
	var all []string
	for _, n := range values {
		who := n.string()
		if emailForm.MatchString(who) {
			who = strings.ToLower(who)
		}
		if wrong := problem(who); wrong != "" {
			o.wrong(n, "%s", wrong)
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
	if slices.Contains(approverWords, who) || emailForm.MatchString(who) {
		return true
	}
	for _, prefix := range []string{"@", "group:", onCallPrefix} {
		if handle, ok := strings.CutPrefix(who, prefix); ok {
			return handleForm.MatchString(handle)
		}
	}
	return false
}

// notOnCall says what is wrong with an endpoint that shall say who is on call; "" means nothing. It must only read.
func (p *parser) notOnCall(who string) string {
	name, is := strings.CutPrefix(who, onCallPrefix)
	if !is {
		return ""
	}
	endpoint, err := p.catalogue().Type(name, nil)
	switch {
	case err != nil:
		return fmt.Sprintf("%q can't say who is on call: %s", who, err)
	case endpoint.Provider == "" || endpoint.Hook || endpoint.Effect != connectors.Reads:
		return fmt.Sprintf("%q can't say who is on call: write an endpoint that only reads, {provider}_api_{endpoint}", who)
	}
	return ""
}

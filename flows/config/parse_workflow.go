package config

import (
	"fmt"
	"strings"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/workflow"
)

// written is a chain of the file that is a workflow in plain English. It is compiled when the whole file was read, since
// its words may name everything in it.
type written struct {
	chain int // its place in the file's chains
	at    node
	what  string
}

// workflow reads the text of a chain, in place of its scripts.
func (p *parser) workflow(o object, chain *ActionChain) {
	at, given := o.get("workflow", text)
	if !given {
		return
	}
	if o.has("scripts") {
		o.wrong(at, "%s has a workflow and scripts: write one of them", o.what)
		return
	}
	chain.Text = tidy(at.string())
	p.workflows = append(p.workflows, written{chain: len(p.out.ActionChains), at: at, what: o.what})
}

// tidy drops what can't be seen of a text: spaces at the ends of lines, and empty lines at its end.
func tidy(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for n := range lines {
		lines[n] = strings.TrimRight(lines[n], " \t\r")
	}
	return strings.Join(lines, "\n")
}

// compileWorkflows turns the texts into scripts.
func (p *parser) compileWorkflows() {
	if len(p.workflows) == 0 {
		return
	}
	catalogue := p.catalogue()
	for _, one := range p.workflows {
		chain := &p.out.ActionChains[one.chain]
		plan := workflow.Compile(chain.Text, workflow.Known{
			Scripts: catalogue, Entitlements: p.nameable(), For: p.servedBy(*chain),
		})
		if p.unplaced(one, *chain, plan) {
			continue
		}
		chain.Scripts, chain.Steps = plan.Scripts(), plan.Steps
		for _, problem := range catalogue.Check(one.what, chain.Scripts) {
			p.wrong(one.at, "workflow of %s: %s", one.what, problem)
		}
	}
}

// unplaced reports what of a workflow could not be placed, and says whether anything was.
func (p *parser) unplaced(one written, chain ActionChain, plan workflow.Plan) bool {
	if plan.Problem != "" {
		p.wrong(one.at, "workflow of %s: %s", one.what, plan.Problem)
		return true
	}
	if chain.Kind != "" && plan.Kind != chain.Kind {
		p.wrong(one.at, "workflow of %s begins with the template line of a %sing workflow, and the chain is of kind %s", one.what, plan.Kind, chain.Kind)
		return true
	}
	for _, step := range plan.Steps {
		if step.Unclear == "" {
			continue
		}
		meant := ""
		if len(step.Options) > 0 {
			meant = fmt.Sprintf(" (it could be: %s)", strings.Join(step.Options, " | "))
		}
		p.wrong(one.at, "workflow of %s, step %d, %q: %s%s", one.what, step.Number, step.Words, strings.TrimSuffix(step.Unclear, "."), meant)
	}
	return !plan.Clear()
}

// nameable are the file's entitlements as words can name them.
func (p *parser) nameable() []workflow.Entitlement {
	var all []workflow.Entitlement
	for _, e := range p.out.Entitlements {
		all = append(all, workflow.Entitlement{Slug: e.Slug, Name: e.Name, Provider: e.Provider, Kind: e.Kind, Target: e.Target})
	}
	return all
}

// servedBy is the entitlement that a chain serves. Of one that serves several only what they share is known: its words
// must fit all of them, so "the group" can be said, and no name.
func (p *parser) servedBy(chain ActionChain) workflow.Entitlement {
	var served []workflow.Entitlement
	for n, e := range p.out.Entitlements {
		if chain.Kind == db.Provision && e.Provision == chain.Slug || chain.Kind == db.Deprovision && e.Deprovision == chain.Slug {
			served = append(served, p.nameable()[n])
		}
	}
	if len(served) == 0 {
		return workflow.Entitlement{}
	}
	shared := served[0]
	for _, other := range served[1:] {
		if other.Provider != shared.Provider || other.Kind != shared.Kind {
			return workflow.Entitlement{}
		}
		shared = workflow.Entitlement{Provider: shared.Provider, Kind: shared.Kind}
	}
	return shared
}

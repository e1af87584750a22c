package config

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
	"github.com/usherhq/usher/flows/scripts"
)

func (p *parser) actionChain(n node) {
	o := p.object(n, "action chain", "slug", "name", "kind", "scripts", "workflow")
	slug, _ := o.slug(p.actionAt)
	chain := ActionChain{Slug: slug, Name: o.text("name")}
	if _, at := o.must("kind", "write provision or deprovision"); at.kind == text {
		chain.Kind = o.oneOf("kind", "", db.Provision, db.Deprovision)
	}
	p.workflow(o, &chain)
	items, given := o.list("scripts")
	if len(items) == 0 && (given || !o.has("scripts") && !o.has("workflow")) {
		o.wrong(o.node, "%s has no scripts: write at least {name: nothing, type: none}, or a workflow in words", o.what)
	}
	for i, item := range items {
		chain.Scripts = append(chain.Scripts, p.script(item, fmt.Sprintf("script %d of %s", i+1, o.what)))
	}
	for _, problem := range p.catalogue().Check(o.what, chain.Scripts) {
		p.badScript(items[problem.Index], problem)
	}
	p.out.ActionChains = append(p.out.ActionChains, chain)
}

func (o object) has(key string) bool {
	_, ok := o.find(key)
	return ok
}

// script reads one script; what it says is checked with the whole chain.
func (p *parser) script(n node, what string) db.Script {
	o := p.object(n, what, "name", "type", "when", "args", "retry", "timeout", "on_failure")
	script := db.Script{
		Name: o.text("name"), Type: o.text("type"), Timeout: o.duration("timeout"),
		OnFailure: o.oneOf("on_failure", "", "stop", "continue", "manual_task"),
	}
	if script.OnFailure == "stop" {
		script.OnFailure = "" // the default
	}
	script.When = o.expression("when")
	if retry, ok := o.get("retry", mapping); ok {
		script.Retry = p.retry(retry, what)
	}
	args, _ := o.get("args", mapping)
	if args.kind == mapping && len(args.entries) > 0 {
		script.Args, _ = args.plain().(map[string]any)
	}
	return script
}

func (p *parser) retry(n node, what string) db.Retry {
	o := p.object(n, "retry of "+what, "attempts", "backoff", "on")
	retry := db.Retry{Attempts: o.number("attempts", 0, 100), Backoff: o.duration("backoff")}
	outcomes, _ := o.texts("on")
	for _, outcome := range outcomes {
		known := []string{"transient", "unknown", "refused"}
		if !slices.Contains(known, outcome.string()) {
			o.wrong(outcome, "on of %s must be one of %s, not %q%s", o.what, orNone(known), outcome.string(), rules.DidYouMean(outcome.string(), known))
			continue
		}
		retry.On = append(retry.On, outcome.string())
	}
	return retry
}

// catalogue is all script types that this file could name.
func (p *parser) catalogue() *scripts.Catalogue {
	var all []scripts.Provider
	for _, provider := range p.out.Providers {
		info, err := p.connectors.Describe(provider.Slug, provider.Connector, provider.Settings, provider.Endpoints)
		if err != nil { // said at the provider
			info, _ = p.connectors.Info(provider.Connector)
		}
		all = append(all, scripts.Provider{Slug: provider.Slug, Name: provider.Name, Connector: provider.Connector, Info: info})
	}
	return scripts.NewCatalogue(all...)
}

// badScript reports a problem of a script at its place in the file, or at the nearest place that is there.
func (p *parser) badScript(n node, problem scripts.Problem) {
	for at, key := range problem.Path {
		e, found := n.step(key)
		if !found {
			break
		}
		if e.value.kind != text && (key == "name" || key == "type") && at == 0 {
			return // said when it was read
		}
		if problem.Key && at == len(problem.Path)-1 {
			p.wrongAt(e.line, e.column, "%s", problem.Reason)
			return
		}
		n = e.value
	}
	if problem.Rule != nil {
		p.badRule(n, problem.Rule)
		return
	}
	p.wrong(n, "%s", problem.Reason)
}

// step goes from a value to what stands there under a key, or at a place of a list.
func (n node) step(key string) (entry, bool) {
	if n.kind == list {
		place, err := strconv.Atoi(key)
		if err != nil || place < 0 || place >= len(n.items) {
			return entry{}, false
		}
		return entry{value: n.items[place]}, true
	}
	place := slices.IndexFunc(n.entries, func(e entry) bool { return e.key == key && e.value.kind != null })
	if place < 0 {
		return entry{}, false
	}
	return n.entries[place], true
}

// expression reads an optional CEL condition without checking it. true and false may be written without quotes.
func (o object) expression(key string) string {
	n, ok := o.find(key)
	if !ok {
		return ""
	}
	if n.kind == boolean {
		return fmt.Sprint(n.scalar)
	}
	n, _ = o.get(key, text)
	return strings.TrimSpace(n.string())
}

// condition reads an optional CEL condition over some of the variables.
func (o object) condition(key string, variables []string) string {
	expr := o.expression(key)
	if n, ok := o.find(key); ok && n.kind == text {
		o.badRule(n, rules.CheckConditionOver(variables, n.string()))
	}
	return expr
}

// badRule reports what is wrong with an expression, at its own place where that is known.
func (r *reader) badRule(n node, err error) {
	if err == nil {
		return
	}
	problem := &rules.Error{Reason: err.Error()}
	if !errors.As(err, &problem) {
		r.wrong(n, "%s", err)
		return
	}
	column := n.column
	if n.exact >= 0 && problem.Column > 0 {
		column += n.exact + problem.Column - 1
		problem = &rules.Error{What: problem.What, Expr: problem.Expr, Reason: problem.Reason}
	}
	r.wrongAt(n.line, column, "%s", problem.Error())
}

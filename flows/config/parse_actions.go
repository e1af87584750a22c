package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

func (p *parser) actionChain(n node) {
	o := p.object(n, "action chain", "slug", "kind", "scripts")
	slug, _ := o.slug(p.actionAt)
	chain := ActionChain{Slug: slug}
	if _, at := o.must("kind", "write provision or deprovision"); at.kind == text {
		chain.Kind = o.oneOf("kind", "", db.Provision, db.Deprovision)
	}
	scripts, given := o.list("scripts")
	if len(scripts) == 0 && (given || !o.has("scripts")) {
		o.wrong(o.node, "%s has no scripts: write at least {name: nothing, type: none}", o.what)
	}
	var earlier []string
	for i, item := range scripts {
		script := p.script(item, fmt.Sprintf("script %d of %s", i+1, o.what), earlier)
		if script.Name != "" {
			earlier = append(earlier, script.Name)
		}
		chain.Scripts = append(chain.Scripts, script)
	}
	p.out.ActionChains = append(p.out.ActionChains, chain)
}

func (o object) has(key string) bool {
	_, ok := o.find(key)
	return ok
}

// LongestTimeout is how long one attempt at a script may take at most.
const LongestTimeout = 10 * time.Minute

var scriptNameForm = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)

func (p *parser) script(n node, what string, earlier []string) db.Script {
	o := p.object(n, what, "name", "type", "when", "args", "retry", "timeout", "on_failure")
	script := db.Script{Timeout: o.duration("timeout"), OnFailure: o.oneOf("on_failure", "", "stop", "continue", "manual_task")}
	if script.OnFailure == "stop" {
		script.OnFailure = "" // the default
	}
	if at, ok := o.find("timeout"); ok && time.Duration(script.Timeout) > LongestTimeout {
		o.wrong(at, "%s may take %s at most in one attempt; write retry for what takes longer", what, db.Duration(LongestTimeout))
	}
	if name, at := o.must("name", "write a short name by which later scripts can use its output"); name != "" && p.checkScriptName(o, name, at, earlier) {
		script.Name = name
	}
	script.When = o.condition("when", rules.VariableNames(), earlier)
	if retry, ok := o.get("retry", mapping); ok {
		r := p.object(retry, "retry of "+what, "attempts", "backoff")
		script.Retry = db.Retry{Attempts: r.number("attempts", 0, 1, 100), Backoff: r.duration("backoff")}
	}
	args, _ := o.get("args", mapping)
	if args.kind == mapping && len(args.entries) > 0 {
		script.Args, _ = args.plain().(map[string]any)
	}
	name, at := o.must("type", "supported are "+supported())
	if name == "" {
		return script
	}
	script.Type = name
	if known, ok := p.scriptArgs(at); ok {
		p.checkArgs(o, known, args)
	}
	p.checkTemplates(args, earlier)
	return script
}

func (p *parser) checkScriptName(o object, name string, at node, earlier []string) bool {
	switch {
	case !scriptNameForm.MatchString(name) || len(name) > maxSlug:
		o.wrong(at, "%q cannot be a script's name: a letter comes first, then lower-case letters, digits, _ and -, at most %d in all", name, maxSlug)
	case rules.Reserved(rules.Name(name)):
		o.wrong(at, "a script cannot be called %q: conditions mean something else by it", name)
	default:
		for _, other := range earlier {
			if rules.Name(other) == rules.Name(name) {
				o.wrong(at, "two scripts of the chain are called %q", name)
				return false
			}
		}
		return true
	}
	return false
}

// checkArgs compares what is written with what the script type takes.
func (p *parser) checkArgs(o object, known []Arg, args node) {
	if args.kind != mapping {
		args = node{kind: mapping, line: o.line, column: o.column}
	}
	var names []string
	for _, arg := range known {
		names = append(names, arg.Name)
		value, given := args.find(arg.Name)
		values := map[string]any{}
		if given {
			values[arg.Name] = value.plain()
		} else {
			value = node{line: args.line, column: args.column}
		}
		if err := connectors.CheckArgs([]connectors.Field{arg.Field}, values); err != nil {
			p.wrong(value, "%s: %s", o.what, err)
		} else if given {
			p.checkFormat(o, arg, value)
		}
	}
	for _, e := range args.entries {
		if !slices.Contains(names, e.key) {
			p.wrongAt(e.line, e.column, "%s has no argument %q; known are %s%s", o.what, e.key, orNone(names), rules.DidYouMean(e.key, names))
		}
	}
}

func (p *parser) checkFormat(o object, arg Arg, value node) {
	written := value.string()
	if value.kind != text || strings.Contains(written, "{{") {
		return
	}
	switch arg.Format {
	case Length:
		p.durationOf(value)
	case Recipient:
		if !emailForm.MatchString(written) && !channelForm.MatchString(written) && !slackIDForm.MatchString(written) {
			p.wrong(value, "argument %q of %s must be %s, not %q", arg.Name, o.what, recipientDoc, written)
		}
	case FreeText:
	}
}

// checkTemplates checks the placeholders of each text by itself, so that a mistake has its place.
func (p *parser) checkTemplates(n node, earlier []string) {
	for _, item := range n.items {
		p.checkTemplates(item, earlier)
	}
	for _, e := range n.entries {
		if strings.Contains(e.key, "{{") {
			p.wrongAt(e.line, e.column, "a key may not hold placeholders, only a value")
		}
		p.checkTemplates(e.value, earlier)
	}
	if n.kind == text {
		p.badRule(n, rules.CheckTemplate(n.string(), earlier...))
	}
}

// condition reads an optional CEL condition. true and false may be written without quotes.
func (o object) condition(key string, variables, earlier []string) string {
	n, ok := o.find(key)
	if !ok {
		return ""
	}
	if n.kind == boolean {
		return fmt.Sprint(n.scalar)
	}
	if n, ok = o.get(key, text); !ok {
		return ""
	}
	o.badRule(n, rules.CheckConditionOver(variables, n.string(), earlier...))
	return strings.TrimSpace(n.string())
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

package flows

import (
	"context"
	"fmt"
	"strings"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
	"github.com/usherhq/usher/flows/scripts"
)

// scope is what conditions and placeholders of an item may speak of. grant is nil before there is one.
func (f *Flows) scope(ctx context.Context, q bun.IDB, request db.Request, item db.RequestItem, grant *db.Grant) (rules.Scope, error) {
	requester, err := f.personScope(ctx, q, *request.Requester)
	if err != nil {
		return nil, err
	}
	subject, err := f.personScope(ctx, q, *item.Subject)
	if err != nil {
		return nil, err
	}
	scope := rules.Scope{
		"requester": requester, "subject": subject, "entitlement": rules.Entitlement(*item.Entitlement),
		"provider": rules.Provider(*item.Entitlement.Provider), "request": rules.Request(request), "duration": item.Duration,
		"approvers": []any{},
	}
	if grant == nil {
		return scope, nil
	}
	scope["grant"] = rules.Grant(*grant)
	approvers, err := f.approverScope(ctx, q, request.ID)
	scope["approvers"] = approvers
	return scope, err
}

func (f *Flows) personScope(ctx context.Context, q bun.IDB, p db.Person) (map[string]any, error) {
	groups, err := remembered(ctx, groupsKey(p.ID), func() ([]string, error) { return db.GroupsOf(ctx, q, p.ID) })
	if err != nil {
		return nil, err
	}
	return rules.Person(p, groups), nil
}

func groupsKey(personID string) string { return "groups of " + personID }

func (f *Flows) approverScope(ctx context.Context, q bun.IDB, requestID string) ([]any, error) {
	decisions, err := db.DecisionsOf(ctx, q, requestID)
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, decision := range decisions {
		if decision.Verdict != db.Approved {
			continue
		}
		p, err := f.personScope(ctx, q, *decision.Person)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// plan says what a chain's scripts will do, one sentence a script, as far as it is known before they run.
func (f *Flows) plan(ctx context.Context, q bun.IDB, chain []db.Script, scope rules.Scope) ([]string, error) {
	providers, err := db.Providers(ctx, q)
	if err != nil {
		return nil, err
	}
	sentences := make([]string, 0, len(chain))
	for _, script := range chain {
		sentence := script.Name + ": " + f.planOne(script, providers, scope)
		if script.When != "" {
			sentence += " (only if " + conditionWords(script.When) + ")"
		}
		sentences = append(sentences, sentence)
	}
	return sentences, nil
}

func (f *Flows) planOne(script db.Script, providers []db.Provider, scope rules.Scope) string {
	args := planArgs(script, scope)
	if own := ownWords(script.Type, args); own != "" {
		return own
	}
	name, hook := scripts.EndpointOf(script.Type)
	slug := scripts.ProviderOf(script)
	for _, provider := range providers {
		if provider.Slug != slug {
			continue
		}
		if hook {
			return "send the webhook " + name + " to " + provider.Name
		}
		return callWords(name, args, scope) + " at " + provider.Name
	}
	return script.Type
}

// ownWords says what a script of Usher's own does, or nothing.
func ownWords(scriptType string, args map[string]string) string {
	switch scriptType {
	case scripts.None:
		return "nothing"
	case scripts.Sleep:
		return "wait " + args["for"]
	case scripts.WaitUntil:
		return "wait until " + args["until"] + " at " + scripts.ProviderOf(db.Script{Type: args["read"]})
	case scripts.ManualTask:
		return "a person does by hand: " + args["text"]
	case scripts.SlackNotification:
		return "tell " + args["to"]
	case scripts.EmailNotification:
		return "mail " + args["to"]
	case scripts.SlackApproval:
		return "ask " + strings.Trim(args["to"], "[]") + ": " + args["text"]
	case scripts.EmailApproval:
		return "ask " + strings.Trim(args["to"], "[]") + " by mail: " + args["text"]
	}
	return ""
}

// callWords says a provider's endpoint as a sentence: "add user ana@example.com to group Editors". What the arguments
// leave out is what connectors take then: the person who benefits, and the entitlement's target.
func callWords(endpoint string, args map[string]string, scope rules.Scope) string {
	target, subject := field(scope, "entitlement", "target"), field(scope, "subject", "email")
	words := strings.Split(endpoint, "_")
	for n, word := range words {
		value := args[word]
		switch {
		case value != "":
		case word == "user":
			value = subject
		case word == "group" || word == "role" || word == "entity" || word == "license":
			value = target
		}
		if value != "" {
			words[n] = word + " " + value
		}
	}
	return strings.Join(words, " ")
}

// field reads one text of a record in a scope.
func field(scope rules.Scope, record, name string) string {
	known, _ := scope[record].(map[string]any)
	value, _ := known[name].(string)
	return value
}

// planArgs fills in the arguments that are known now; one that needs an earlier script's output stays as written.
func planArgs(script db.Script, scope rules.Scope) map[string]string {
	out := map[string]string{}
	for key, value := range script.Args {
		filled, err := rules.Expand(value, scope)
		if err != nil {
			filled = value
		}
		out[key] = fmt.Sprint(filled)
	}
	return out
}

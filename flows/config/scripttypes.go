package config

import (
	"slices"
	"strings"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/flows/rules"
)

// What stands between a provider's slug and an endpoint's name in a script type.
const (
	separatorAPI     = "_api_"
	separatorWebhook = "_webhook_"
)

// Format says what an argument's text must look like where it is written without a placeholder.
type Format string

// The formats of arguments.
const (
	FreeText  Format = ""
	Length    Format = "duration"  // 30m, 8h, 7d
	Recipient Format = "recipient" // an e-mail address, a "#channel" or a Slack id
)

// Arg is an argument of a script type.
type Arg struct {
	connectors.Field
	Format Format
}

// ScriptType is one kind of script that Usher itself can run. The types of a provider's endpoints come from its
// connector.
type ScriptType struct {
	Name, Doc string
	Args      []Arg
}

// ScriptTypes lists the script types that are not a provider's endpoint. A new one is one more entry here.
func ScriptTypes() []ScriptType {
	return []ScriptType{
		{Name: "none", Doc: "does nothing"},
		{Name: "sleep", Doc: "waits, so that a target can finish what it does later", Args: []Arg{
			required("for", Length, "how long to wait, for example 10m"),
		}},
		{Name: "slack_notification", Doc: "tells a person or a channel something", Args: []Arg{
			required("to", Recipient, recipientDoc), required("text", FreeText, "what to say"),
		}},
		{Name: "manual_task", Doc: "asks a person to do something by hand and waits", Args: []Arg{
			required("to", Recipient, recipientDoc), required("text", FreeText, "what to do"),
			{Field: connectors.Field{Name: "due", Type: connectors.TypeString, Doc: "how long there is for it, for example 2d"}, Format: Length},
		}},
	}
}

const recipientDoc = `an e-mail address, a "#channel", or a placeholder such as "{{ subject.manager }}"`

func required(name string, format Format, doc string) Arg {
	return Arg{Field: connectors.Field{Name: name, Type: connectors.TypeString, Doc: doc, Required: true}, Format: format}
}

// laterTypes are script types of the domain model that this version does not run.
func laterTypes() []string {
	return []string{
		"slack_approval", "email_notification", "email_approval", "gitlab_issue_create", "gitlab_issue_add_comment",
		"gitlab_issue_add_label", "gitlab_issue_remove_label", "gitlab_issue_close", "gitlab_issue_assign_user",
		"gitlab_issue_unassign_user",
	}
}

// supported lists what may be written as a script's type.
func supported() string {
	var names []string
	for _, known := range ScriptTypes() {
		names = append(names, known.Name)
	}
	return strings.Join(names, ", ") + " and {provider}_api_{endpoint}"
}

// scriptArgs finds the arguments of a script type, or reports why there is no such type.
func (p *parser) scriptArgs(at node) ([]Arg, bool) {
	name := at.string()
	all := ScriptTypes()
	if n := slices.IndexFunc(all, func(t ScriptType) bool { return t.Name == name }); n >= 0 {
		return all[n].Args, true
	}
	if slug, endpoint, isAPI := strings.Cut(name, separatorAPI); isAPI {
		return p.endpointArgs(at, slug, endpoint)
	}
	if slices.Contains(laterTypes(), name) || strings.Contains(name, separatorWebhook) {
		p.wrong(at, "script type %q is not supported by this version; supported are %s", name, supported())
		return nil, false
	}
	p.wrong(at, "there is no script type %q; supported are %s%s", name, supported(), rules.DidYouMean(name, p.typeNames()))
	return nil, false
}

func (p *parser) endpointArgs(at node, slug, name string) ([]Arg, bool) {
	n := slices.IndexFunc(p.out.Providers, func(v Provider) bool { return v.Slug == slug })
	if n < 0 {
		p.wrong(at, "script type %q names the provider %q, which is not in providers%s", at.string(), slug, rules.DidYouMean(at.string(), p.typeNames()))
		return nil, false
	}
	info, known := p.connectors.Info(p.out.Providers[n].Connector)
	if !known {
		return nil, false // said at the provider
	}
	endpoint, found := info.Endpoint(name)
	if !found {
		var names []string
		for _, e := range info.Endpoints {
			names = append(names, e.Name)
		}
		p.wrong(at, "provider %q (connector %s) has no endpoint %q; known are %s%s", slug, info.Name, name, orNone(names), rules.DidYouMean(name, names))
		return nil, false
	}
	var args []Arg
	for _, field := range endpoint.Args {
		args = append(args, Arg{Field: field})
	}
	return args, true
}

// typeNames lists all script types that this file could name.
func (p *parser) typeNames() []string {
	var names []string
	for _, known := range ScriptTypes() {
		names = append(names, known.Name)
	}
	for _, provider := range p.out.Providers {
		info, _ := p.connectors.Info(provider.Connector)
		for _, e := range info.Endpoints {
			names = append(names, connectors.ScriptType(provider.Slug, e.Name))
		}
	}
	return names
}

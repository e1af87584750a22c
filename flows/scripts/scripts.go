// Package scripts knows what can be written as a script of an action chain: the types that Usher runs itself, and one
// for each endpoint and webhook of each provider. It checks a chain before it is saved, wherever it was written: in a
// configuration file, in Slack, or by the compiler of plain English.
package scripts

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/flows/rules"
)

// Format says what an argument must look like where it is written without a placeholder.
type Format string

// The formats of arguments.
const (
	FreeText  Format = ""
	Length    Format = "duration"  // 30m, 8h, 7d
	Recipient Format = "recipient" // an e-mail address, a "#channel" or a Slack id
	Address   Format = "address"   // an e-mail address
	Deciders  Format = "deciders"  // one, or a list, of manager, owner, "@usergroup", "group:handle", e-mail address
	Workers   Format = "workers"   // the same, or a "#channel"
	Buttons   Format = "buttons"   // see ReadButtons
	Reader    Format = "reader"    // the type of a script that only reads
	Condition Format = "condition" // CEL over the variables and result, the output of a read
	Slug      Format = "slug"      // a provider's slug, written out
)

// Arg is an argument of a script type.
type Arg struct {
	connectors.Field

	Format Format
}

// Type is one kind of script.
type Type struct {
	Name, Doc string
	Provider  string // slug of the provider at which it works; empty for Usher's own types
	Endpoint  string // name of that provider's endpoint or webhook
	Hook      bool   // it is a webhook
	Effect    connectors.Effect
	Undo      string // name of the script type that takes it back, or nothing
	Args      []Arg
	Outputs   []connectors.Field

	EndsSessions bool // it also ends what the person has open at the target
}

// Fields are the arguments without their formats.
func (t Type) Fields() []connectors.Field {
	fields := make([]connectors.Field, len(t.Args))
	for n, arg := range t.Args {
		fields[n] = arg.Field
	}
	return fields
}

// Arg finds an argument by its name.
func (t Type) Arg(name string) (Arg, bool) {
	n := slices.IndexFunc(t.Args, func(a Arg) bool { return a.Name == name })
	if n < 0 {
		return Arg{}, false
	}
	return t.Args[n], true
}

// Output is what later scripts may know of a script of this type. An endpoint that does not say what it answers may
// answer anything.
func (t Type) Output(script string) rules.Output {
	if t.Provider != "" && len(t.Outputs) == 0 {
		return rules.Output{Name: script}
	}
	known := map[string]string{}
	for _, field := range t.Outputs {
		known[field.Name] = field.Type
	}
	return rules.Output{Name: script, Fields: known}
}

// Provider is a provider as far as scripts know it. Info has the endpoints and webhooks that were declared for it too.
type Provider struct {
	Slug, Name, Connector string
	Info                  connectors.Info
}

// Catalogue is all script types that can be written now.
type Catalogue struct {
	providers []Provider
	types     []Type
}

// NewCatalogue collects Usher's own types and those of the providers.
func NewCatalogue(providers ...Provider) *Catalogue {
	c := &Catalogue{providers: providers, types: own()}
	for _, provider := range providers {
		for _, endpoint := range provider.Info.Endpoints {
			c.types = append(c.types, endpointType(provider, endpoint))
		}
		for _, hook := range provider.Info.Hooks {
			c.types = append(c.types, hookType(provider, hook))
		}
	}
	return c
}

func endpointType(provider Provider, e connectors.Endpoint) Type {
	t := Type{
		Name: connectors.ScriptType(provider.Slug, e.Name), Doc: e.Doc, Provider: provider.Slug, Endpoint: e.Name,
		Effect: e.Effect, Args: plain(e.Args), Outputs: e.Outputs, EndsSessions: e.EndsSessions,
	}
	if e.Undo != "" {
		t.Undo = connectors.ScriptType(provider.Slug, e.Undo)
	}
	return t
}

func hookType(provider Provider, h connectors.Hook) Type {
	return Type{
		Name: connectors.HookType(provider.Slug, h.Name), Doc: h.Doc, Provider: provider.Slug, Endpoint: h.Name, Hook: true,
		Args: plain(h.Args), Outputs: h.Outputs,
	}
}

func plain(fields []connectors.Field) []Arg {
	args := make([]Arg, len(fields))
	for n, field := range fields {
		args[n] = Arg{Field: field}
	}
	return args
}

// Providers lists the providers in the order in which they were given.
func (c *Catalogue) Providers() []Provider { return c.providers }

// Types lists all types: Usher's own first, then those of the providers. The issue types of GitLab are among them when
// there is a provider for them.
func (c *Catalogue) Types() []Type {
	all := slices.Clone(c.types)
	for _, name := range IssueTypes() {
		if t, err := c.Type(name, nil); err == nil {
			all = append(all, t)
		}
	}
	return all
}

// Type finds a type by its name. The script's arguments matter only for GitLab's issue types, which may name their
// provider. The error says what there is.
func (c *Catalogue) Type(name string, args map[string]any) (Type, error) {
	if n := slices.IndexFunc(c.types, func(t Type) bool { return t.Name == name }); n >= 0 {
		return c.types[n], nil
	}
	if slices.Contains(IssueTypes(), name) {
		return c.issueType(name, args)
	}
	for _, separator := range []string{separatorAPI, separatorWebhook} {
		if slug, endpoint, is := strings.Cut(name, separator); is {
			return Type{}, c.noEndpoint(name, slug, endpoint, separator)
		}
	}
	return Type{}, fmt.Errorf("there is no script type %q; supported are %s%s", name, Supported(), rules.DidYouMean(name, c.names()))
}

// errNoConnector says that a provider's connector does not exist, so that nobody knows its endpoints. That is said at
// the provider.
var errNoConnector = errors.New("the provider's connector does not exist")

// What stands between a provider's slug and an endpoint's name in a script type.
const (
	separatorAPI     = "_api_"
	separatorWebhook = "_webhook_"
)

// Separators lists what a provider's slug must not hold, since it would make script types ambiguous.
func Separators() []string { return []string{separatorAPI, separatorWebhook} }

func (c *Catalogue) noEndpoint(name, slug, endpoint, separator string) error {
	n := slices.IndexFunc(c.providers, func(p Provider) bool { return p.Slug == slug })
	if n < 0 {
		return fmt.Errorf("script type %q names the provider %q, which is not in providers%s", name, slug, rules.DidYouMean(name, c.names()))
	}
	what, info := "endpoint", c.providers[n].Info
	if info.Name == "" {
		return errNoConnector
	}
	var names []string
	for _, e := range info.Endpoints {
		names = append(names, e.Name)
	}
	if separator == separatorWebhook {
		what, names = "webhook", nil
		for _, h := range info.Hooks {
			names = append(names, h.Name)
		}
	}
	return fmt.Errorf("provider %q (connector %s) has no %s %q; known are %s%s", slug, c.providers[n].Connector, what, endpoint,
		orNone(names), rules.DidYouMean(endpoint, names))
}

func (c *Catalogue) names() []string {
	names := IssueTypes()
	for _, t := range c.types {
		names = append(names, t.Name)
	}
	return names
}

// Supported says what may be written as a script's type.
func Supported() string {
	var names []string
	for _, t := range own() {
		names = append(names, t.Name)
	}
	return strings.Join(append(names, IssueTypes()...), ", ") + ", {provider}_api_{endpoint} and {provider}_webhook_{webhook}"
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

package config

import (
	"regexp"
	"slices"
	"strings"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/flows/rules"
	"github.com/usherhq/usher/flows/scripts"
)

// The bounds and the default of a provider's pool.
const (
	defaultWorkers = 4
	maxWorkers     = 100
)

func (p *parser) provider(n node) {
	o := p.object(n, "provider", "slug", "name", "connector", "owner", "workers", "rate", "settings", "endpoints")
	slug, ok := o.slug(p.providerAt)
	if ok {
		p.separable(o, slug)
	}
	provider := Provider{
		Slug: slug, Name: o.text("name"), Owner: o.email("owner"), Workers: o.number("workers", defaultWorkers, maxWorkers),
		Rate: o.rate(), Settings: map[string]any{},
	}
	if provider.Name == "" {
		provider.Name = slug
	}
	settings, given := o.get("settings", mapping)
	if given {
		provider.Settings, _ = settings.plain().(map[string]any)
	} else {
		settings = node{kind: mapping, line: o.line, column: o.column}
	}
	var at node
	provider.Connector, at = o.must("connector", "known are "+orNone(p.connectors.Names()))
	if provider.Connector != "" {
		p.checkConnector(o, at, provider.Connector, settings)
		provider.Endpoints = p.endpoints(o, provider)
	}
	p.out.Providers = append(p.out.Providers, provider)
}

// separable refuses slugs that would make script types ambiguous.
func (p *parser) separable(o object, slug string) {
	for _, part := range scripts.Separators() {
		if strings.Contains(slug, part) {
			o.wrong(p.providerAt[slug], "a provider's slug must not hold %q: it separates the slug from the endpoint in script types", part)
		}
	}
}

func (p *parser) checkConnector(o object, at node, name string, settings node) {
	info, known := p.connectors.Info(name)
	if !known {
		p.wrong(at, "there is no connector %q; known are %s%s", name, orNone(p.connectors.Names()), rules.DidYouMean(name, p.connectors.Names()))
		return
	}
	var names []string
	for _, field := range info.Settings {
		names = append(names, field.Name)
	}
	p.checkSettings("settings of "+o.what, info.Settings, settings)
	for _, e := range settings.entries {
		if !slices.Contains(names, e.key) {
			p.wrongAt(e.line, e.column, "settings of %s: connector %s has no setting %q; known are %s%s",
				o.what, name, e.key, orNone(names), rules.DidYouMean(e.key, names))
		}
	}
}

// checkSettings checks each of some settings at its place.
func (p *parser) checkSettings(what string, known []connectors.Field, settings node) {
	for _, field := range known {
		value, given := settings.find(field.Name)
		if !given {
			value = node{line: settings.line, column: settings.column}
		}
		values := map[string]any{}
		if given {
			values[field.Name] = value.plain()
		}
		if err := connectors.CheckSettings([]connectors.Field{field}, values); err != nil {
			p.wrong(value, "%s: %s", what, err)
		}
	}
}

var rateForm = regexp.MustCompile(`^([1-9][0-9]{0,5})/(s|m|h)$`)

// rate reads an optional rate.
func (o object) rate() string {
	n, ok := o.get("rate", text)
	if !ok || n.string() == "" {
		return ""
	}
	value := strings.ReplaceAll(n.string(), " ", "")
	if !rateForm.MatchString(value) {
		o.wrong(n, "rate of %s: %q is not a rate: write calls per second, minute or hour, for example 10/s, 100/m or 1000/h", o.what, n.string())
		return ""
	}
	return value
}

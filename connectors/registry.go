package connectors

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Deps is what a connector gets from outside.
type Deps struct {
	// HTTP answers a client, perhaps one that providers share. See [NewHTTPClient].
	HTTP func() *http.Client
	// Secret looks up a secret by its reference. See [ResolveSecret].
	Secret func(ref string) (string, error)
}

// Registry holds the connectors that this program knows.
type Registry struct {
	byName map[string]Connector
	deps   Deps
}

// NewRegistry collects connectors. Two of one name, or two endpoints of one name within one connector, are a mistake
// in wiring: it panics.
func NewRegistry(connectors ...Connector) *Registry {
	shared := NewHTTPClient()
	deps := Deps{HTTP: func() *http.Client { return shared }, Secret: ResolveSecret}
	r := &Registry{byName: map[string]Connector{}, deps: deps}
	for _, c := range connectors {
		info := c.Info()
		if _, taken := r.byName[info.Name]; taken {
			panic("connectors: two connectors are called " + info.Name)
		}
		if name := duplicate(info.Endpoints); name != "" {
			panic("connectors: " + info.Name + " has two endpoints called " + name)
		}
		r.byName[info.Name] = c
	}
	return r
}

// WithDeps is the same registry with other dependencies.
func (r *Registry) WithDeps(deps Deps) *Registry { return &Registry{byName: r.byName, deps: deps} }

// Names lists the connectors in alphabetical order.
func (r *Registry) Names() []string {
	names := make([]string, 0, len(r.byName))
	for name := range r.byName {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Info describes a connector without opening anything.
func (r *Registry) Info(name string) (Info, bool) {
	c, ok := r.byName[name]
	if !ok {
		return Info{}, false
	}
	return c.Info(), true
}

// Check says what is wrong with a provider's settings, without opening it or looking up any secret.
func (r *Registry) Check(slug, connector string, settings map[string]any) error {
	c, err := r.find(slug, connector)
	if err != nil {
		return err
	}
	if err := CheckSettings(c.Info().Settings, settings); err != nil {
		return fmt.Errorf("provider %s: %w", slug, err)
	}
	return nil
}

// Open makes the provider called slug. Errors name the provider and the setting, never a secret.
func (r *Registry) Open(slug, connector string, settings map[string]any) (Provider, error) {
	if err := r.Check(slug, connector, settings); err != nil {
		return nil, err
	}
	provider, err := r.byName[connector].Open(settings, r.deps)
	if err != nil {
		return nil, fmt.Errorf("provider %s: %w", slug, err)
	}
	if name := duplicate(provider.Endpoints()); name != "" {
		return nil, fmt.Errorf("provider %s has two endpoints called %s", slug, name)
	}
	return provider, nil
}

func (r *Registry) find(slug, connector string) (Connector, error) {
	c, ok := r.byName[connector]
	if !ok {
		return nil, fmt.Errorf("provider %s: unknown connector %q: known are %s", slug, connector, strings.Join(r.Names(), ", "))
	}
	return c, nil
}

// ScriptType is the name of a provider's endpoint in action chains.
func ScriptType(slug, endpoint string) string { return slug + "_api_" + endpoint }

// duplicate answers the first endpoint name that occurs twice, or "".
func duplicate(endpoints []Endpoint) string {
	seen := map[string]bool{}
	for _, e := range endpoints {
		if seen[e.Name] {
			return e.Name
		}
		seen[e.Name] = true
	}
	return ""
}

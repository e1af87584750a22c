package connectors

import (
	"fmt"
	"slices"
	"strings"
)

// Registry holds the connectors that this program knows.
type Registry struct {
	byName map[string]Connector
	deps   Deps
}

// NewRegistry collects connectors. Two of one name, or two endpoints of one name within one connector, are a mistake
// in wiring: it panics.
func NewRegistry(connectors ...Connector) *Registry {
	r := &Registry{byName: map[string]Connector{}, deps: Deps{}.complete()}
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

// WithDeps is the same registry with other dependencies. What is nil of HTTP, Outside and Secret stays as it was at
// first.
func (r *Registry) WithDeps(deps Deps) *Registry {
	return &Registry{byName: r.byName, deps: deps.complete()}
}

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

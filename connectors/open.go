package connectors

import (
	"fmt"
	"slices"
)

// Describe is a connector's Info with the endpoints and webhooks that a provider declares, without opening anything:
// no secret is looked up and nothing is called. What is wrong with a declaration is a [DeclarationError]; several are
// joined, and errors.As finds the first. Settings are checked by Check; no connector's endpoints depend on them.
func (r *Registry) Describe(slug, connector string, _ map[string]any, endpoints []any) (Info, error) {
	c, err := r.find(slug, connector)
	if err != nil {
		return Info{}, err
	}
	all, err := declarations(c.Info(), r.deps, endpoints)
	if err != nil {
		return Info{}, err
	}
	return all.added(c.Info()), nil
}

// Open makes the provider called slug, with the endpoints that the configuration declares for it. Errors name the
// provider and the setting or declaration, never a secret. The provider is [Hooked]; [As] finds what else the
// connector's own provider is.
func (r *Registry) Open(slug, connector string, settings map[string]any, endpoints []any) (Provider, error) {
	if err := r.Check(slug, connector, settings); err != nil {
		return nil, err
	}
	c := r.byName[connector]
	all, err := declarations(c.Info(), r.deps, endpoints)
	if err != nil {
		return nil, fmt.Errorf("provider %s: %w", slug, err)
	}
	provider, err := c.Open(settings, r.deps)
	if err != nil {
		return nil, fmt.Errorf("provider %s: %w", slug, err)
	}
	opened, err := all.open(provider, r.deps)
	if err != nil {
		return nil, fmt.Errorf("provider %s: %w", slug, err)
	}
	if name := duplicate(opened.Endpoints()); name != "" {
		return nil, fmt.Errorf("provider %s has two endpoints called %s", slug, name)
	}
	return opened, nil
}

// extended is a provider with what the configuration declares.
type extended struct {
	Provider
	endpoints []Endpoint
	hooks     []Hook
}

// Endpoints are the connector's own and the declared ones.
func (e *extended) Endpoints() []Endpoint {
	return append(slices.Clone(e.Provider.Endpoints()), e.endpoints...)
}

// Hooks are the declared webhooks.
func (e *extended) Hooks() []Hook { return slices.Clone(e.hooks) }

// As finds an optional interface of a provider, whether it came from the registry or from its connector.
func As[T any](provider Provider) (T, bool) {
	if found, ok := provider.(T); ok {
		return found, true
	}
	if e, ok := provider.(*extended); ok {
		return As[T](e.Provider)
	}
	var none T
	return none, false
}

// open binds what is declared to its client and its secrets.
func (d declared) open(provider Provider, deps Deps) (*extended, error) {
	e := &extended{Provider: provider}
	for _, call := range d.calls {
		endpoint, err := call.bind(provider, deps)
		if err != nil {
			return nil, err
		}
		e.endpoints = append(e.endpoints, endpoint)
	}
	for _, hook := range d.hooks {
		bound, err := hook.bind(deps)
		if err != nil {
			return nil, err
		}
		e.hooks = append(e.hooks, bound)
	}
	return e, nil
}

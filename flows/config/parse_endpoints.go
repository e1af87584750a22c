package config

import (
	"errors"

	"github.com/usherhq/usher/connectors"
)

// endpoints reads the calls and webhooks that are declared for a provider. The connector package reads them; what is
// wrong is reported at its place in the file.
func (p *parser) endpoints(o object, provider Provider) []any {
	items, _ := o.list("endpoints")
	if _, known := p.connectors.Info(provider.Connector); !known || len(items) == 0 {
		return nil
	}
	all := make([]any, len(items))
	for n, item := range items {
		all[n] = item.plain()
	}
	_, err := p.connectors.Describe(provider.Slug, provider.Connector, provider.Settings, all)
	for _, mistake := range mistakes(err) {
		p.badEndpoint(o, items, mistake)
	}
	return all
}

// mistakes are all mistakes of declarations within an error.
func mistakes(err error) []*connectors.DeclarationError {
	if joined, several := err.(interface{ Unwrap() []error }); several {
		var all []*connectors.DeclarationError
		for _, one := range joined.Unwrap() {
			all = append(all, mistakes(one)...)
		}
		return all
	}
	var mistake *connectors.DeclarationError
	if errors.As(err, &mistake) {
		return []*connectors.DeclarationError{mistake}
	}
	return nil
}

func (p *parser) badEndpoint(o object, items []node, mistake *connectors.DeclarationError) {
	if mistake.Index < 0 || mistake.Index >= len(items) {
		o.wrong(o.node, "endpoints of %s: %s", o.what, mistake.Reason)
		return
	}
	at := items[mistake.Index]
	where := ""
	for _, key := range mistake.Path {
		where += key + ": "
		if e, found := at.step(key); found {
			at = e.value
		}
	}
	o.wrong(at, "endpoints of %s: %s%s", o.what, where, mistake.Reason)
}

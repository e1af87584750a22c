package main

import (
	"net/http"
	"net/netip"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/gitlab"
	connectorhttp "github.com/usherhq/usher/connectors/http"
	"github.com/usherhq/usher/connectors/ldap"
	"github.com/usherhq/usher/connectors/postgres"
	"github.com/usherhq/usher/connectors/scim"
	"github.com/usherhq/usher/connectors/slack"
	"github.com/usherhq/usher/flows/rules"
)

// registry is the list of connectors. Of the internal networks, addresses that others can influence may lead to the
// allowed ones only.
func registry(allowed ...netip.Prefix) *connectors.Registry {
	outside := connectors.NewOutsideClient(allowed)
	all := connectors.NewRegistry(
		gitlab.Connector{}, connectorhttp.Connector{}, ldap.Connector{}, postgres.Connector{}, scim.Connector{}, slack.Connector{},
	)
	return all.WithDeps(connectors.Deps{
		Outside: func() *http.Client { return outside },
		Expand:  func(value any, scope map[string]any) (any, error) { return rules.Expand(value, scope) },
		Holds:   func(expr string, scope map[string]any) (bool, error) { return rules.Holds(expr, scope) },
		CheckTemplate: func(value any, names ...string) error {
			return rules.CheckTemplateOver(declaring, value, rules.Outputs(names...)...)
		},
		CheckCondition: func(expr string, names ...string) error {
			return rules.CheckConditionOver(declaring, expr, rules.Outputs(names...)...)
		},
	})
}

// declaring are the variables that declared endpoints may use.
var declaring = []string{"subject"}

package workflow_test

import (
	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/gitlab"
	"github.com/usherhq/usher/connectors/ldap"
	"github.com/usherhq/usher/connectors/postgres"
	"github.com/usherhq/usher/connectors/scim"
	"github.com/usherhq/usher/connectors/slack"
	"github.com/usherhq/usher/flows/scripts"
	"github.com/usherhq/usher/flows/workflow"
)

// knownReal is a catalogue of the connectors as they are, for the entitlement with this slug, or none.
func knownReal(slug string) workflow.Known {
	k := workflow.Known{Scripts: scripts.NewCatalogue(
		shipped("slack", "Slack", slack.Connector{}.Info()),
		shipped("drive", "Acme Drive", scim.Connector{}.Info()),
		shipped("gitlab", "GitLab", gitlab.Connector{}.Info()),
		shipped("warehouse", "Warehouse", postgres.Connector{}.Info()),
		shipped("directory", "Directory", ldap.Connector{}.Info()),
	), Entitlements: []workflow.Entitlement{
		{Slug: "slack-admin", Name: "Slack admin", Provider: "slack", Kind: "role", Target: "admin"},
		{Slug: "drive-editors", Name: "Drive editors", Provider: "drive", Kind: "group", Target: "Editors"},
		{Slug: "drive-viewers", Name: "Drive viewers", Provider: "drive", Kind: "group", Target: "Viewers"},
		{Slug: "drive-seat", Name: "Drive seat", Provider: "drive", Kind: "license", Target: "SEAT-1"},
		{Slug: "gitlab-platform", Name: "Platform team", Provider: "gitlab", Kind: "group", Target: "acme/platform"},
		{Slug: "warehouse-readers", Name: "Warehouse readers", Provider: "warehouse", Kind: "role", Target: "reporting_read"},
		{Slug: "vpn", Name: "VPN", Provider: "directory", Kind: "group", Target: "vpn-users"},
	}}
	for _, e := range k.Entitlements {
		if e.Slug == slug {
			k.For = e
		}
	}
	return k
}

func shipped(slug, name string, info connectors.Info) scripts.Provider {
	return scripts.Provider{Slug: slug, Name: name, Connector: info.Name, Info: info}
}

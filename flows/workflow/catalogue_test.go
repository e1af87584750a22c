package workflow_test

import (
	"slices"
	"strings"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/flows/scripts"
	"github.com/usherhq/usher/flows/workflow"
)

func field(name, kind string) connectors.Field {
	return connectors.Field{Name: name, Type: kind, Doc: name}
}

var userArg = field("user", connectors.TypeString)

func outputs(more ...string) []connectors.Field {
	fields := []connectors.Field{field("exists", connectors.TypeBool), field("id", connectors.TypeString)}
	for _, name := range more {
		fields = append(fields, field(name, connectors.TypeBool))
	}
	return fields
}

// accounts are the endpoints about accounts that most connectors have.
func accounts(deletes bool) []connectors.Endpoint {
	args, out := []connectors.Field{userArg}, outputs("active")
	all := []connectors.Endpoint{
		{Name: "get_user", Effect: connectors.Reads, Args: args, Outputs: out},
		{Name: "create_user", Effect: connectors.Grants, Undo: "disable_user", Outputs: out, Args: []connectors.Field{userArg, field("attributes", connectors.TypeMap)}},
		{Name: "disable_user", Effect: connectors.Revokes, Undo: "create_user", Args: args, Outputs: out},
	}
	if deletes {
		all = append(all, connectors.Endpoint{Name: "delete_user", Effect: connectors.Revokes, Undo: "create_user", Args: args, Outputs: out})
	}
	return all
}

// members are the endpoints about being in something of a kind.
func members(kind string, more ...connectors.Field) []connectors.Endpoint {
	args, out := []connectors.Field{userArg, field(kind, connectors.TypeString)}, outputs("member")
	return []connectors.Endpoint{
		{Name: "add_user_to_" + kind, Effect: connectors.Grants, Undo: "remove_user_from_" + kind, Args: append(slices.Clone(args), more...), Outputs: out},
		{Name: "remove_user_from_" + kind, Effect: connectors.Revokes, Undo: "add_user_to_" + kind, Args: args, Outputs: out},
	}
}

// things are the endpoints that make and delete things of a kind.
func things(kind string) []connectors.Endpoint {
	args := []connectors.Field{field(kind, connectors.TypeString)}
	return []connectors.Endpoint{
		{Name: "create_" + kind, Effect: connectors.Grants, Undo: "delete_" + kind, Args: args, Outputs: outputs()},
		{Name: "delete_" + kind, Effect: connectors.Revokes, Undo: "create_" + kind, Args: args, Outputs: outputs()},
	}
}

func endSessions() connectors.Endpoint {
	return connectors.Endpoint{Name: "end_sessions", Effect: connectors.Revokes, EndsSessions: true, Args: []connectors.Field{userArg}, Outputs: outputs()}
}

func reads(name, kind, output string) connectors.Endpoint {
	return connectors.Endpoint{Name: name, Effect: connectors.Reads, Args: []connectors.Field{userArg, field(kind, connectors.TypeString)}, Outputs: outputs(output)}
}

func issues() []connectors.Endpoint {
	project := field("project", connectors.TypeString)
	issue := connectors.Field{Name: "issue", Type: connectors.TypeInt, Required: true, Doc: "number of the issue"}
	out := append(outputs(), field("iid", connectors.TypeInt), field("state", connectors.TypeString))
	text := func(name string) connectors.Field {
		return connectors.Field{Name: name, Type: connectors.TypeString, Required: true, Doc: name}
	}
	return []connectors.Endpoint{
		{
			Name: "issue_create", Effect: connectors.Grants, Undo: "issue_close", Outputs: out,
			Args: []connectors.Field{
				project, text("title"), field("description", connectors.TypeString), field("template", connectors.TypeString),
				field("variables", connectors.TypeMap), field("labels", connectors.TypeAny), field("assignee", connectors.TypeString),
			},
		},
		{Name: "issue_add_comment", Effect: connectors.Grants, Args: []connectors.Field{project, issue, text("text")}, Outputs: out},
		{Name: "issue_add_label", Effect: connectors.Grants, Undo: "issue_remove_label", Args: []connectors.Field{project, issue, text("label")}, Outputs: out},
		{Name: "issue_remove_label", Effect: connectors.Revokes, Undo: "issue_add_label", Args: []connectors.Field{project, issue, text("label")}, Outputs: out},
		{Name: "issue_close", Effect: connectors.Revokes, Args: []connectors.Field{project, issue}, Outputs: out},
		{Name: "issue_assign_user", Effect: connectors.Grants, Undo: "issue_unassign_user", Args: []connectors.Field{project, issue, userArg}, Outputs: out},
		{Name: "issue_unassign_user", Effect: connectors.Revokes, Undo: "issue_assign_user", Args: []connectors.Field{project, issue, userArg}, Outputs: out},
	}
}

func provider(slug, name, connector string, endpoints ...[]connectors.Endpoint) scripts.Provider {
	return scripts.Provider{Slug: slug, Name: name, Connector: connector, Info: connectors.Info{Name: connector, Endpoints: slices.Concat(endpoints...)}}
}

// slackProvider is Slack with accounts and roles.
func slackProvider() scripts.Provider {
	return provider("slack", "Slack", "slack", accounts(false), members("role"))
}

// company is the catalogue of the tests: Slack, a file store by SCIM, GitLab, PostgreSQL, a directory, and a system
// with declared endpoints and a webhook.
func company() []scripts.Provider {
	level := connectors.Field{Name: "level", Type: connectors.TypeString, Doc: "guest, reporter, developer (if absent), maintainer or owner"}
	schemaLevel := connectors.Field{Name: "level", Type: connectors.TypeString, Doc: "read (default) or write"}
	required := func(name string) connectors.Field {
		return connectors.Field{Name: name, Type: connectors.TypeString, Required: true, Doc: name}
	}
	desk := provider("desk", "Helpdesk", "http", []connectors.Endpoint{
		{Name: "order_badge", Effect: connectors.Grants, Undo: "return_badge", Args: []connectors.Field{required("site"), field("colour", connectors.TypeString)}, Outputs: outputs()},
		{Name: "return_badge", Effect: connectors.Revokes, Undo: "order_badge", Outputs: outputs()},
		{Name: "get_seat", Effect: connectors.Reads, Args: []connectors.Field{userArg, field("license", connectors.TypeString)}, Outputs: outputs("held")},
		{Name: "allocate_license", Effect: connectors.Grants, Undo: "release_license", Args: []connectors.Field{userArg, field("license", connectors.TypeString)}, Outputs: outputs("held")},
		{Name: "release_license", Effect: connectors.Revokes, Undo: "allocate_license", Args: []connectors.Field{userArg, field("license", connectors.TypeString)}, Outputs: outputs("held")},
	})
	desk.Info.Hooks = []connectors.Hook{{Name: "access_changed", Args: []connectors.Field{field("grade", connectors.TypeInt)}}}
	return []scripts.Provider{
		slackProvider(),
		provider("drive", "Acme Drive", "scim", accounts(true), members("group"), things("group"), members("role")),
		provider("gitlab", "GitLab", "gitlab", accounts(true), members("group", level), members("entity", level), things("group"), issues()),
		provider("warehouse", "PostgreSQL", "postgres", accounts(true), members("role"), things("role"), members("entity", schemaLevel), things("entity"), []connectors.Endpoint{endSessions()}),
		desk,
		provider("directory", "LDAP", "ldap", accounts(true), members("group"), []connectors.Endpoint{reads("get_membership", "group", "member")}),
	}
}

func entitlements() []workflow.Entitlement {
	return []workflow.Entitlement{
		{Slug: "slack-user", Name: "Slack user", Provider: "slack", Kind: "user"},
		{Slug: "slack-admin", Name: "Slack administrator", Provider: "slack", Kind: "role", Target: "admin"},
		{Slug: "drive-editors", Name: "Drive editors", Provider: "drive", Kind: "group", Target: "Editors"},
		{Slug: "drive-viewers", Name: "Drive viewers", Provider: "drive", Kind: "group", Target: "Viewers"},
		{Slug: "gitlab-platform", Name: "GitLab platform team", Provider: "gitlab", Kind: "group", Target: "acme/platform"},
		{Slug: "warehouse-readers", Name: "Warehouse readers", Provider: "warehouse", Kind: "role", Target: "reporting_read"},
		{Slug: "warehouse-sales", Name: "Sales data", Provider: "warehouse", Kind: "entity", Target: "sales"},
		{Slug: "desk-agent", Name: "Helpdesk agent seat", Provider: "desk", Kind: "license", Target: "AGENT-1"},
		{Slug: "vpn", Name: "VPN", Provider: "directory", Kind: "group", Target: "vpn-users"},
		{Slug: "research", Name: "Research and development", Provider: "directory", Kind: "group", Target: "rnd"},
	}
}

// known is the company's catalogue, for the entitlement with this slug, or none.
func known(slug string) workflow.Known {
	k := workflow.Known{Scripts: scripts.NewCatalogue(company()...), Entitlements: entitlements()}
	for _, e := range k.Entitlements {
		if e.Slug == slug {
			k.For = e
		}
	}
	return k
}

// text is a workflow with these steps, each on a line.
func text(kind string, steps ...string) string {
	return workflow.Line(kind) + "\n" + strings.Join(steps, "\n")
}

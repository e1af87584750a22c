package scripts_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

// text is a field of text.
func text(name string) connectors.Field {
	return connectors.Field{Name: name, Type: connectors.TypeString, Doc: "the " + name}
}

// catalogue has a drive, two GitLabs and a desk with a webhook.
func catalogue() *scripts.Catalogue {
	exists := []connectors.Field{{Name: "exists", Type: connectors.TypeBool}, text("id")}
	drive := connectors.Info{Name: "scim", Endpoints: []connectors.Endpoint{
		{Name: "get_user", Effect: connectors.Reads, Args: []connectors.Field{text("user")}, Outputs: exists},
		{Name: "create_user", Effect: connectors.Grants, Undo: "disable_user", Args: []connectors.Field{text("user")}, Outputs: exists},
		{Name: "disable_user", Effect: connectors.Revokes, Undo: "create_user", Args: []connectors.Field{text("user")}, Outputs: exists, EndsSessions: true},
	}}
	lab := connectors.Info{Name: "gitlab", Endpoints: []connectors.Endpoint{
		{Name: "issue_create", Effect: connectors.Grants, Undo: "issue_close", Args: []connectors.Field{{Name: "title", Type: connectors.TypeString, Required: true, Doc: "the title"}}, Outputs: []connectors.Field{text("iid")}},
		{Name: "issue_close", Effect: connectors.Revokes, Args: []connectors.Field{text("issue")}},
	}}
	desk := connectors.Info{Name: "http", Hooks: []connectors.Hook{{Name: "badge", Doc: "Asks for a badge", Args: []connectors.Field{text("room")}, Outputs: []connectors.Field{{Name: "response", Type: connectors.TypeAny}}}}}
	return scripts.NewCatalogue(
		scripts.Provider{Slug: "drive", Name: "Acme Drive", Connector: "scim", Info: drive},
		scripts.Provider{Slug: "gitlab", Name: "GitLab", Connector: "gitlab", Info: lab},
		scripts.Provider{Slug: "lab", Name: "Lab", Connector: "gitlab", Info: lab},
		scripts.Provider{Slug: "desk", Name: "Desk", Connector: "http", Info: desk},
	)
}

// What can be written as a script is more than what one type takes: each mistake names script, argument and reason.
func TestCheck(t *testing.T) {
	t.Parallel()
	find := db.Script{Name: "find", Type: "drive_api_get_user"}
	for name, one := range map[string]struct {
		chain []db.Script
		want  []string
	}{
		"a chain that is right": {[]db.Script{
			find,
			{Name: "account", Type: "drive_api_create_user", When: "!find.exists", Args: map[string]any{"user": "{{ subject.email }}"}},
			{Name: "badge", Type: "desk_webhook_badge", Args: map[string]any{"room": "12"}},
			{Name: "tell", Type: "slack_notification", Args: map[string]any{"to": "#access", "text": "{{ badge.response.room }} {{ find.id }}"}},
		}, nil},
		"an unknown argument": {[]db.Script{{Name: "a", Type: "sleep", Args: map[string]any{"for": "5m", "how": "deep"}}}, []string{`script a, argument "how": `, "has no argument"}},
		"a missing argument":  {[]db.Script{{Name: "a", Type: "sleep"}}, []string{`script a, argument "for": `, "is missing"}},
		"an output that is not there yet": {
			[]db.Script{{Name: "a", Type: "none", When: "find.exists"}, find},
			[]string{`script a, when: `, `nothing here is called "find"`},
		},
		"an output's field that does not exist": {[]db.Script{find, {Name: "a", Type: "none", When: "find.exits"}}, []string{`did you mean "exists"?`}},
		"a type error":                          {[]db.Script{find, {Name: "a", Type: "none", When: "find.exists == 1"}}, []string{"no matching overload"}},
		"a placeholder that can't resolve": {
			[]db.Script{{Name: "a", Type: "email_notification", Args: map[string]any{"to": "{{ subject.mail }}", "subject": "s", "text": "t"}}},
			[]string{`script a, argument "to": `, `there is no field "mail" (did you mean "email"?)`},
		},
		"an endpoint that the provider lacks": {
			[]db.Script{{Name: "a", Type: "drive_api_add_user_to_role"}},
			[]string{"script a, type: ", `has no endpoint "add_user_to_role"; known are get_user, create_user, disable_user`},
		},
		"a webhook that is not declared": {[]db.Script{{Name: "a", Type: "desk_webhook_bagde"}}, []string{`has no webhook "bagde"; known are badge (did you mean "badge"?)`}},
		"a name twice":                   {[]db.Script{find, find}, []string{`two scripts of the chain are called "find"`}},
		"no name":                        {[]db.Script{{Type: "none"}}, []string{"script 1, name: ", "has no name"}},
		"a read that changes something": {
			[]db.Script{{Name: "a", Type: "wait_until", Args: map[string]any{"read": "drive_api_create_user", "until": "true"}}},
			[]string{"must only read", "what only reads is drive_api_get_user"},
		},
		"a condition on a read": {
			[]db.Script{{Name: "a", Type: "wait_until", Args: map[string]any{"read": "drive_api_get_user", "until": "result.there"}}},
			[]string{`script a, argument "until": `, `there is no field "there"`},
		},
		"an issue without a title": {[]db.Script{{Name: "a", Type: "gitlab_issue_create", Args: map[string]any{"provider": "lab"}}}, []string{`argument "title"`}},
		"a GitLab that is not there": {
			[]db.Script{{Name: "a", Type: "gitlab_issue_create", Args: map[string]any{"provider": "hub", "title": "x"}}},
			[]string{`argument "provider": `, "gitlab or lab"},
		},
		"a question as work by hand": {
			[]db.Script{{Name: "a", Type: "slack_approval", OnFailure: "manual_task", Args: map[string]any{"to": "owner", "text": "t"}}},
			[]string{"script a, on_failure: ", "can't become work by hand"},
		},
		"buttons of one answer": {[]db.Script{{Name: "a", Type: "slack_approval", Args: map[string]any{
			"to": "owner", "text": "t",
			"buttons": []any{map[string]any{"text": "Yes"}, map[string]any{"text": "yes"}},
		}}}, []string{`answers "yes", as another one does`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			problems := catalogue().Check("action chain x", one.chain)
			if one.want == nil {
				require.Empty(t, problems)
				return
			}
			require.Len(t, problems, 1)
			for _, want := range one.want {
				require.Contains(t, problems[0].String(), want)
			}
		})
	}
}

func TestWhichProviderAScriptWorksAt(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		script db.Script
		want   string
	}{
		{db.Script{Type: "drive_api_create_user"}, "drive"},
		{db.Script{Type: "desk_webhook_badge"}, "desk"},
		{db.Script{Type: "wait_until", Args: map[string]any{"read": "drive_api_get_user"}}, "drive"},
		{db.Script{Type: "gitlab_issue_create"}, "gitlab"},
		{db.Script{Type: "gitlab_issue_create", Args: map[string]any{"provider": "lab"}}, "lab"},
		{db.Script{Type: "sleep"}, ""},
	} {
		require.Equal(t, one.want, catalogue().Provider(one.script))
	}
	only := scripts.NewCatalogue(scripts.Provider{Slug: "lab", Connector: "gitlab", Info: connectors.Info{Name: "gitlab", Endpoints: []connectors.Endpoint{{Name: "issue_create"}}}})
	require.Equal(t, "lab", only.Provider(db.Script{Type: "gitlab_issue_create"}), "the only one is meant")
	undo, err := catalogue().Type("gitlab_issue_create", nil)
	require.NoError(t, err)
	require.Equal(t, "gitlab_issue_close", undo.Undo)
}

// Every type of the domain model is there.
func TestEveryTypeIsThere(t *testing.T) {
	t.Parallel()
	var names []string
	for _, one := range catalogue().Types() {
		require.NotEmpty(t, one.Doc+one.Endpoint, one.Name)
		names = append(names, one.Name)
	}
	require.Subset(t, names, []string{
		"none", "sleep", "wait_until", "manual_task", "slack_notification", "slack_approval", "email_notification", "email_approval",
		"drive_api_create_user", "desk_webhook_badge", "gitlab_issue_create", "gitlab_issue_close",
	})
	require.Len(t, scripts.IssueTypes(), 7)
}

package gitlab

import (
	"context"
	"fmt"
	"strings"

	api "gitlab.com/gitlab-org/api/client-go/v2"

	"github.com/usherhq/usher/connectors"
)

// templateKind is what GitLab calls the templates in .gitlab/issue_templates
// (https://docs.gitlab.com/api/project_templates/).
const templateKind = "issues"

// description is the text of a new issue: the template with its variables, what was typed, and the hidden marker.
func (p *provider) description(ctx context.Context, project string, call connectors.Call) (string, error) {
	m := newMarkdown()
	if name := strings.TrimSuffix(call.Text("template", ""), ".md"); name != "" {
		template, err := p.template(ctx, project, name)
		if err != nil {
			return "", err
		}
		if missing := m.fill(template, variables(call)); len(missing) > 0 {
			return "", refuse(fmt.Sprintf(
				"the template %s wants %%{%s}, which has no value: add it to the argument variables, or take it out of the template",
				name, strings.Join(missing, "}, %{"),
			))
		}
	}
	if typed := call.Text("description", ""); typed != "" {
		m.paragraph()
		m.typed(typed)
	}
	return m.marked(call), nil
}

// template reads an issue template of the project. The library puts its name into the path as it is.
func (p *provider) template(ctx context.Context, project, name string) (string, error) {
	found, _, err := read(ctx, p.client, func(o api.RequestOptionFunc) (*api.ProjectTemplate, *api.Response, error) {
		return p.client.api.ProjectTemplates.GetProjectTemplate(project, templateKind, api.PathEscape(name), o)
	})
	if absent(err) {
		return "", p.noTemplate(ctx, project, name)
	}
	if err != nil {
		return "", fmt.Errorf("read issue template %s of project %s: %w", name, project, err)
	}
	return found.Content, nil
}

// noTemplate says which templates there are.
func (p *provider) noTemplate(ctx context.Context, project, name string) error {
	var names []string
	err := pages(ctx, p.client, func(options ...api.RequestOptionFunc) ([]*api.ProjectTemplate, *api.Response, error) {
		return p.client.api.ProjectTemplates.ListTemplates(project, templateKind, &api.ListProjectTemplatesOptions{
			ListOptions: api.ListOptions{PerPage: perPage},
		}, options...)
	}, func(t *api.ProjectTemplate) bool {
		names = append(names, t.Name)
		return false
	})
	if err != nil {
		return fmt.Errorf("list issue templates of project %s: %w", project, err)
	}
	if len(names) == 0 {
		names = []string{"none"}
	}
	return connectors.Refuse(fmt.Errorf(
		"project %s has no issue template %s in .gitlab/issue_templates of its default branch: known are %s", project, name, strings.Join(names, ", "),
	))
}

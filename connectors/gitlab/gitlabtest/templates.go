package gitlabtest

import "net/http"

// listTemplates lists the issue templates by key and name (project_templates).
func listTemplates(c *call) reply {
	p := c.visibleProject()
	if p == nil {
		return notFound("Project")
	}
	return paged(c, p.templates, func(t template) any { return map[string]any{"key": t.name, "name": t.name} })
}

func getTemplate(c *call) reply {
	p := c.visibleProject()
	if p == nil {
		return notFound("Project")
	}
	for _, t := range p.templates {
		if t.name == c.PathValue("name") {
			return reply{status: http.StatusOK, body: map[string]any{"name": t.name, "content": t.content}}
		}
	}
	return notFound("Template")
}

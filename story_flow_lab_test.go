package main

import (
	"net/http/httptest"

	"github.com/usherhq/usher/connectors/gitlab/gitlabtest"
)

// lab is a GitLab in which Usher owns the group acme with the project acme/access.
func lab() *gitlabtest.Server {
	server := gitlabtest.New()
	server.AddUser(gitlabtest.User{Username: "usher", Name: "Usher", Email: "usher@acme.example"})
	server.AddToken("glpat-usher", "usher", "api")
	server.AddGroup("acme", map[string]int{"usher": 50})
	server.AddProject("acme/access", nil)
	return server
}

// atLab serves a lab to the company, and returns it as the configuration names it.
func (c *company) atLab(lab *gitlabtest.Server) (provider string) {
	c.t.Helper()
	server := httptest.NewServer(lab)
	c.t.Cleanup(server.Close)
	return `  - slug: lab
    name: Acme GitLab
    connector: gitlab
    settings: {base_url: "` + server.URL + `", token: "` + c.secret("lab-token", "glpat-usher") + `", project: acme/access}
`
}

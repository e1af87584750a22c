package slack

// Link is another page of the trial, to which the workspace's page leads. Slack knows nothing of it.
type Link struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// Link lets the workspace's page lead to another page.
func (w *Workspace) Link(name, url string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.links = append(w.links, Link{Name: name, URL: url})
}

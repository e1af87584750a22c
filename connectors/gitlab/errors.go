package gitlab

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	api "gitlab.com/gitlab-org/api/client-go/v2"

	"github.com/usherhq/usher/connectors"
)

// hiddenOrAbsent is what a 404 means: GitLab answers so, too, where the token must not look
// (https://docs.gitlab.com/api/rest/troubleshooting/).
const hiddenOrAbsent = "it is not there, or the token may not see it: GitLab does not tell which"

// said finds GitLab's own words in an error of the library.
func said(err error, status int) string {
	var answer *api.ErrorResponse
	switch {
	case status == http.StatusNotFound:
		return hiddenOrAbsent
	case !errors.As(err, &answer):
		return err.Error()
	case answer.Response == nil || len(answer.Body) == 0:
		return ""
	}
	return words(answer.Body)
}

// words reads the shapes in which GitLab writes errors (https://docs.gitlab.com/api/rest/troubleshooting/):
// {"message": "404 Not found"}, {"message": {"title": ["is too long"]}}, {"error": "…", "error_description": "…"}.
// Anything else, such as a proxy's page, is not shown.
func words(body []byte) string {
	var fields map[string]any
	if json.Unmarshal(body, &fields) != nil {
		return ""
	}
	var all []string
	for _, name := range []string{"message", "error", "error_description"} {
		if value, ok := fields[name]; ok {
			all = append(all, sentence(value))
		}
	}
	return strings.TrimSpace(strings.Join(all, "; "))
}

// sentence writes a message map as "title is too long, label is invalid".
func sentence(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case []any:
		parts := make([]string, len(v))
		for i, element := range v {
			parts[i] = sentence(element)
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if name == "base" {
				parts = append(parts, sentence(v[name]))
				continue
			}
			parts = append(parts, name+" "+sentence(v[name]))
		}
		return strings.Join(parts, ", ")
	}
	return ""
}

// absent reports whether GitLab answered 404.
func absent(err error) bool { return connectors.StatusOf(err) == http.StatusNotFound }

// refuse is a final no of ours, without a cause below it.
func refuse(sentence string) error { return connectors.Refuse(errors.New(sentence)) }

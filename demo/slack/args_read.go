package slack

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strings"
)

// readArgs reads the arguments of a form, a multipart form or a JSON body. Methods that Slack does not let take
// JSON see none of a JSON body's arguments.
func readArgs(r *http.Request, takesJSON bool) (args, error) {
	a := args{}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "application/json" {
		return a, a.readJSON(r, takesJSON)
	}
	if kind == "multipart/form-data" {
		if err := r.ParseMultipartForm(maxBody); err != nil {
			return nil, refuse("invalid_form_data")
		}
	} else if err := r.ParseForm(); err != nil {
		return nil, refuse("invalid_form_data")
	}
	for key, values := range r.Form {
		if key == "token" && r.PostForm.Get("token") == "" {
			continue // a token in the query string is never read
		}
		a[key] = mustJSON(values[0])
	}
	return a, nil
}

func (a args) readJSON(r *http.Request, takesJSON bool) error {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return refuse("request_timeout")
	}
	for key, values := range r.URL.Query() {
		if key != "token" {
			a[key] = mustJSON(values[0])
		}
	}
	if len(strings.TrimSpace(string(body))) == 0 {
		return nil
	}
	fields := args{}
	if err := json.Unmarshal(body, &fields); err != nil {
		if json.Valid(body) {
			return refuse("json_not_object")
		}
		return refuse("invalid_json")
	}
	for key, value := range fields {
		if takesJSON || key == "token" {
			a[key] = value
		}
	}
	return nil
}

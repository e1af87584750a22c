package bot

import (
	"encoding/json"
	"net/http"
)

// captureJSON answers ok and passes on the JSON body of the call.
func captureJSON(into chan<- map[string]any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var body map[string]any
		_ = json.NewDecoder(r.Body).Decode(&body)
		reply200(w, `{"ok":true,"view":{"id":"V1","hash":"h2"}}`)
		into <- body
	}
}

package slack

import (
	"mime"
	"net/http"
)

// ownFile finds a file that still exists.
func (w *Workspace) ownFile(c *call) (*file, error) {
	if err := c.args.require([]string{"file"}); err != nil {
		return nil, err
	}
	f := w.files[c.args.text("file")]
	if f == nil || !f.complete {
		return nil, refuse("file_not_found")
	}
	if f.deleted {
		return nil, refuse("file_deleted")
	}
	return f, nil
}

func (w *Workspace) filesInfo(c *call) (answer, error) {
	f, err := w.ownFile(c)
	if err != nil {
		return nil, err
	}
	return answer{"file": w.filesJSON([]string{f.id})[0]}, nil
}

func (w *Workspace) filesDelete(c *call) (answer, error) {
	f, err := w.ownFile(c)
	if err != nil {
		return nil, err
	}
	if f.owner != c.app.BotUser {
		return nil, refuse("cant_delete_file")
	}
	f.deleted = true
	return answer{}, nil
}

// serveFile hands a shared file to a person's browser.
func (w *Workspace) serveFile(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	f := w.files[r.PathValue("file")]
	known := f != nil && f.complete && !f.deleted
	var name string
	var content []byte
	if known {
		name, content = f.name, f.content
	}
	w.mu.Unlock()
	if !known {
		http.NotFound(rw, r)
		return
	}
	rw.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	rw.Header().Set("Content-Type", "application/octet-stream")
	_, _ = rw.Write(content) // the client may be gone, which is its own affair
}

// File returns the bytes of a shared file, for tests.
func (w *Workspace) File(id string) (name string, content []byte, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.files[id]
	if f == nil || !f.complete || f.deleted {
		return "", nil, false
	}
	return f.name, f.content, true
}

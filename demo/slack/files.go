package slack

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// file is one upload: announced, then filled, then shared.
type file struct {
	id, name, title, owner string
	size                   int
	content                []byte
	uploaded, complete     bool
	deleted                bool
	created                int64
	channels               []string
}

const fileMost = 64 << 20

// filesUploadURL announces a file and says where to send its bytes.
func (w *Workspace) filesUploadURL(c *call) (answer, error) {
	size, err := strconv.Atoi(c.args.text("length"))
	if err != nil || size <= 0 {
		return nil, invalidArguments("must be greater than 0 [json-pointer:/length]")
	}
	if size > fileMost {
		return nil, refuse("file_upload_size_restricted")
	}
	f := &file{
		id: w.newID("F"), name: c.args.text("filename"), owner: c.app.BotUser, size: size,
		created: w.clock.Now().Unix(),
	}
	f.title = f.name
	w.files[f.id] = f
	return answer{"upload_url": w.url + "/files/upload/" + f.id + "/" + secret(8), "file_id": f.id}, nil
}

// serveUpload takes the bytes, raw or as the multipart field "file" (or "filename", as some clients call it).
func (w *Workspace) serveUpload(rw http.ResponseWriter, r *http.Request) {
	content, err := uploadBody(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.files[r.PathValue("file")]
	if err != nil || f == nil || f.uploaded || len(content) != f.size {
		w.note(LevelError, "files.upload", "the upload was refused",
			"the file is unknown, was uploaded before, or has another length than announced", nil)
		http.Error(rw, "file upload failed", http.StatusBadRequest)
		return
	}
	f.content, f.uploaded = content, true
	w.note(LevelInfo, "files.upload", "OK - "+strconv.Itoa(f.size), "", nil)
	_, _ = io.WriteString(rw, "OK - "+strconv.Itoa(f.size)) // the client may be gone, which is its own affair
}

// uploadBody reads the bytes of a file: the first file of a multipart form, else the whole body.
func uploadBody(r *http.Request) ([]byte, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return readFile(r.Body) // not multipart
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, fmt.Errorf("read the upload: %w", err)
		}
		if part.FileName() != "" {
			return readFile(part)
		}
	}
}

func readFile(from io.Reader) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(from, fileMost+1))
	if err != nil {
		return nil, fmt.Errorf("read the upload: %w", err)
	}
	return content, nil
}

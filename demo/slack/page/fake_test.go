package page_test

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack/page"
)

//go:embed testdata
var testdata embed.FS

// patience is how long the page may take for anything: a loaded machine is slow.
const patience = time.Minute

// object is a JSON object.
type object = map[string]any

// call is one POST that the page made.
type call struct {
	Path string
	Body object
}

// fake answers the page's API with canned bodies and records what the page does.
type fake struct {
	URL          string
	refuseNobody bool // a snapshot for nobody is an error

	mu      sync.Mutex
	reads   map[string]any              // answer of GET /_page/{name}; "messages" and "thread" hold lists
	answers map[string]func(object) any // answer of POST /_page/{name}
	calls   []call
	streams map[chan string]bool
	changed chan struct{} // closed and replaced at each call
	arrived chan struct{} // if not nil, the next snapshot is held: closed when it is asked for
	goOn    chan struct{} // closed when a held snapshot may go
}

func newFake(t *testing.T) *fake {
	t.Helper()
	f := &fake{
		reads: map[string]any{
			"snapshot": load(t, "snapshot"), "messages": load(t, "messages"), "thread": load(t, "thread"),
			"home": object{"view": load(t, "home")}, "journal": object{"entries": load(t, "journal")},
			"views": object{"stack": []any{}},
		},
		answers: map[string]func(object) any{},
		streams: map[chan string]bool{},
		changed: make(chan struct{}),
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_page/stream", f.stream)
	mux.HandleFunc("GET /_page/{name}", f.read)
	mux.HandleFunc("POST /_page/{name}", f.act)
	mux.Handle("/", page.Handler())
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	f.URL = server.URL
	return f
}

func load(t *testing.T, name string) any {
	t.Helper()
	content, err := testdata.ReadFile(path.Join("testdata", name+".json"))
	require.NoError(t, err)
	var value any
	require.NoError(t, json.Unmarshal(content, &value), name)
	return value
}

// set replaces the answer of a read.
func (f *fake) set(name string, value any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.reads[name] = value
}

// answer replaces the answer of a POST.
func (f *fake) answer(name string, with func(object) any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answers[name] = with
}

// holdSnapshot makes the page read the snapshot and holds the answer, as it is now, until goOn is called.
func (f *fake) holdSnapshot(t *testing.T) (goOn func()) {
	t.Helper()
	arrived, released := make(chan struct{}), make(chan struct{})
	f.mu.Lock()
	f.arrived, f.goOn = arrived, released
	f.mu.Unlock()
	f.tell(object{"type": "users"})
	select {
	case <-arrived:
	case <-time.After(patience):
		require.FailNow(t, "the page did not read the snapshot")
	}
	goOn = sync.OnceFunc(func() { close(released) })
	t.Cleanup(goOn)
	return goOn
}

// tell sends an event to every open stream.
func (f *fake) tell(event object) {
	data, _ := json.Marshal(event)
	f.mu.Lock()
	defer f.mu.Unlock()
	for stream := range f.streams {
		stream <- string(data)
	}
}

// dropStreams closes the connections of all open pages.
func (f *fake) dropStreams() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for stream := range f.streams {
		close(stream)
		delete(f.streams, stream)
	}
}

// openModal puts a view on the stack and tells the page.
func (f *fake) openModal(views ...any) {
	if views == nil {
		views = []any{}
	}
	f.set("views", object{"stack": views})
	f.tell(object{"type": "views"})
}

// await returns the first call of that name that fits, made before or after.
func (f *fake) await(t *testing.T, name string, fits func(object) bool) object {
	t.Helper()
	deadline := time.After(patience)
	for {
		f.mu.Lock()
		calls, changed := f.calls, f.changed
		f.mu.Unlock()
		for _, c := range calls {
			if c.Path == name && (fits == nil || fits(c.Body)) {
				return c.Body
			}
		}
		select {
		case <-changed:
		case <-deadline:
			require.FailNow(t, "the page did not call "+name, "calls: %v", calls)
		}
	}
}

func (f *fake) read(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case name == "messages" && r.FormValue("thread_ts") != "":
		reply(w, object{"channel": r.FormValue("channel"), "messages": f.reads["thread"]})
	case name == "messages" && r.FormValue("channel") != "C1":
		reply(w, object{"channel": r.FormValue("channel"), "messages": []any{}})
	case name == "messages":
		reply(w, object{"channel": "C1", "messages": f.reads["messages"]})
	case name == "snapshot" && r.FormValue("user") == "" && f.refuseNobody:
		w.WriteHeader(http.StatusBadRequest)
		reply(w, object{"error": "choose who acts"})
	case name == "snapshot":
		answer := f.snapshot(r.FormValue("user"))
		if f.arrived != nil {
			close(f.arrived)
			f.arrived = nil
			f.mu.Unlock()
			<-f.goOn
			f.mu.Lock()
		}
		reply(w, answer)
	default:
		reply(w, f.reads[name])
	}
}

// snapshot plays the person who is asked for, the first one by default.
func (f *fake) snapshot(user string) any {
	frame := f.reads["snapshot"].(object)
	played := object{}
	for key, value := range frame {
		played[key] = value
	}
	for _, u := range frame["users"].([]any) {
		if u := u.(object); u["id"] == user && user != "U1" {
			u["tz"] = "UTC"
			played["me"] = u
		}
	}
	return played
}

func (f *fake) act(w http.ResponseWriter, r *http.Request) {
	var body object
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	name := r.PathValue("name")
	f.mu.Lock()
	f.calls = append(f.calls, call{name, body})
	close(f.changed)
	f.changed = make(chan struct{})
	answer := f.answers[name]
	f.mu.Unlock()
	if answer == nil {
		reply(w, object{"ok": true})
		return
	}
	reply(w, answer(body))
}

func (f *fake) stream(w http.ResponseWriter, r *http.Request) {
	events := make(chan string, 64)
	f.mu.Lock()
	f.streams[events] = true
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		delete(f.streams, events)
		f.mu.Unlock()
	}()
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, ": open\n\n")
	w.(http.Flusher).Flush()
	for {
		select {
		case event, open := <-events:
			if !open {
				return
			}
			fmt.Fprintf(w, "data: %s\n\n", event)
			w.(http.Flusher).Flush()
		case <-r.Context().Done():
			return
		}
	}
}

func reply(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body)
}

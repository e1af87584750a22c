package workos_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/directory/workos"
	"github.com/usherhq/usher/directory/workos/workostest"
)

const secret = "whsec_of-the-directory"

var start = time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)

// library is WorkOS's own library, running.
type library struct {
	t    *testing.T
	in   io.Writer
	out  *bufio.Reader
	said *os.File
}

// startLibrary runs WorkOS's own library against an API until the test ends.
func startLibrary(t *testing.T, api, key string) *library {
	t.Helper()
	const missing = "what reads WorkOS is tested with WorkOS's own library: install Node.js, then run `make deps`"
	_, err := exec.LookPath("node")
	require.NoError(t, err, missing)
	dir := filepath.Join("testdata", "sdk")
	require.DirExists(t, filepath.Join(dir, "node_modules"), missing)
	address, err := url.Parse(api)
	require.NoError(t, err)
	said, err := os.Create(filepath.Join(t.TempDir(), "said"))
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), "node", "sdk.js")
	cmd.Dir, cmd.Stderr = dir, said
	cmd.Env = append(os.Environ(), "WORKOS_HOST="+address.Hostname(), "WORKOS_PORT="+address.Port(), "WORKOS_KEY="+key)
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait() // it ends with its input, or is killed with the test
		_ = said.Close()
	})
	return &library{t: t, in: in, out: bufio.NewReaderSize(out, 1<<20), said: said}
}

// ask asks the library and reads its answer; failed is the name of the error that it threw.
func (l *library) ask(what string, options, into any) (failed string) {
	l.t.Helper()
	question, err := json.Marshal(map[string]any{"ask": what, "options": options})
	require.NoError(l.t, err)
	_, err = l.in.Write(append(question, '\n'))
	require.NoError(l.t, err)
	line, err := l.out.ReadBytes('\n')
	if err != nil {
		why, _ := os.ReadFile(l.said.Name())
		require.NoError(l.t, err, string(why))
	}
	var reply struct {
		Answer json.RawMessage `json:"answer"`
		Error  string          `json:"error"`
	}
	require.NoError(l.t, json.Unmarshal(line, &reply))
	if reply.Error == "" && into != nil {
		require.NoError(l.t, json.Unmarshal(reply.Answer, into))
	}
	return reply.Error
}

// list is how the library shows a list.
type list struct {
	Data []struct {
		ID    string         `json:"id"`
		Event string         `json:"event"`
		Data  map[string]any `json:"data"`
	} `json:"data"`
	ListMetadata struct {
		After string `json:"after"`
	} `json:"listMetadata"`
}

// TestLibraryReadsTheTestServer shows that the server of our tests is one that WorkOS's own library takes for WorkOS.
func TestLibraryReadsTheTestServer(t *testing.T) {
	t.Parallel()
	server := workostest.Start(t, start)
	directory := server.CreateDirectory("Acme")
	ana := server.CreateUser(directory, "ana@example.com", workostest.Object{"custom_attributes": workostest.Object{"job_title": "Editor"}})
	group := server.CreateGroup(directory, "Editors")
	server.AddMember(group, ana)
	server.UpdateUser(ana, workostest.Object{"state": "inactive"})
	library := startLibrary(t, server.URL, workostest.Key)

	var first list
	require.Empty(t, library.ask("events", map[string]any{"events": workos.Names(), "limit": 3}, &first))
	require.Len(t, first.Data, 3)
	require.Equal(t, []string{workos.Activated, workos.UserCreated, workos.GroupCreated}, []string{first.Data[0].Event, first.Data[1].Event, first.Data[2].Event})
	require.Equal(t, "ana@example.com", first.Data[1].Data["email"])
	require.Equal(t, directory, first.Data[1].Data["directoryId"])
	require.Equal(t, first.Data[2].ID, first.ListMetadata.After)

	var rest list
	require.Empty(t, library.ask("events", map[string]any{"events": workos.Names(), "after": first.ListMetadata.After}, &rest))
	require.Len(t, rest.Data, 2)
	require.Equal(t, workos.UserAdded, rest.Data[0].Event)
	user, ok := rest.Data[0].Data["user"].(map[string]any)
	require.True(t, ok)
	require.Equal(t, ana, user["id"])
	require.Equal(t, workos.UserUpdated, rest.Data[1].Event)
	require.Equal(t, map[string]any{"state": "active"}, rest.Data[1].Data["previousAttributes"])
	require.Empty(t, rest.ListMetadata.After)

	var none list
	require.Empty(t, library.ask("events", map[string]any{"events": workos.Names(), "after": rest.Data[1].ID}, &none))
	require.Empty(t, none.Data)

	var people []struct{ ID, Email, State string }
	require.Empty(t, library.ask("users", map[string]any{"directory": directory}, &people))
	require.Equal(t, []struct{ ID, Email, State string }{{ana, "ana@example.com", "inactive"}}, people)
	require.Empty(t, library.ask("users", map[string]any{"group": group}, &people))
	require.Len(t, people, 1)
	var groups []struct{ ID, Name string }
	require.Empty(t, library.ask("groups", map[string]any{"directory": directory}, &groups))
	require.Equal(t, []struct{ ID, Name string }{{group, "Editors"}}, groups)
	var directories []struct{ ID, Name string }
	require.Empty(t, library.ask("directories", map[string]any{}, &directories))
	require.Equal(t, []struct{ ID, Name string }{{directory, "Acme"}}, directories)
	require.Equal(t, "NotFoundException", library.ask("user", map[string]any{"id": "directory_user_nobody"}, nil))
}

// TestLibraryPagesThroughTheTestServer reads more than one page.
func TestLibraryPagesThroughTheTestServer(t *testing.T) {
	t.Parallel()
	server := workostest.Start(t, start)
	directory := server.CreateDirectory("Acme")
	for i := range 130 {
		server.CreateUser(directory, "person"+strconv.Itoa(i)+"@example.com")
	}
	library := startLibrary(t, server.URL, workostest.Key)
	var people []struct{ ID string }
	require.Empty(t, library.ask("users", map[string]any{"directory": directory}, &people))
	require.Len(t, people, 130)
	require.Equal(t, "UnauthorizedException", startLibrary(t, server.URL, "sk_wrong").ask("users", map[string]any{"directory": directory}, nil))
}

// TestLibrarySignsWebhooks has WorkOS's own library sign what we verify.
func TestLibrarySignsWebhooks(t *testing.T) {
	t.Parallel()
	library := startLibrary(t, "http://127.0.0.1:1", workostest.Key)
	for name, payload := range map[string]any{
		"an event":     map[string]any{"id": "event_1", "event": workos.UserUpdated, "data": map[string]any{"email": "ana@example.com"}},
		"other names":  map[string]any{"id": "wh_1", "event": workos.Deleted, "data": map[string]any{"name": "Zoë – 会社 😀"}},
		"odd texts":    map[string]any{"id": "event_2", "data": map[string]any{"name": "a.b,c=d \" \\ \n </script> & é"}},
		"nothing":      map[string]any{},
		"a whole page": map[string]any{"text": strings.Repeat("long ", 20_000)},
	} {
		at := time.Now()
		var signed struct{ Body, Header string }
		options := map[string]any{"payload": payload, "secret": secret, "at": at.UnixMilli()}
		require.Empty(t, library.ask("sign", options, &signed), name)
		body := []byte(signed.Body)
		require.NoError(t, workos.Verify(signed.Header, body, secret, at), name)
		require.ErrorIs(t, workos.Verify(signed.Header, body, secret+"2", at), workos.ErrBadSignature, name)
		require.ErrorIs(t, workos.Verify(signed.Header, append(body, ' '), secret, at), workos.ErrBadSignature, name)
		require.ErrorIs(t, workos.Verify(signed.Header, body, secret, at.Add(181*time.Second)), workos.ErrOldSignature, name)
	}
}

// TestLibraryTakesTheSendersWebhooks shows that the sender of our tests signs as WorkOS does.
func TestLibraryTakesTheSendersWebhooks(t *testing.T) {
	t.Parallel()
	server := workostest.Start(t, start)
	server.CreateUser(server.CreateDirectory("Acme"), "ana@example.com")
	library := startLibrary(t, server.URL, workostest.Key)
	body, err := json.Marshal(server.Events()[1])
	require.NoError(t, err)
	var event struct{ ID, Event string }
	webhook := map[string]any{"body": string(body), "header": workostest.Sign(body, secret, time.Now()), "secret": secret}
	require.Empty(t, library.ask("webhook", webhook, &event))
	require.Equal(t, workos.UserCreated, event.Event)
	webhook["secret"] = "another"
	require.Equal(t, "SignatureVerificationException", library.ask("webhook", webhook, nil))
}

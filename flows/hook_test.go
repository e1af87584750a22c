package flows_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	connectorhttp "github.com/usherhq/usher/connectors/http"
	"github.com/usherhq/usher/connectors/scim"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/rules"
)

// desk is a system of its own: it takes webhooks and makes tickets, and remembers what it was sent.
type desk struct {
	mu     sync.Mutex
	status int // of the answer to a webhook
	ids    []string
	bodies []map[string]any
}

func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	content, _ := io.ReadAll(r.Body)
	var body map[string]any
	_ = json.Unmarshal(content, &body)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ids, d.bodies = append(d.ids, r.Header.Get("Webhook-Id")), append(d.bodies, body)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(d.status)
	_, _ = io.WriteString(w, `{"room": 12}`)
}

func (d *desk) answers(status int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.status = status
}

// last is what was delivered last: its id and its body.
func (d *desk) last(t testing.TB) (string, map[string]any) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	require.NotEmpty(t, d.ids)
	return d.ids[len(d.ids)-1], d.bodies[len(d.bodies)-1]
}

func (d *desk) deliveries() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.ids)
}

// declaring is the registry with everything that declared endpoints need.
func declaring() *connectors.Registry {
	return connectors.NewRegistry(scim.Connector{}, connectorhttp.Connector{}).WithDeps(connectors.Deps{
		HTTP: connectors.NewHTTPClient,
		Secret: func(ref string) (string, error) {
			if strings.Contains(ref, "HOOK") {
				return "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", nil
			}
			return testToken, nil
		},
		Expand: func(value any, scope map[string]any) (any, error) { return rules.Expand(value, scope) },
		Holds:  func(expr string, scope map[string]any) (bool, error) { return rules.Holds(expr, scope) },
		CheckTemplate: func(value any, names ...string) error {
			return rules.CheckTemplateOver([]string{"subject"}, value, rules.Outputs(names...)...)
		},
		CheckCondition: func(expr string, names ...string) error {
			return rules.CheckConditionOver([]string{"subject"}, expr, rules.Outputs(names...)...)
		},
	})
}

const deskProvider = `providers:
  - slug: desk
    name: Front desk
    connector: http
    owner: dana@example.com
    settings: {base_url: "DESK"}
    endpoints:
      - {webhook: badge, url: "DESK/hooks/badge", secret: "env:HOOK_SECRET", event: badge.wanted, deadline: 2h, args: {room: {type: string}}, body: {who: "{{ subject.email }}", room: "{{ args.room }}"}}
`

// hooked is a request whose provisioning calls a webhook.
func (b *bundle) hooked(t testing.TB, status int) (*desk, db.Request) {
	t.Helper()
	d := &desk{status: status}
	server := httptest.NewServer(d)
	t.Cleanup(server.Close)
	b.options.Registry, b.options.PublicURL = declaring(), "https://usher.example.com/"
	var err error
	b.Flows, err = flows.New(b.options)
	require.NoError(t, err)
	b.reconfigure(t, "providers:\n", strings.ReplaceAll(deskProvider, "DESK", server.URL))
	b.chain(t, "hooks", "provision", `{name: badge, type: desk_webhook_badge, args: {room: "12"}, retry: {attempts: 2, backoff: 1s}}`,
		`{name: tell, type: slack_notification, args: {to: "#access", text: "Room {{ badge.response.room }}"}}`)
	b.offer(t, "hooked", "Editors", "[{chain: auto}]", "hooks", "editors-out")
	request := b.ask(t, "ana", "hooked", "8h").Request
	b.drive(t)
	return d, request
}

func TestAWebhookThatIsAnswered(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		d, request := b.hooked(t, http.StatusOK)
		require.Equal(t, db.Active, b.grant(t, request.ID).Status)
		id, body := d.last(t)
		require.Equal(t, b.script(t, request.ID, "badge").ID, id)
		require.Equal(t, "badge.wanted", body["type"])
		require.Equal(t, map[string]any{"who": "ana@example.com", "room": "12"}, body["data"])
		require.Equal(t, "Room 12", b.script(t, request.ID, "tell").Output["text"])
		require.Equal(t, 1, d.deliveries())
	})
}

// token is what stands at the end of the callback's address.
func (d *desk) token(t testing.TB) string {
	t.Helper()
	_, body := d.last(t)
	callback, _ := body["callback"].(map[string]any)
	address, isText := body["callback"].(string)
	if !isText {
		address, _ = callback["url"].(string)
	}
	token, found := strings.CutPrefix(address, "https://usher.example.com/callbacks/")
	require.True(t, found, "%v", body)
	return token
}

func TestAWebhookThatIsAnsweredLater(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		d, request := b.hooked(t, http.StatusAccepted)
		script := b.script(t, request.ID, "badge")
		require.Equal(t, db.WaitsCallback, script.WaitsFor)
		token := d.token(t)
		answer := flows.CallbackAnswer{Status: "done", Message: "Room 14 it is", Output: map[string]any{"room": 14, "api_key": "abc"}}

		require.ErrorIs(t, b.Callback(b.ctx, token+"x", answer), flows.ErrNoLink)
		require.ErrorIs(t, b.Callback(b.ctx, "x."+token, answer), flows.ErrNoLink)
		require.ErrorIs(t, b.Callback(b.ctx, "", answer), flows.ErrNoLink)
		_, err := b.Question(b.ctx, token)
		require.ErrorIs(t, err, flows.ErrNoLink, "a callback's link is nothing to a mail's page")
		refused(t, b.Callback(b.ctx, token, flows.CallbackAnswer{Status: "perhaps"}), "must be")

		require.NoError(t, b.second(t).Callback(b.ctx, token, answer), "any process takes it")
		require.ErrorIs(t, b.Callback(b.ctx, token, answer), flows.ErrLinkOver)
		b.drive(t)
		require.Equal(t, db.Active, b.grant(t, request.ID).Status)
		require.Equal(t, "Room 14", b.script(t, request.ID, "tell").Output["text"])
		require.NotContains(t, b.script(t, request.ID, "badge").Output["response"], "abc")
		b.scriptsOnce(t, request.ID)
	})
}

func TestACallbackThatSaysNo(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		d, request := b.hooked(t, http.StatusAccepted)
		first, _ := d.last(t)
		old := d.token(t)
		require.NoError(t, b.Callback(b.ctx, old, flows.CallbackAnswer{Status: "failed", Message: "The building is closed"}))
		script := b.script(t, request.ID, "badge")
		require.Equal(t, db.Failed, script.Status)
		require.Equal(t, "The building is closed", script.Summary)

		require.NoError(t, b.Retry(b.ctx, script.ID, b.people["dana"]))
		b.drive(t)
		second, _ := d.last(t)
		require.NotEqual(t, first, second, "a new try is a new delivery")
		require.ErrorIs(t, b.Callback(b.ctx, old, flows.CallbackAnswer{Status: "done"}), flows.ErrLinkOver)
		require.NoError(t, b.Callback(b.ctx, d.token(t), flows.CallbackAnswer{Status: "done", Output: map[string]any{"room": 1}}))
		b.drive(t)
		require.Equal(t, db.Active, b.grant(t, request.ID).Status)
	})
}

func TestACallbackThatNeverComes(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		d, request := b.hooked(t, http.StatusAccepted)
		b.pass(t, 3*hour)
		script := b.script(t, request.ID, "badge")
		require.Equal(t, db.Failed, script.Status)
		require.Equal(t, "The receiver did not call back in time.", script.Summary)
		require.ErrorIs(t, b.Callback(b.ctx, d.token(t), flows.CallbackAnswer{Status: "done"}), flows.ErrLinkOver)
	})
}

// A receiver that is away gets the same delivery again, by its id; one that has switched the webhook off does not.
func TestAWebhookThatFails(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		d, request := b.hooked(t, http.StatusServiceUnavailable)
		require.Equal(t, 1, d.deliveries())
		first, _ := d.last(t)
		d.answers(http.StatusGone)
		b.pass(t, minute)
		require.Equal(t, 2, d.deliveries())
		second, _ := d.last(t)
		require.Equal(t, first, second)
		require.Equal(t, db.Failed, b.script(t, request.ID, "badge").Status)
		b.pass(t, hour)
		require.Equal(t, 2, d.deliveries())
	})
}

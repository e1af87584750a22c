package flows_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/flows"
)

// pager is a system that knows who is on call.
type pager struct {
	mu     sync.Mutex
	answer string // the body; empty is out of order
}

func (p *pager) says(answer string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = answer
}

func (p *pager) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.answer == "" {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, p.answer)
}

const pagerProvider = `providers:
  - slug: pager
    name: Pager
    connector: http
    owner: dana@example.com
    settings: {base_url: "PAGER"}
    endpoints:
      - {name: on_call, effect: reads, path: "/on-call", outputs: {emails: "{{ response.body.people }}"}}
`

// onCall is a request of Ana's that whoever is on call decides.
func (b *bundle) onCall(t testing.TB, answer, step string) (*pager, string) {
	t.Helper()
	p := &pager{answer: answer}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	b.options.Registry = declaring()
	var err error
	b.Flows, err = flows.New(b.options)
	require.NoError(t, err)
	b.reconfigure(t, "providers:\n", strings.ReplaceAll(pagerProvider, "PAGER", server.URL))
	return p, b.chained(t, "ana", step).Request.ID
}

const onCallStep = `{name: On call, approvers: ["on_call:pager_api_on_call"], remind: 1h}`

func TestWhoIsOnCallDecides(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		p, id := b.onCall(t, `{"people": ["Eve@example.com"]}`, onCallStep)
		require.Empty(t, b.asked(t, id), "it is asked behind the request, not within it")
		require.Empty(t, b.sheet(t, id).Items[0].Current().Hops)
		refused(t, b.Approve(b.ctx, b.step(t, id), b.people["eve"], flows.Consent{}), "not one of the people")
		b.drive(t)
		require.Equal(t, []string{"eve"}, b.asked(t, id))
		require.Equal(t, []string{"eve@example.com"}, b.told(t, id, "step.on_call"))

		p.says(`{"people": ["carl@example.com"]}`)
		b.pass(t, hour+minute)
		require.Equal(t, []string{"carl"}, b.asked(t, id), "each reminder asks anew")
		refused(t, b.say(t, id, "eve"), "not one of the people")

		p.says("")
		b.pass(t, hour+minute)
		require.Equal(t, []string{"carl"}, b.asked(t, id), "the last answer holds")
		require.NoError(t, b.say(t, id, "carl"))
		require.True(t, b.approved(t, id))
		require.Equal(t, 2, b.count(t, id, "step.on_call"), "an answer that says nothing new is not told")
	})
}

func TestNobodyIsOnCall(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{"nobody": `{"people": []}`, "out of order": "", "a stranger": `{"people": ["who@example.com"]}`, "who asks": `{"people": "ana@example.com"}`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, b *bundle) {
				p, id := b.onCall(t, answer, onCallStep)
				b.drive(t)
				require.Equal(t, []string{"dana"}, b.asked(t, id))
				require.Equal(t, 1, b.count(t, id, "step.fallback"))

				p.says(`{"people": ["eve@example.com"]}`)
				b.pass(t, hour+minute)
				require.Equal(t, []string{"eve"}, b.asked(t, id))
			})
		})
	}
}

// All who are on call belong to all who must.
func TestAllWithWhoIsOnCall(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		_, id := b.onCall(t, `{"people": ["eve@example.com"]}`, `{name: Both, approvers: [manager, "on_call:pager_api_on_call"], need: all}`)
		require.NoError(t, b.Approve(b.ctx, b.step(t, id), b.people["ben"], flows.Consent{}))
		require.False(t, b.approved(t, id), "it is not known yet who is on call")
		b.drive(t)
		require.False(t, b.approved(t, id))
		require.NoError(t, b.say(t, id, "eve"))
		require.True(t, b.approved(t, id))
	})
}

// The jobs do it by themselves, each in its provider's pool; an answer that was lost with a process is asked for again.
func TestWhoIsOnCallIsAskedByJobs(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		_, id := b.onCall(t, `{"people": ["eve@example.com"]}`, onCallStep)
		_, err := b.store.ExecContext(b.ctx, "DELETE FROM river_job")
		require.NoError(t, err)
		b.clock.Advance(3 * minute)
		b.work(t)
		b.until(t, "Eve to be asked", func() bool { return slices.Equal([]string{"eve"}, b.asked(t, id)) })

		_, err = b.Delegate(b.ctx, flows.Away{By: b.people["eve"], For: b.people["eve"], To: b.people["carl"], Until: b.Now().Add(hour)})
		require.NoError(t, err)
		b.until(t, "Carl to be asked in her place", func() bool { return slices.Equal([]string{"carl for eve"}, b.asked(t, id)) })
		b.clock.Advance(hour + minute)
		b.until(t, "Eve to be asked again", func() bool { return slices.Equal([]string{"eve"}, b.asked(t, id)) })
	})
}

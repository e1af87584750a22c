package main

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db/pgtest"
	"github.com/usherhq/usher/demo/slack"
)

// The benchmark's load: people at once, and rounds of each. More commands than this in a minute would meet Slack's
// rate limit of views.open, which is not what is measured.
const (
	atOnce = 16
	rounds = 2
)

// BenchmarkAcknowledgement measures, as Slack does, how long the bot takes to acknowledge a command (its modal is
// open then), a submission and a click, 16 people at a time, and how long it takes from a click to the first call at
// the target. Beside them stands the slowest part that is not ours: one round trip of a command that is refused.
func BenchmarkAcknowledgement(b *testing.B) {
	for _, name := range []string{"sqlite", "postgres"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				url := ""
				if name == "postgres" {
					url = pgtest.Open(b) + "&pool_max_conns=24"
				}
				c := found(b, url)
				stop := c.serve(nil)
				m := &measure{took: map[string][]time.Duration{}}
				c.measure(m)
				stop()
				m.report(b)
			}
		})
	}
}

// measure collects times by what was timed.
type measure struct {
	mu   sync.Mutex
	took map[string][]time.Duration
}

func (m *measure) time(what string, do func()) {
	start := time.Now()
	do()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.took[what] = append(m.took[what], time.Since(start))
}

func (m *measure) report(b *testing.B) {
	for what, took := range m.took {
		slices.Sort(took)
		ms := func(at int) float64 { return float64(took[at].Microseconds()) / 1000 }
		b.ReportMetric(ms(len(took)/2), what+"-p50-ms")
		b.ReportMetric(ms(len(took)*99/100), what+"-p99-ms")
	}
	b.ReportMetric(0, "ns/op")
}

// measure lets sixteen people ask and one approve, round by round.
func (c *company) measure(m *measure) {
	for n := range atOnce {
		name := fmt.Sprintf("worker%02d", n)
		c.Workspace.AddUser(slack.User{Name: name, RealName: "Worker " + name, Email: name + "@acme.example", TZ: "Europe/Berlin"})
		require.NoError(c.t, c.person(name).Join(c.access()))
	}
	for round := range rounds {
		c.each(func(name string) {
			m.time("refused", func() { _, _ = c.person(name).Command(c.access(), "/access", "status none") })
		})
		cards := len(c.person("dana").Messages(c.access()))
		c.each(func(name string) { c.askTimed(m, name, fmt.Sprintf("%s in round %d", name, round)) })
		c.untilIn(4*time.Minute, "all cards are posted, one a second", func() bool { return len(c.person("dana").Messages(c.access())) >= cards+atOnce })
		posted := c.person("dana").Messages(c.access())[cards:]
		var all sync.WaitGroup
		for _, card := range posted {
			all.Go(func() {
				m.time("click", func() { assert.NoError(c.t, c.person("dana").PressLabel(card.Target(), "Approve")) })
			})
		}
		all.Wait()
	}
	c.firstCall(m)
}

func (c *company) each(do func(name string)) {
	var all sync.WaitGroup
	for n := range atOnce {
		all.Go(func() { do(fmt.Sprintf("worker%02d", n)) })
	}
	all.Wait()
}

func (c *company) askTimed(m *measure, name, reason string) {
	p := c.person(name)
	m.time("command", func() {
		notice, err := p.Command(c.access(), "/access", "request drive-editors 1h because "+reason)
		assert.NoError(c.t, err)
		assert.Empty(c.t, notice)
	})
	form := c.view(name, "Request access")
	m.time("submission", func() {
		result, err := p.Submit(form)
		assert.NoError(c.t, err)
		assert.True(c.t, result.OK(), "%+v", result)
	})
}

// firstCall times the way from a click to the target, one after another.
func (c *company) firstCall(m *measure) {
	for n := range 5 {
		card := c.ask("ana", "Drive editors", "1 hour", fmt.Sprintf("First call %d", n))
		before := c.Target.Requests()
		m.time("click-to-target", func() {
			require.NoError(c.t, c.person("ben").PressLabel(card.Target(), "Approve"))
			require.NoError(c.t, c.Target.Wait(c.ctx, func() bool { return c.Target.Requests() > before }))
		})
		c.untilCard(card.TS, "Active")
		c.giveBack("ana", "drive-editors")
		c.untilCard(card.TS, "Access has ended")
	}
}

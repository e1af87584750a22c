package slack

import (
	"maps"
	"slices"
	"time"
)

// redelivery is when an event is sent again, counted from when it was raised. Then Slack gives up.
var redelivery = []time.Duration{0, time.Minute, 5 * time.Minute}

// eventLate is how old an event may get before Slack no longer sends it.
const eventLate = 2 * time.Hour

// delivery is one event on its way to one app.
type delivery struct {
	app     *App
	name    string
	payload map[string]any
	raised  time.Time
	attempt int
	reason  string
}

// raise sends an event to the apps that subscribe to it: to one app if onlyApp is set, and in a channel only to
// apps whose bot is there. The lock is held.
func (w *Workspace) raise(name string, event map[string]any, onlyApp string, ch *channel) {
	for _, id := range w.appIDs {
		a := w.apps[id]
		scope := eventScopes[name]
		switch {
		case onlyApp != "" && a.ID != onlyApp,
			!slices.Contains(a.manifest.Settings.Events.Bot, name),
			scope != "" && !a.can(scope),
			ch != nil && !ch.has(a.BotUser):
			continue
		}
		w.deliver(&delivery{app: a, name: name, payload: w.eventJSON(a, event), raised: w.clock.Now()})
	}
}

func (w *Workspace) eventJSON(a *App, event map[string]any) map[string]any {
	event = maps.Clone(event)
	if event["event_ts"] == nil {
		event["event_ts"] = w.newTS()
	}
	return map[string]any{
		"token": a.verification, "team_id": w.team.ID, "context_team_id": w.team.ID, "api_app_id": a.ID,
		"event": event, "type": "event_callback", "event_id": w.newID("Ev"), "event_time": w.clock.Now().Unix(),
		"authorizations": []map[string]any{{
			"enterprise_id": nil, "team_id": w.team.ID, "user_id": a.BotUser, "is_bot": true,
			"is_enterprise_install": false,
		}},
		"is_ext_shared_channel": false, "event_context": "4-" + secret(20),
	}
}

// deliver tries to send an event, and arranges for the next try when nobody acknowledges. The lock is held.
func (w *Workspace) deliver(d *delivery) {
	if w.clock.Now().Sub(d.raised) > eventLate {
		w.note(LevelWarning, typeEvents, d.name+": too late to be sent again", "", d.payload)
		return
	}
	if !d.app.online() {
		w.note(LevelWarning, typeEvents, d.name+": no socket is open", "", d.payload)
		w.redeliver(d)
		return
	}
	e := w.post(d.app, typeEvents, d.name, d.payload, false,
		map[string]any{"retry_attempt": d.attempt, "retry_reason": d.reason})
	w.spawn(func() {
		if _, ok := w.wait(e); ok || w.ctx.Err() != nil {
			return
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		w.redeliver(d)
	})
}

func (w *Workspace) redeliver(d *delivery) {
	if d.attempt >= len(redelivery) {
		level := LevelWarning
		if d.app.everConnected {
			level = LevelError
		}
		w.note(level, typeEvents, d.name+": lost, no try was acknowledged", "", d.payload)
		return
	}
	at := d.raised.Add(redelivery[d.attempt])
	d.attempt++
	d.reason = "timeout"
	w.clock.at(at, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if !w.closed {
			w.deliver(d)
		}
	})
}

package slack

import (
	"fmt"
	"regexp"
	"time"
)

// trigger lets an app open one modal for one person, once and soon.
type trigger struct {
	app    *App
	user   string
	inView string // the modal it was given out in, if any
	issued time.Time
	used   bool
}

// newTrigger gives one out. The lock is held.
func (w *Workspace) newTrigger(a *App, user, inView string) string {
	now := w.clock.Now()
	for id, t := range w.triggers {
		if now.Sub(t.issued) > time.Hour {
			delete(w.triggers, id)
		}
	}
	id := fmt.Sprintf("%d.%s.%s", now.UnixNano()/1000, digits(w.team.ID), secret(16))
	w.triggers[id] = &trigger{app: a, user: user, inView: inView, issued: now}
	return id
}

var triggerForm = regexp.MustCompile(`^\d+\.\d+\.[0-9a-f]+$`)

// checkTrigger finds the trigger of a call without spending it.
func (w *Workspace) checkTrigger(c *call) (*trigger, error) {
	id := c.args.text("trigger_id")
	if id == "" {
		id = c.args.text("interactivity_pointer")
	}
	if id == "" {
		return nil, invalidArguments("invalid `trigger_id`")
	}
	t := w.triggers[id]
	switch {
	case !triggerForm.MatchString(id), t == nil, t.app != c.app:
		return nil, refuse("invalid_trigger_id")
	case t.used:
		return nil, refuse("exchanged_trigger_id")
	case w.clock.Now().Sub(t.issued) > w.opts.TriggerLife:
		return nil, refuse("expired_trigger_id")
	}
	return t, nil
}

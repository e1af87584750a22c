package slack

import (
	"strconv"
	"time"
)

const scheduleMost = 120 * 24 * time.Hour

// chatScheduleMessage posts later, by the workspace's clock.
func (w *Workspace) chatScheduleMessage(c *call) (answer, error) {
	ch, err := w.postTarget(c, c.args.text("channel"))
	if err != nil {
		return nil, err
	}
	unix, err := strconv.ParseInt(c.args.text("post_at"), 10, 64)
	if err != nil {
		return nil, refuse("invalid_time")
	}
	at, now := time.Unix(unix, 0), w.clock.Now()
	if !at.After(now) {
		return nil, refuse("time_in_past")
	}
	if at.Sub(now) > scheduleMost {
		return nil, refuse("time_too_far")
	}
	m, err := w.draft(c)
	if err != nil {
		return nil, err
	}
	if m.threadTS, err = threadOf(c, ch); err != nil {
		return nil, err
	}
	w.clock.at(at, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.append(ch, m)
	})
	return answer{
		"channel": ch.id, "scheduled_message_id": w.newID("Q"), "post_at": unix,
		"message": map[string]any{"text": m.text, "user": m.user, "bot_id": m.botID, "type": "delayed_message"},
	}, nil
}

package bot

import (
	"context"
	"encoding/json"
	"fmt"
)

// EventHandler learns of an event in the workspace.
type EventHandler func(ctx context.Context, event Event) error

// Event is one event of the Events API.
type Event struct {
	// ID is the same for all deliveries of one event.
	ID     string
	Type   string
	TeamID string
	// Raw is the inner event as Slack sent it.
	Raw json.RawMessage
	// Retry counts Slack's redeliveries. A retry may be the first copy that arrives.
	Retry int
}

func (r *Router) eventTask(payload json.RawMessage, retry int) (*task, error) {
	var outer struct {
		EventID string          `json:"event_id"`
		TeamID  string          `json:"team_id"`
		Event   json.RawMessage `json:"event"`
	}
	if err := json.Unmarshal(payload, &outer); err != nil {
		return nil, fmt.Errorf("read event: %w", err)
	}
	var inner struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(outer.Event, &inner); err != nil {
		return nil, fmt.Errorf("read inner event: %w", err)
	}
	event := Event{ID: outer.EventID, Type: inner.Type, TeamID: outer.TeamID, Raw: outer.Event, Retry: retry}
	made := newTask(Person{TeamID: outer.TeamID}, Surface{Kind: SurfaceEvent, Name: event.Type})
	made.again = true
	if handle, ok := r.events[event.Type]; ok {
		made.run = func(ctx context.Context) (reply, error) { return reply{}, r.once(ctx, event, handle) }
	}
	return made, nil
}

// once hands the event over unless it was handled before, and notes it when its handler succeeded.
func (r *Router) once(ctx context.Context, event Event, handle EventHandler) error {
	if event.ID == "" {
		return handle(ctx, event)
	}
	seen, err := r.seen(ctx, event.ID)
	if err != nil {
		return fmt.Errorf("look up event: %w", err)
	}
	if seen {
		return errDuplicate
	}
	if err := handle(ctx, event); err != nil {
		return err
	}
	if err := r.handled(context.WithoutCancel(ctx), event.ID); err != nil {
		return fmt.Errorf("note event: %w", err)
	}
	return nil
}

package slack

import (
	"context"
	"fmt"
	"strings"
)

// AwaitView waits for a modal with that title in front of the person.
func (p *Person) AwaitView(ctx context.Context, title string) (View, error) {
	var found View
	err := p.w.Wait(ctx, func() bool {
		v, open := p.Top()
		found = v
		return open && v.Title == title
	})
	if err != nil {
		return View{}, fmt.Errorf("no modal %q for %s: %w", title, p.key, err)
	}
	return found, nil
}

// AwaitHome waits for a Home of the app ("" for the only one) that shows the text.
func (p *Person) AwaitHome(ctx context.Context, app, text string) (View, error) {
	var found View
	err := p.w.Wait(ctx, func() bool {
		v, published := p.Home(app)
		found = v
		return published && strings.Contains(v.Shown(), text)
	})
	if err != nil {
		return View{}, fmt.Errorf("no Home with %q for %s, it shows %q: %w", text, p.key, found.Shown(), err)
	}
	return found, nil
}

// AwaitMessage waits for a top-level message in the channel that shows the text, and returns the latest such.
func (p *Person) AwaitMessage(ctx context.Context, channel, text string) (Message, error) {
	return p.await(ctx, text, func() []Message { return p.Messages(channel) })
}

// AwaitReply waits for a reply in the thread that shows the text, and returns the latest such.
func (p *Person) AwaitReply(ctx context.Context, channel, ts, text string) (Message, error) {
	return p.await(ctx, text, func() []Message {
		if all := p.Thread(channel, ts); len(all) > 1 {
			return all[1:]
		}
		return nil
	})
}

// AwaitEphemeral waits for a message in the channel that only this person sees and that shows the text.
func (p *Person) AwaitEphemeral(ctx context.Context, channel, text string) (Message, error) {
	return p.await(ctx, text, func() []Message { return p.Ephemerals(channel) })
}

// AwaitDM waits for a direct message of an app that shows the text.
func (p *Person) AwaitDM(ctx context.Context, text string) (Message, error) {
	return p.await(ctx, text, p.DMs)
}

func (p *Person) await(ctx context.Context, text string, list func() []Message) (Message, error) {
	var found Message
	err := p.w.Wait(ctx, func() bool {
		for _, m := range list() {
			if strings.Contains(m.Shown(), text) || strings.Contains(m.Text, text) {
				found = m
			}
		}
		return found.TS != ""
	})
	if err == nil {
		return found, nil
	}
	var seen []string
	for _, m := range list() {
		seen = append(seen, fmt.Sprintf("%q", m.Shown()))
	}
	return Message{}, fmt.Errorf("no message with %q for %s among %s: %w", text, p.key, strings.Join(seen, ", "), err)
}

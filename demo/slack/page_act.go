package slack

import (
	"errors"
	"time"
)

var pageOK = map[string]any{"ok": true}

func (w *Workspace) pageSay(p *pageCall) (any, error) {
	_, notice, err := w.say(p.who, p.Channel, p.ThreadTS, p.Text)
	if notice == "" || err != nil {
		return pageOK, err
	}
	return map[string]any{"ok": true, "notice": notice}, nil
}

func (w *Workspace) pageAction(p *pageCall) (any, error) {
	value := object{}
	if len(p.Value) > 0 && decode(p.Value, &value) != nil {
		return nil, errors.New("the value of the element is unreadable")
	}
	warning, err := w.act(p.who, p.target(), p.BlockID, p.ActionID, value, p.State.Values)
	return warned(warning, err)
}

func warned(warning string, err error) (any, error) {
	if warning == "" || err != nil {
		return pageOK, err
	}
	return map[string]any{"ok": false, "warning": warning}, nil
}

func (w *Workspace) pageSuggest(p *pageCall) (any, error) {
	text := ""
	if len(p.Value) > 0 && decode(p.Value, &text) != nil {
		return nil, errors.New("the typed text is unreadable")
	}
	raw, warning, err := w.suggest(p.who, p.target(), p.BlockID, p.ActionID, text, p.State.Values)
	if err != nil {
		return nil, err
	}
	if warning != "" {
		return map[string]any{"options": []any{}, "warning": warning}, nil
	}
	return raw, nil
}

func (w *Workspace) pageInput(p *pageCall) (any, error) {
	return pageOK, w.remember(p.who, p.ViewID, p.State.Values)
}

func (w *Workspace) pageSubmit(p *pageCall) (any, error) {
	result, err := w.submit(p.who, p.ViewID, p.State.Values)
	return result, err
}

func (w *Workspace) pageClose(p *pageCall) (any, error) {
	return pageOK, w.closeView(p.who, p.ViewID, p.All)
}

func (w *Workspace) pageShortcut(p *pageCall) (any, error) {
	warning, err := w.shortcut(p.who, p.CallbackID, p.AppID, Target{Channel: p.Channel, MessageTS: p.MessageTS})
	return warned(warning, err)
}

func (w *Workspace) pageOpenHome(p *pageCall) (any, error) {
	return pageOK, w.openHome(p.who, p.AppID, p.Tab)
}

func (w *Workspace) pageDM(p *pageCall) (any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	other := w.findUser(p.With)
	if other == nil {
		return nil, errors.New("there is no such person")
	}
	ch, _ := w.openDM(p.who.ID, other.ID)
	return map[string]any{"channel": ch.id}, nil
}

func (w *Workspace) pageJoin(p *pageCall) (any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch := w.findChannel(p.Channel)
	if ch == nil || ch.kind != kindChannel || ch.archived || p.who.Restricted || p.who.UltraRestricted || p.who.Stranger {
		return nil, errors.New("you cannot join this channel")
	}
	if !ch.has(p.who.ID) {
		w.join(ch, p.who.ID, "")
	}
	return pageOK, nil
}

func (w *Workspace) pageMarkRead(p *pageCall) (any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch := w.channels[p.Channel]
	if ch == nil {
		return nil, errors.New("there is no such channel")
	}
	if p.TS > ch.read[p.who.ID] {
		ch.read[p.who.ID] = p.TS
		w.notify(pageEvent{Type: "channels", user: p.who.ID})
	}
	return pageOK, nil
}

// pageReload forgets the person's ephemeral messages, as a reload of Slack does.
func (w *Workspace) pageReload(p *pageCall) (any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.forgetEphemerals(p.who.ID)
	return pageOK, nil
}

func (w *Workspace) pageAdvance(p *pageCall) (any, error) {
	if p.Seconds <= 0 {
		return nil, errors.New("time only goes forward")
	}
	w.clock.Advance(time.Duration(p.Seconds * float64(time.Second)))
	return w.clockJSON(), nil
}

package slack

// reply carries out an app's answer.
func (w *Workspace) reply(hook *responseURL, p reply) error {
	if p.DeleteOriginal {
		return w.replyDelete(hook)
	}
	m, err := w.replyMessage(hook.app, p)
	if err != nil {
		return err
	}
	if p.ReplaceOriginal {
		return w.replyReplace(hook, m)
	}
	if p.ThreadTS != "" {
		if hook.channel.find(p.ThreadTS) == nil {
			return refuse("cannot_reply_to_message")
		}
		m.threadTS = p.ThreadTS
	}
	switch p.ResponseType {
	case "", "ephemeral":
		m.onlyFor = hook.user
	case "in_channel":
	default:
		return refuse("invalid_response_type")
	}
	w.append(hook.channel, m)
	if m.onlyFor == "" {
		w.raiseMessage(hook.channel, m)
	}
	return nil
}

func (w *Workspace) replyDelete(hook *responseURL) error {
	if hook.source == nil {
		return refuse("cant_delete_message")
	}
	w.remove(hook.channel, hook.source)
	return nil
}

func (w *Workspace) replyReplace(hook *responseURL, fresh *message) error {
	m := hook.source
	if m == nil {
		return refuse("cant_update_message")
	}
	if m.appID != hook.app.ID {
		return refuse("cant_update_message")
	}
	m.text, m.blocks, m.attachments = fresh.text, fresh.blocks, fresh.attachments
	m.edited = w.newTS()
	w.messageChanged(hook.channel, m)
	return nil
}

// replyMessage checks and builds the message of an answer.
func (w *Workspace) replyMessage(a *App, p reply) (*message, error) {
	m := &message{user: a.BotUser, botID: a.BotID, appID: a.ID, text: p.Text}
	fields := args{"blocks": p.Blocks, "attachments": p.Attachments}
	c := &call{app: a, args: fields}
	if err := w.draftBlocks(c, m); err != nil {
		return nil, err
	}
	if err := draftExtras(c, m); err != nil {
		return nil, err
	}
	if m.text == "" && len(m.blocks) == 0 && len(m.attachments) == 0 {
		return nil, refuse("no_text")
	}
	return m, nil
}

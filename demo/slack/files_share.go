package slack

// filesComplete shares uploaded files in one conversation, or in several.
func (w *Workspace) filesComplete(c *call) (answer, error) {
	var asked []struct{ ID, Title string }
	if decode(c.args.structure("files"), &asked) != nil || len(asked) == 0 {
		return nil, invalidArguments("must provide at least 1 items [json-pointer:/files]")
	}
	var ids []string
	for _, a := range asked {
		f := w.files[a.ID]
		if f == nil || !f.uploaded || f.owner != c.app.BotUser {
			return nil, refuse("file_not_found")
		}
		if a.Title != "" {
			f.title = a.Title
		}
		ids = append(ids, a.ID)
	}
	targets := append(c.args.ids("channels"), c.args.ids("channel_id")...)
	if len(targets) > 100 {
		return nil, refuse("channels_limit_exceeded")
	}
	for _, key := range targets {
		if err := w.shareFiles(c, key, ids); err != nil {
			return nil, err
		}
	}
	for _, id := range ids {
		w.files[id].complete = true
	}
	return answer{"files": w.filesJSON(ids)}, nil
}

func (w *Workspace) shareFiles(c *call, key string, ids []string) error {
	ch, err := w.seenChannel(c, key)
	if err != nil {
		return err
	}
	if !ch.has(c.app.BotUser) {
		return refuse("not_in_channel")
	}
	if err := w.mayWrite(c, ch); err != nil {
		return err
	}
	m := &message{
		user: c.app.BotUser, botID: c.app.BotID, appID: c.app.ID, files: ids,
		text: c.args.text("initial_comment"), subtype: "file_share",
	}
	if m.threadTS, err = threadOf(c, ch); err != nil {
		return err
	}
	if err := w.draftBlocks(c, m); err != nil {
		return err
	}
	for _, id := range ids {
		w.files[id].channels = append(w.files[id].channels, ch.id)
	}
	w.append(ch, m)
	return nil
}

func (w *Workspace) filesJSON(ids []string) []map[string]any {
	out := []map[string]any{}
	for _, id := range ids {
		f := w.files[id]
		if f == nil || f.deleted {
			continue
		}
		out = append(out, map[string]any{
			"id": f.id, "name": f.name, "title": f.title, "size": f.size, "user": f.owner, "created": f.created,
			"mode": "hosted", "channels": f.channels, "url_private": w.url + "/files/" + f.id,
			"url_private_download": w.url + "/files/" + f.id, "permalink": w.url + "/files/" + f.id,
		})
	}
	return out
}

package slack

import (
	"encoding/json"
	"fmt"
	"strings"
)

// command sends a slash command to its app. The notice is what only the person sees when that fails.
func (w *Workspace) command(u *User, ch *channel, name, text string) (notice string, err error) {
	w.mu.Lock()
	app, spec := w.commandOwner(name)
	if app == nil {
		w.mu.Unlock()
		return fmt.Sprintf("%s is not a valid command. In Slack, all messages that start with the \"/\" character are "+
			"interpreted as commands.", name), nil
	}
	if spec.ShouldEscape {
		text = link.ReplaceAllString(w.mentions(text), "$1<$2>")
	}
	hook := w.newResponseURL(app, u.ID, ch, nil)
	payload := map[string]any{
		"token": app.verification, "team_id": w.team.ID, "team_domain": w.team.Domain, "channel_id": ch.id,
		"channel_name": ch.shownName(), "user_id": u.ID, "user_name": u.Name, "command": name, "text": text,
		"api_app_id": app.ID, "is_enterprise_install": "false", "response_url": hook,
		"trigger_id": w.newTrigger(app, u.ID, ""),
	}
	env := w.post(app, typeCommand, name, payload, true, nil)
	w.mu.Unlock()
	if env == nil {
		return commandFailed(name, "dispatch_failed"), nil
	}
	answer, ok := w.wait(env)
	if !ok {
		return commandFailed(name, "operation_timeout"), nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.commandAnswer(app, u, ch, name+" "+text, answer), nil
}

func commandFailed(name, code string) string {
	return fmt.Sprintf("%s failed with the error %q", name, code)
}

// commandOwner finds the app of a command; of two, the one installed last.
func (w *Workspace) commandOwner(name string) (*App, commandSpec) {
	for i := len(w.appIDs) - 1; i >= 0; i-- {
		a := w.apps[w.appIDs[i]]
		for _, spec := range a.manifest.Features.Commands {
			if spec.Command == name && a.can("commands") {
				return a, spec
			}
		}
	}
	return nil, commandSpec{}
}

// commandAnswer shows the message in a command's acknowledgement.
func (w *Workspace) commandAnswer(app *App, u *User, ch *channel, typed string, raw json.RawMessage) string {
	if raw == nil {
		return ""
	}
	var p reply
	if json.Unmarshal(raw, &p) != nil {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			w.note(LevelError, typeCommand, "the answer is no message", clip(string(raw)), nil)
			return commandFailed(strings.Fields(typed)[0], "invalid_command_response")
		}
		p.Text = text
	}
	p.ReplaceOriginal, p.DeleteOriginal = false, false
	hook := &responseURL{app: app, user: u.ID, channel: ch, issued: w.clock.Now()}
	if p.ResponseType == "in_channel" {
		w.append(ch, &message{user: u.ID, text: strings.TrimSpace(typed)})
	}
	if err := w.reply(hook, p); err != nil {
		w.note(LevelError, typeCommand, "the answer is refused: "+explain(err), clip(string(raw)), nil)
		return commandFailed(strings.Fields(typed)[0], "invalid_command_response")
	}
	return ""
}

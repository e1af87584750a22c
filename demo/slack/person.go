package slack

import (
	"fmt"
)

// Person drives what one person does in Slack: the tests' hands and eyes. Every method returns an error when
// Slack's own client would not let the person do it, and when the app does not answer.
type Person struct {
	w   *Workspace
	key string
}

// Person returns the person with that id, name or e-mail. That nobody has it shows when they act.
func (w *Workspace) Person(key string) *Person { return &Person{w: w, key: key} }

// ID is the person's user id, or "" when there is no such person.
func (p *Person) ID() string {
	u, _ := p.w.User(p.key)
	return u.ID
}

// user finds the stored person; the lock is not held.
func (p *Person) user() (*User, error) {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	return p.found()
}

func (p *Person) found() (*User, error) {
	u := p.w.findUser(p.key)
	if u == nil {
		return nil, fmt.Errorf("there is no person %q", p.key)
	}
	if u.Deleted {
		return nil, fmt.Errorf("the account of %s is deactivated", u.Name)
	}
	return u, nil
}

// Say posts a message in a channel (id, name, or another person) and returns its timestamp.
func (p *Person) Say(channel, text string) (ts string, err error) { return p.Reply(channel, "", text) }

// Reply posts a message in a thread.
func (p *Person) Reply(channel, thread, text string) (ts string, err error) {
	u, err := p.user()
	if err != nil {
		return "", err
	}
	ts, notice, err := p.w.say(u, channel, thread, p.w.typed(text))
	if err == nil && notice != "" {
		return "", fmt.Errorf("say %q: %s", text, notice)
	}
	return ts, err
}

// Command runs a slash command, e.g. Command("#access", "/access", "request drive"). The notice is what only this
// person sees when it fails, such as: /access failed with the error "operation_timeout".
func (p *Person) Command(channel, name, text string) (notice string, err error) {
	u, err := p.user()
	if err != nil {
		return "", err
	}
	p.w.mu.Lock()
	ch, err := p.w.writable(u, channel)
	p.w.mu.Unlock()
	if err != nil {
		return "", err
	}
	return p.w.command(u, ch, name, text)
}

// Shortcut runs a global shortcut, by callback id or by name.
func (p *Person) Shortcut(callbackID string) error { return p.MessageShortcut(callbackID, Target{}) }

// MessageShortcut runs a shortcut on a message.
func (p *Person) MessageShortcut(callbackID string, on Target) error {
	u, err := p.user()
	if err != nil {
		return err
	}
	return failed(p.w.shortcut(u, callbackID, "", on))
}

// failed makes an error of a warning that the person sees.
func failed(warning string, err error) error {
	if err == nil && warning != "" {
		return fmt.Errorf("slack shows: %s", warning)
	}
	return err
}

// OpenHome opens the Home of an app (id or name; "" for the only one), which tells the app.
func (p *Person) OpenHome(app string) error {
	u, err := p.user()
	if err != nil {
		return err
	}
	return p.w.openHome(u, app, "home")
}

// OpenMessages opens the messages tab of an app, which tells the app.
func (p *Person) OpenMessages(app string) error {
	u, err := p.user()
	if err != nil {
		return err
	}
	return p.w.openHome(u, app, "messages")
}

// Join makes the person a member of a public channel.
func (p *Person) Join(channel string) error {
	u, err := p.user()
	if err != nil {
		return err
	}
	_, err = p.w.pageJoin(&pageCall{who: u, Channel: channel})
	return err
}

// Reload reloads the person's Slack: ephemeral messages are gone.
func (p *Person) Reload() {
	if u, err := p.user(); err == nil {
		_, _ = p.w.pageReload(&pageCall{who: u}) // cannot fail for a known person
	}
}

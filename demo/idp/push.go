package idp

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// The kinds of task.
const (
	userTask   = "user"   // what is known of somebody is pushed
	activeTask = "active" // whether somebody is active
	deleteTask = "delete"
	groupTask  = "group" // the group with all of its members
	joinTask   = "join"
	leaveTask  = "leave"
)

// task is something that is to be pushed: what is so at that moment.
type task struct {
	kind  string
	key   string // e-mail address or name of the group
	group string // of joinTask and leaveTask
}

// entry is a line of the page's history.
type entry struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
	Good bool      `json:"good"`
}

const (
	// shownHistory is how much of the history is kept.
	shownHistory = 200
	// again is how long it waits before it says again what was not heard.
	again = 2 * time.Second
)

// pushAll pushes until nothing is left to be pushed.
func (p *Provider) pushAll(ctx context.Context) {
	for ctx.Err() == nil {
		p.mu.Lock()
		if len(p.queue) == 0 {
			p.mu.Unlock()
			return
		}
		next := p.queue[0]
		p.mu.Unlock()
		said, err := p.push(ctx, next)
		if ctx.Err() != nil {
			return
		}
		p.pushed(said, err)
		if err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(again):
		}
	}
}

// pushed notes what became of the first task. What was not heard stays the first, and is said again.
func (p *Provider) pushed(said string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	line := entry{At: p.options.Clock().UTC(), Text: said, Good: err == nil}
	if err != nil {
		line.Text = fmt.Sprintf("%s: %v; trying again", said, err)
	} else {
		p.queue = p.queue[1:]
	}
	if len(p.history) == 0 || p.history[0].Text != line.Text { // the same failure again is no news
		p.history = slices.Insert(p.history, 0, line)
		p.history = p.history[:min(len(p.history), shownHistory)]
	}
	p.announce()
}

// push pushes what is so now of what a task is about, and says what it told.
func (p *Provider) push(ctx context.Context, t task) (string, error) {
	p.mu.Lock()
	var person Person
	found, err := p.person(t.key)
	known := err == nil
	if known {
		person = *found
	}
	var group Group
	if one, err := p.group(t.key); err == nil {
		group = Group{Name: one.Name, Members: slices.Clone(one.Members)}
	}
	p.mu.Unlock()
	switch {
	case t.kind == groupTask:
		return fmt.Sprintf("Group %s with %d members", group.Name, len(group.Members)), p.client.putGroup(ctx, group)
	case t.kind == deleteTask:
		return "Deleted " + t.key, p.client.deleteUser(ctx, t.key)
	case t.kind == leaveTask:
		return t.key + " left " + t.group, p.client.leave(ctx, t.group, t.key)
	case !known:
		return t.key + " is gone already", nil
	case t.kind == joinTask:
		return person.Name + " joined " + t.group, p.client.join(ctx, t.group, person.Email)
	case t.kind == activeTask && person.Active:
		return "Resumed " + person.Name, p.client.setActive(ctx, person)
	case t.kind == activeTask:
		return "Suspended " + person.Name, p.client.setActive(ctx, person)
	}
	return fmt.Sprintf("%s: %s, %s", person.Name, person.Title, person.Department), p.client.putUser(ctx, person)
}

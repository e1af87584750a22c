package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"sync/atomic"
	"time"

	"github.com/usherhq/usher/db"
)

// provider is an identity provider that tells of its people until each word was heard: what got no answer is said again.
type provider struct {
	token     string
	addresses func() string // of the directory at a replica that is up; empty: none is
	acked     atomic.Int64  // writes that were acknowledged
	again     atomic.Int64  // calls that had to be made again
}

// pushedWord is what one write has to leave in the journal.
type pushedWord struct {
	Kind  string
	About string // id of the user or the group
	Text  string // the title of a user, the member of a group
}

// toldUser is what the provider knows of somebody.
type toldUser struct {
	id, name, title string
	active          bool
}

// pusher tells of some of the people, one word after another, and of one group of theirs.
type pusher struct {
	*provider

	random  *rand.Rand
	names   []string
	users   map[string]*toldUser // by name, those that there are
	gone    map[string]string    // names by id of those that were deleted
	group   string               // its id
	members []string             // ids
	said    []pushedWord
	titles  int
}

const (
	groupOfPushed = `urn:ietf:params:scim:schemas:core:2.0:Group`
	userOfPushed  = `urn:ietf:params:scim:schemas:core:2.0:User`
	patchOfPushed = `urn:ietf:params:scim:api:messages:2.0:PatchOp`

	enterpriseOfPushed = `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User`
)

// push tells of the group and then of so many things that happen to people.
func (p *pusher) push(name string, writes int) error {
	id, err := p.make("/Groups", "displayName", map[string]any{"schemas": []string{groupOfPushed}, "displayName": name, "members": []any{}}, name)
	if err != nil {
		return err
	}
	p.group, p.said = id, append(p.said, pushedWord{Kind: db.GroupCreated, About: id})
	for range writes - 1 {
		if err := p.next(); err != nil {
			return err
		}
	}
	return nil
}

// next tells of the next thing that happens to somebody.
func (p *pusher) next() error {
	name := p.names[p.random.IntN(len(p.names))]
	user := p.users[name]
	if user == nil {
		return p.hire(name)
	}
	switch dice := p.random.IntN(100); {
	case dice < 2:
		return p.remove(user)
	case dice < 6 || !user.active:
		return p.turn(user)
	case dice < 26:
		return p.move(user)
	}
	return p.rename(user)
}

func (p *pusher) hire(name string) error {
	user := &toldUser{name: name, title: p.title(), active: true}
	var err error
	if user.id, err = p.make("/Users", "userName", user.body(), name); err != nil {
		return err
	}
	p.users[name], p.said = user, append(p.said, pushedWord{Kind: db.UserCreated, About: user.id, Text: user.title})
	return nil
}

// rename gives somebody a title: by the whole of what is known, or by the change alone.
func (p *pusher) rename(user *toldUser) error {
	user.title = p.title()
	p.said = append(p.said, pushedWord{Kind: db.UserUpdated, About: user.id, Text: user.title})
	if p.random.IntN(2) == 0 {
		return p.insist(http.MethodPut, "/Users/"+user.id, user.body())
	}
	return p.insist(http.MethodPatch, "/Users/"+user.id, operation("replace", "", map[string]any{"title": user.title}))
}

// turn suspends somebody, or lets him return.
func (p *pusher) turn(user *toldUser) error {
	user.active = !user.active
	kind := db.UserSuspended
	if user.active {
		kind = db.UserResumed
	}
	p.said = append(p.said, pushedWord{Kind: kind, About: user.id})
	return p.insist(http.MethodPatch, "/Users/"+user.id, operation("replace", "", map[string]any{"active": user.active}))
}

// move puts somebody into the group, or takes him out of it.
func (p *pusher) move(user *toldUser) error {
	if at := slices.Index(p.members, user.id); at >= 0 {
		p.members = slices.Delete(p.members, at, at+1)
		p.said = append(p.said, pushedWord{Kind: db.MembersRemoved, About: p.group, Text: user.id})
		return p.insist(http.MethodPatch, "/Groups/"+p.group, operation("remove", `members[value eq "`+user.id+`"]`, nil))
	}
	p.members = append(p.members, user.id)
	p.said = append(p.said, pushedWord{Kind: db.MembersAdded, About: p.group, Text: user.id})
	return p.insist(http.MethodPatch, "/Groups/"+p.group, operation("add", "members", []any{map[string]any{"value": user.id}}))
}

// remove deletes somebody, who leaves the group by it.
func (p *pusher) remove(user *toldUser) error {
	if user.active {
		p.said = append(p.said, pushedWord{Kind: db.UserSuspended, About: user.id})
	}
	p.said = append(p.said, pushedWord{Kind: db.UserDeleted, About: user.id})
	p.members = slices.DeleteFunc(p.members, func(id string) bool { return id == user.id })
	p.gone[user.id] = user.name
	delete(p.users, user.name)
	return p.insist(http.MethodDelete, "/Users/"+user.id, nil)
}

func (p *pusher) title() string {
	p.titles++
	return fmt.Sprintf("Title %d", p.titles)
}

func (u *toldUser) body() map[string]any {
	return map[string]any{
		"schemas": []string{userOfPushed}, "userName": u.name, "displayName": "Somebody", "title": u.title, "active": u.active,
		"emails": []any{map[string]any{"value": u.name, "type": "work", "primary": true}},
	}
}

func operation(op, path string, value any) map[string]any {
	one := map[string]any{"op": op}
	if path != "" {
		one["path"] = path
	}
	if value != nil {
		one["value"] = value
	}
	return map[string]any{"schemas": []string{patchOfPushed}, "Operations": []any{one}}
}

// make makes a resource, and returns its id. Before each attempt it looks whether the one before was heard after all.
func (p *provider) make(path, attribute string, body any, name string) (string, error) {
	for {
		filter := url.Values{"filter": {fmt.Sprintf("%s eq %q", attribute, name)}, "startIndex": {"1"}, "count": {"100"}}
		var found struct {
			Resources []struct{ ID string }
			ID        string
		}
		status, err := p.call(http.MethodGet, path+"?"+filter.Encode(), nil, &found)
		if err != nil || status == http.StatusOK && len(found.Resources) > 1 {
			return "", fmt.Errorf("look for %s: %d of them: %w", name, len(found.Resources), err)
		}
		if status == http.StatusOK && len(found.Resources) == 1 {
			p.acked.Add(1)
			return found.Resources[0].ID, nil
		}
		if status == http.StatusOK {
			status, err = p.call(http.MethodPost, path, body, &found)
		}
		switch {
		case err != nil:
			return "", err
		case status == http.StatusCreated:
			p.acked.Add(1)
			return found.ID, nil
		}
		p.rest()
	}
}

// insist says something until it is heard. What was deleted by an attempt that got no answer is not found by the next.
func (p *provider) insist(method, path string, body any) error {
	for attempt := 0; ; attempt++ {
		status, err := p.call(method, path, body, nil)
		if err != nil {
			return err
		}
		if status >= 200 && status < 300 || attempt > 0 && method == http.MethodDelete && status == http.StatusNotFound {
			p.acked.Add(1)
			return nil
		}
		p.rest()
	}
}

// rest waits before something is said again.
func (p *provider) rest() {
	p.again.Add(1)
	time.Sleep(20*time.Millisecond + rand.N(30*time.Millisecond)) //nolint:forbidigo // as a client does, against a process that may be dead
}

// push waits for an answer as long as Okta does.
var push = &http.Client{Timeout: time.Minute}

// call makes a call once. Status 0 is that nothing is known of what became of it; a refusal is an error.
func (p *provider) call(method, path string, body, into any) (status int, err error) {
	address := p.addresses()
	if address == "" {
		return 0, nil
	}
	text, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	request, err := http.NewRequest(method, address+path, bytes.NewReader(text))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+p.token)
	request.Header.Set("Content-Type", "application/scim+json")
	answer, err := push.Do(request)
	if err != nil {
		return 0, nil // the process died, or is not there
	}
	defer func() { _ = answer.Body.Close() }()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, nil // it died while it answered
	}
	refused := answer.StatusCode >= 400 && answer.StatusCode < 500
	lost := answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode == http.StatusNotFound && method == http.MethodDelete ||
		answer.StatusCode == http.StatusConflict && method == http.MethodPost
	if refused && !lost {
		return 0, fmt.Errorf("%s %s: %s: %s", method, path, answer.Status, content)
	}
	if into != nil && answer.StatusCode < 300 {
		err = json.Unmarshal(content, into)
	}
	return answer.StatusCode, err
}

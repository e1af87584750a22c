package idp

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

const (
	userSchema       = "urn:ietf:params:scim:schemas:core:2.0:User"
	enterpriseSchema = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	groupSchema      = "urn:ietf:params:scim:schemas:core:2.0:Group"
	patchSchema      = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
	media            = "application/scim+json"
)

// client speaks SCIM as Okta does. One goroutine at a time uses it.
type client struct {
	http *http.Client

	mu             sync.Mutex
	address, token string
}

// object is a JSON object.
type object = map[string]any

func newClient() *client { return &client{http: &http.Client{Timeout: time.Minute}} }

func (c *client) connect(address, token string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.address, c.token = strings.TrimSuffix(address, "/"), token
}

func (c *client) connected() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.address
}

// putUser makes a user, or replaces what is known of him.
func (c *client) putUser(ctx context.Context, p Person) error {
	id, err := c.find(ctx, "/Users", "userName", p.Email)
	if err != nil {
		return err
	}
	if id == "" {
		return c.call(ctx, http.MethodPost, "/Users", userBody(p), nil)
	}
	return c.call(ctx, http.MethodPut, "/Users/"+id, userBody(p), nil)
}

func userBody(p Person) object {
	given, family, _ := strings.Cut(p.Name, " ")
	enterprise := object{"department": p.Department}
	if p.Manager != "" {
		enterprise["manager"] = object{"value": p.Manager}
	}
	return object{
		"schemas": []string{userSchema, enterpriseSchema}, "userName": p.Email, "externalId": p.Email, "displayName": p.Name,
		"name": object{"givenName": given, "familyName": family}, "title": p.Title, "userType": "employee", "active": p.Active,
		"emails": []any{object{"value": p.Email, "type": "work", "primary": true}}, enterpriseSchema: enterprise,
	}
}

// setActive tells whether somebody is active; one whom the other side does not know is made.
func (c *client) setActive(ctx context.Context, p Person) error {
	id, err := c.find(ctx, "/Users", "userName", p.Email)
	if err != nil {
		return err
	}
	if id == "" {
		return c.call(ctx, http.MethodPost, "/Users", userBody(p), nil)
	}
	return c.patch(ctx, "/Users/"+id, object{"op": "replace", "value": object{"active": p.Active}})
}

func (c *client) deleteUser(ctx context.Context, email string) error {
	id, err := c.find(ctx, "/Users", "userName", email)
	if err != nil || id == "" {
		return err
	}
	return c.call(ctx, http.MethodDelete, "/Users/"+id, nil, nil)
}

// putGroup makes a group, or says who is in it. Members are added once all of them are there.
func (c *client) putGroup(ctx context.Context, g Group) error {
	members := []any{}
	for _, email := range g.Members {
		id, err := c.find(ctx, "/Users", "userName", email)
		if err != nil {
			return err
		}
		if id != "" {
			members = append(members, object{"value": id, "display": email})
		}
	}
	id, err := c.find(ctx, "/Groups", "displayName", g.Name)
	if err != nil {
		return err
	}
	if id == "" {
		var made struct{ ID string }
		body := object{"schemas": []string{groupSchema}, "displayName": g.Name, "members": []any{}}
		if err := c.call(ctx, http.MethodPost, "/Groups", body, &made); err != nil {
			return err
		}
		id = made.ID
	}
	return c.patch(ctx, "/Groups/"+id, object{"op": "replace", "path": "members", "value": members})
}

func (c *client) join(ctx context.Context, group, email string) error {
	return c.member(ctx, group, email, func(id string) object {
		return object{"op": "add", "path": "members", "value": []any{object{"value": id, "display": email}}}
	})
}

func (c *client) leave(ctx context.Context, group, email string) error {
	return c.member(ctx, group, email, func(id string) object {
		return object{"op": "remove", "path": fmt.Sprintf("members[value eq %q]", id)}
	})
}

func (c *client) member(ctx context.Context, group, email string, operation func(id string) object) error {
	user, err := c.find(ctx, "/Users", "userName", email)
	if err != nil || user == "" {
		return err
	}
	id, err := c.find(ctx, "/Groups", "displayName", group)
	if err != nil || id == "" {
		return err
	}
	return c.patch(ctx, "/Groups/"+id, operation(user))
}

// find looks something up by name, and returns its id or nothing.
func (c *client) find(ctx context.Context, path, attribute, name string) (string, error) {
	query := url.Values{"filter": {fmt.Sprintf("%s eq %q", attribute, name)}, "startIndex": {"1"}, "count": {"100"}}
	var list struct{ Resources []struct{ ID string } }
	if err := c.call(ctx, http.MethodGet, path+"?"+query.Encode(), nil, &list); err != nil || len(list.Resources) == 0 {
		return "", err
	}
	return list.Resources[0].ID, nil
}

func (c *client) patch(ctx context.Context, path string, operation object) error {
	return c.call(ctx, http.MethodPatch, path, object{"schemas": []string{patchSchema}, "Operations": []any{operation}}, nil)
}

// call makes one call. An answer that is no success is an error with what it says.
func (c *client) call(ctx context.Context, method, path string, body, into any) error {
	c.mu.Lock()
	address, token := c.address, c.token
	c.mu.Unlock()
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, address+path, content)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", media)
	request.Header.Set("Accept", media)
	answer, err := c.http.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode >= http.StatusMultipleChoices {
		var said struct{ Detail string }
		_ = json.Unmarshal(text, &said) // without a detail the status has to do
		return fmt.Errorf("%s %s", answer.Status, said.Detail)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(text, into)
}

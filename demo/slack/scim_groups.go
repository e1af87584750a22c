package slack

import (
	"net/http"
	"regexp"
	"slices"
)

const scimGroupSchema = "urn:ietf:params:scim:schemas:core:2.0:Group"

// scimGroups answers /Groups. A group made here is a user group; in an Enterprise organization it is a group of the
// identity provider, whose members the Web API does not change. Unlike a user, a group is erased by DELETE.
func (w *Workspace) scimGroups(c *scimCall) (int, any, error) {
	if c.id == "" {
		return w.scimGroupsAll(c)
	}
	g := w.groups[c.id]
	if g == nil || g.Disabled {
		return 0, nil, scimFail(http.StatusNotFound, "", "group_not_found")
	}
	switch c.Method {
	case http.MethodGet:
		return http.StatusOK, w.scimGroup(g).body, nil
	case http.MethodPatch:
		return w.scimPatchGroup(c, g)
	case http.MethodPut:
		return w.scimSetGroup(g, str(c.body, "displayName"), memberIDs(c.body["members"]))
	case http.MethodDelete:
		delete(w.groups, g.ID)
		w.groupIDs = without(w.groupIDs, []string{g.ID})
		w.notify(pageEvent{Type: "users"})
		return http.StatusNoContent, nil, nil
	}
	return 0, nil, scimFail(http.StatusMethodNotAllowed, "", "method_not_allowed")
}

func (w *Workspace) scimGroupsAll(c *scimCall) (int, any, error) {
	switch c.Method {
	case http.MethodGet:
		var all []scimResource
		for _, id := range w.groupIDs {
			if g := w.groups[id]; !g.Disabled {
				all = append(all, w.scimGroup(g))
			}
		}
		return c.list(all)
	case http.MethodPost:
		return w.scimCreateGroup(c)
	}
	return 0, nil, scimFail(http.StatusMethodNotAllowed, "", "method_not_allowed")
}

func (w *Workspace) scimGroup(g *usergroup) scimResource {
	members := []map[string]any{}
	for _, id := range g.Users {
		if u := w.users[id]; u != nil {
			members = append(members, map[string]any{"value": id, "display": u.RealName})
		}
	}
	body := map[string]any{
		"schemas": []string{scimGroupSchema}, "id": g.ID, "displayName": g.Name, "members": members,
		"meta": map[string]any{"location": w.url + "/scim/v2/Groups/" + g.ID},
	}
	return scimResource{body: body, keys: map[string][]string{"id": {g.ID}, "displayname": {g.Name}}}
}

func (w *Workspace) scimCreateGroup(c *scimCall) (int, any, error) {
	name, members := str(c.body, "displayName"), memberIDs(c.body["members"])
	if name == "" {
		return 0, nil, scimFail(http.StatusBadRequest, "invalidValue", "display_name_required")
	}
	for _, g := range w.groups {
		if g.Name == name {
			return 0, nil, scimFail(http.StatusConflict, "uniqueness", "name_already_exists")
		}
	}
	now := w.clock.Now().Unix()
	g := &usergroup{created: now, updated: now}
	g.Usergroup = Usergroup{ID: w.newID("S"), Name: name, Handle: slug(name), IDP: w.opts.Enterprise}
	if err := w.scimKnown(members); err != nil {
		return 0, nil, err
	}
	g.Users = members
	w.groups[g.ID] = g
	w.groupIDs = append(w.groupIDs, g.ID)
	w.notify(pageEvent{Type: "users"})
	return http.StatusCreated, w.scimGroup(g).body, nil
}

// onePath is the path of a single member: members[value eq "U…"].
var onePath = regexp.MustCompile(`^members\[value eq "([A-Z0-9]+)"\]$`)

func (w *Workspace) scimPatchGroup(c *scimCall, g *usergroup) (int, any, error) {
	changes, err := c.operations()
	if err != nil {
		return 0, nil, err
	}
	name, members := g.Name, slices.Clone(g.Users)
	for _, change := range changes {
		one := onePath.FindStringSubmatch(change.Path)
		text, isText := change.Value.(string)
		switch {
		case change.Path == "displayName" && isText && change.Op == "replace":
			name = text
		case one != nil && change.Op == "remove":
			members = without(members, one[1:])
		case change.Path != "members":
			return 0, nil, scimFail(http.StatusBadRequest, "invalidPath", "unsupported path "+change.Path)
		case change.Op == "add":
			members = append(members, without(memberIDs(change.Value), members)...)
		case change.Op == "replace":
			members = memberIDs(change.Value)
		case change.Value == nil:
			members = []string{}
		default:
			members = without(members, memberIDs(change.Value))
		}
	}
	return w.scimSetGroup(g, name, members)
}

func (w *Workspace) scimSetGroup(g *usergroup, name string, members []string) (int, any, error) {
	if err := w.scimKnown(members); err != nil {
		return 0, nil, err
	}
	if name != "" {
		g.Name = name
	}
	w.setMembers(g, members)
	return http.StatusOK, w.scimGroup(g).body, nil
}

// scimKnown refuses members that are no active person.
func (w *Workspace) scimKnown(members []string) error {
	for _, id := range members {
		if u := w.users[id]; u == nil || u.Bot || u.Deleted {
			return scimFail(http.StatusBadRequest, "invalidValue", "user_not_found: "+id)
		}
	}
	return nil
}

// memberIDs reads a list of members, or one.
func memberIDs(value any) []string {
	ids := []string{}
	all, isList := value.([]any)
	if one, isOne := value.(map[string]any); isOne {
		all, isList = []any{one}, true
	}
	if !isList {
		return ids
	}
	for _, element := range all {
		if member, ok := element.(map[string]any); ok {
			ids = append(ids, str(member, "value"))
		}
	}
	return ids
}

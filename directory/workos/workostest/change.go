package workostest

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// stamp is how the API writes a time.
const stamp = "2006-01-02T15:04:05.000Z"

// CreateDirectory makes a directory and returns its id.
func (s *Server) CreateDirectory(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	directory := s.object("directory", Object{
		"name": name, "organization_id": "org_01EZTR6WYX1A0DSE2CYMGXQ24Y", "type": "okta scim v2.0", "state": "active",
		"external_key": "UWuccu6o1E0GqkYs", "domains": []Object{},
	})
	s.directories = append(s.directories, directory)
	s.emit("dsync.activated", directory)
	return idOf(directory)
}

// DeactivateDirectory unlinks a directory.
func (s *Server) DeactivateDirectory(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.emit("dsync.deactivated", s.change(s.directories, id, Object{"state": "inactive"}))
}

// DeleteDirectory deletes a directory with all that is in it. As at WorkOS there is one event and none for each user.
func (s *Server) DeleteDirectory(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	directory := s.change(s.directories, id, Object{"state": "deleting"})
	s.directories = without(s.directories, id)
	here := func(o Object) bool { return o["directory_id"] == id }
	s.users, s.groups = slices.DeleteFunc(s.users, here), slices.DeleteFunc(s.groups, here)
	delete(directory, "domains")
	delete(directory, "external_key")
	s.emit("dsync.deleted", directory)
}

// CreateUser makes a user with some fields and returns his id.
func (s *Server) CreateUser(directory, email string, fields ...Object) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	first, _, _ := strings.Cut(email, "@")
	user := s.object("directory_user", Object{
		"directory_id": directory, "organization_id": "org_01EZTR6WYX1A0DSE2CYMGXQ24Y", "idp_id": "00u" + first, "email": email,
		"first_name": first, "last_name": nil, "state": "active", "custom_attributes": Object{}, "raw_attributes": Object{},
		"role": Object{"slug": "member"}, "roles": []Object{{"slug": "member"}},
	})
	for _, more := range fields {
		maps.Copy(user, more)
	}
	s.users = append(s.users, user)
	s.emit("dsync.user.created", user)
	return idOf(user)
}

// UpdateUser changes some fields of a user.
func (s *Server) UpdateUser(id string, fields Object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	user := s.change(s.users, id, fields)
	s.emit("dsync.user.updated", user)
}

// DeleteUser deletes a user. As at WorkOS there is no event for each group that he was in.
func (s *Server) DeleteUser(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	user := s.change(s.users, id, Object{"state": "inactive"})
	s.users = without(s.users, id)
	for group := range s.members {
		s.members[group] = slices.DeleteFunc(s.members[group], func(member string) bool { return member == id })
	}
	s.emit("dsync.user.deleted", user)
}

// CreateGroup makes a group and returns its id.
func (s *Server) CreateGroup(directory, name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	group := s.object("directory_group", Object{
		"directory_id": directory, "organization_id": "org_01EZTR6WYX1A0DSE2CYMGXQ24Y", "idp_id": "00g" + name, "name": name,
		"raw_attributes": Object{},
	})
	s.groups = append(s.groups, group)
	s.emit("dsync.group.created", group)
	return idOf(group)
}

// RenameGroup renames a group.
func (s *Server) RenameGroup(id, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.emit("dsync.group.updated", s.change(s.groups, id, Object{"name": name}))
}

// DeleteGroup deletes a group.
func (s *Server) DeleteGroup(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	group := s.change(s.groups, id, nil)
	s.groups = without(s.groups, id)
	delete(s.members, id)
	s.emit("dsync.group.deleted", group)
}

// AddMember takes a user into a group.
func (s *Server) AddMember(group, user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.members[group] = append(s.members[group], user)
	s.emit("dsync.group.user_added", s.membership(group, user))
}

// RemoveMember takes a user out of a group.
func (s *Server) RemoveMember(group, user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.members[group] = slices.DeleteFunc(s.members[group], func(member string) bool { return member == user })
	s.emit("dsync.group.user_removed", s.membership(group, user))
}

// Silently makes changes of which no event tells, as when one was lost.
func (s *Server) Silently(change func()) {
	s.mu.Lock()
	before := len(s.events)
	s.mu.Unlock()
	change()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = s.events[:before]
}

// Emit adds an event of any name and data without changing anything, and returns it.
func (s *Server) Emit(name string, data Object) Object {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.emit(name, data)
}

// Get is an object as it is now, nil where there is none.
func (s *Server) Get(id string) Object {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, all := range [][]Object{s.users, s.groups, s.directories} {
		if at := indexOf(all, id); at >= 0 {
			return maps.Clone(all[at])
		}
	}
	return nil
}

func (s *Server) membership(group, user string) Object {
	in := s.groups[indexOf(s.groups, group)]
	return Object{"directory_id": in["directory_id"], "group": in, "user": s.users[indexOf(s.users, user)]}
}

// object gives an object what all have. Each is a millisecond younger than the one before.
func (s *Server) object(kind string, fields Object) Object {
	now := s.tick()
	fields["object"], fields["id"] = kind, kind+"_"+s.ulid()
	fields["created_at"], fields["updated_at"] = now, now
	return fields
}

// change changes an object in place and returns what an event says of it.
func (s *Server) change(all []Object, id string, fields Object) Object {
	object := all[indexOf(all, id)]
	previous := Object{}
	for name, value := range fields {
		previous[name] = object[name]
		object[name] = value
	}
	object["updated_at"] = s.tick()
	told := maps.Clone(object)
	if len(previous) > 0 && object["object"] != "directory" {
		told["previous_attributes"] = previous
	}
	return told
}

// emit adds an event. The data are copied, since the state goes on changing.
func (s *Server) emit(name string, data Object) Object {
	event := Object{"object": "event", "event": name, "data": clone(data), "created_at": s.tick(), "context": Object{}}
	event["id"] = "event_" + s.ulid()
	s.events = append(s.events, event)
	return event
}

func clone(data Object) Object {
	data = maps.Clone(data)
	for name, value := range data {
		if inner, ok := value.(Object); ok {
			data[name] = clone(inner)
		}
	}
	return data
}

// tick moves the clock by a millisecond, so that what happens later is later.
func (s *Server) tick() string {
	s.now = s.now.Add(time.Millisecond)
	return s.now.Format(stamp)
}

// ulid makes an id that says when it was made.
func (s *Server) ulid() string {
	const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	s.made++
	text := make([]byte, 26)
	for at, value := 9, s.now.UnixMilli(); at >= 0; at, value = at-1, value>>5 {
		text[at] = digits[value&31]
	}
	for at, value := 25, s.made; at >= 10; at, value = at-1, value>>5 {
		text[at] = digits[value&31]
	}
	return string(text)
}

func without(all []Object, id string) []Object {
	return slices.DeleteFunc(all, func(o Object) bool { return o["id"] == id })
}

func idOf(o Object) string {
	id, _ := o["id"].(string)
	return id
}

package flows

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
)

// What a change writes downstream is settled when people are asked about it: arguments are values and no placeholders, so
// that what runs is what was approved, whatever the directory writes meanwhile.

// mirrored is what a directory says of the user and the group that a change is about.
type mirrored struct {
	user     db.DirectoryUser
	group    db.DirectoryGroup
	resource map[string]any // of the user

	stay []string // of a group that is emptied: names of those who stay in it

	userName, groupName string // as they are known downstream: without a change of name that nobody has decided on
}

// mirrored reads what the directory says of the user and the group of a change.
func (c *change) mirrored(ctx context.Context, held db.HeldChange) (mirrored, error) {
	var told mirrored
	var err error
	if held.UserID != "" {
		if told.user, err = db.AnyDirectoryUser(ctx, c, held.UserID); err != nil {
			return told, err
		}
		if err := json.Unmarshal([]byte(told.user.Resource), &told.resource); err != nil {
			return told, fmt.Errorf("read the resource of %s: %w", held.UserID, err)
		}
	}
	if held.GroupID != "" {
		if told.group, err = db.AnyDirectoryGroup(ctx, c, held.GroupID); err != nil {
			return told, err
		}
	}
	others, err := db.BusyHeld(ctx, c, held.DirectoryID, named([]string{held.UserID}), named([]string{held.GroupID}))
	if err != nil {
		return told, err
	}
	told.userName, told.groupName = told.user.UserName, told.group.DisplayName
	for _, other := range others {
		if other.ID == held.ID || other.Status == db.Approved && other.Seq < held.Seq {
			continue // it is written before this one
		}
		if name, is := other.Before["userName"].(string); is && other.Kind == db.UserUpdated && other.UserID == held.UserID {
			told.userName = name
		}
		if name, is := other.Before["displayName"].(string); is && other.Kind == db.GroupUpdated && other.GroupID == held.GroupID {
			told.groupName = name
		}
	}
	if held.Kind == db.GroupEmptied {
		told.stay, err = c.staying(ctx, held, others)
	}
	return told, err
}

// staying are the names of the users whom a directory has put back into a group that it emptied, without those on whose
// joining somebody has yet to decide.
func (c *change) staying(ctx context.Context, held db.HeldChange, others []db.HeldChange) ([]string, error) {
	members, err := db.DirectoryMembers(ctx, c, held.GroupID)
	if err != nil {
		return nil, err
	}
	for _, other := range others {
		if other.Kind == db.MembersAdded && other.GroupID == held.GroupID && other.Status != db.Approved {
			members = minus(members, []string{other.UserID})
		}
	}
	users, err := db.DirectoryUsersByID(ctx, c, members)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(users))
	for n, user := range users {
		names[n] = user.UserName
	}
	return names, nil
}

// downstream is the script that writes a change at a SCIM provider, and a sentence that says what it does. A change that
// does not show there has none.
func downstream(held db.HeldChange, told mirrored, slug, provider string) (db.Script, string) {
	endpoint, args, plan := call(held, told)
	if endpoint == "" {
		return db.Script{}, ""
	}
	literal, _ := asWritten(args).(map[string]any)
	name := slug + "-" + strings.ReplaceAll(endpoint, "_", "-")
	return db.Script{Name: name, Type: slug + "_api_" + endpoint, Args: literal}, plan + " at " + provider
}

// call is the endpoint of the SCIM connector that writes a change, its arguments, and what it does in words.
func call(held db.HeldChange, told mirrored) (endpoint string, args map[string]any, plan string) {
	user, group := told.userName, told.groupName
	switch held.Kind {
	case db.UserCreated:
		return "sync_user", map[string]any{"user": user, "resource": forOthers(told.resource)}, "create the account of " + user
	case db.UserResumed:
		return "sync_user", map[string]any{"user": user, "resource": forOthers(told.resource)}, "unblock the account of " + user
	case db.UserUpdated:
		changed := touched(held, told.resource)
		if len(changed) == 0 {
			return "", nil, ""
		}
		args = map[string]any{"user": told.user.UserName, "resource": changed}
		if before, renamed := held.Before["userName"].(string); renamed {
			args["previous_user"] = before
		}
		return "sync_user", args, "change the account of " + told.user.UserName
	case db.UserSuspended:
		return "disable_user", map[string]any{"user": user}, "block the account of " + user
	case db.UserDeleted:
		return "delete_user", map[string]any{"user": user}, "delete the account of " + user
	case db.GroupCreated:
		return "create_group", map[string]any{"group": group}, "create the group " + group
	case db.GroupUpdated:
		before, renamed := held.Before["displayName"].(string)
		if !renamed {
			return "", nil, ""
		}
		now := told.group.DisplayName
		return "rename_group", map[string]any{"group": before, "new_name": now}, "rename the group " + before + " to " + now
	case db.GroupDeleted:
		return "delete_group", map[string]any{"group": group}, "delete the group " + group
	case db.GroupEmptied:
		stay := make([]any, len(told.stay))
		for n, name := range told.stay {
			stay[n] = name
		}
		return "set_group_members", map[string]any{"group": group, "members": stay}, "empty the group " + group
	case db.MembersAdded:
		return "add_user_to_group", map[string]any{"user": user, "group": group}, "add " + user + " to the group " + group
	case db.MembersRemoved:
		return "remove_user_from_group", map[string]any{"user": user, "group": group}, "remove " + user + " from the group " + group
	}
	return "", nil, ""
}

// ofUs begins the URNs of our own extensions, which are for us alone: when somebody begins and ends, and what a directory
// keeps besides.
const ofUs = "urn:ietf:params:scim:schemas:extension:usher:"

func isOfUs(name string) bool {
	_, is := cutPrefixFold(name, ofUs)
	return is
}

// forOthers is a resource without what is for us alone.
func forOthers(resource map[string]any) map[string]any {
	kept := maps.Clone(resource)
	maps.DeleteFunc(kept, func(name string, _ any) bool { return isOfUs(name) })
	if schemas, is := kept["schemas"].([]any); is {
		kept["schemas"] = slices.DeleteFunc(slices.Clone(schemas), func(one any) bool {
			name, text := one.(string)
			return text && isOfUs(name)
		})
	}
	return kept
}

// touched are the attributes of a user that a change is about, whole, as the directory says them now. One that is gone is
// null. There may be none that is for others.
func touched(held db.HeldChange, resource map[string]any) map[string]any {
	some := map[string]any{}
	for _, paths := range []map[string]any{held.Before, held.After} {
		for path := range paths {
			if name := attributeOf(path, resource); !isOfUs(name) {
				some[name] = resource[name]
			}
		}
	}
	return some
}

// attributeOf is the attribute of a resource in which a path leads: of an extension it is the extension's URN.
func attributeOf(path string, resource map[string]any) string {
	for name := range resource {
		rest, within := cutPrefixFold(path, name)
		if within && (rest == "" || strings.ContainsRune(".:[", rune(rest[0]))) {
			return name
		}
	}
	if strings.HasPrefix(strings.ToLower(path), "urn:") {
		if strings.HasPrefix(strings.ToLower(path), strings.ToLower(enterprise)) {
			return path[:len(enterprise)]
		}
		return path[:max(strings.LastIndex(path, ":"), 0)]
	}
	if end := strings.IndexAny(path, ".["); end > 0 {
		return path[:end]
	}
	return path
}

func cutPrefixFold(text, prefix string) (string, bool) {
	if len(text) < len(prefix) || !strings.EqualFold(text[:len(prefix)], prefix) {
		return text, false
	}
	return text[len(prefix):], true
}

// asWritten keeps what a directory wrote from being read as a placeholder when the script runs. A name of an attribute that
// looks like one is none.
func asWritten(value any) any {
	switch v := value.(type) {
	case string:
		return strings.ReplaceAll(v, "{{", `{{ "{{" }}`)
	case []any:
		list := make([]any, len(v))
		for n := range v {
			list[n] = asWritten(v[n])
		}
		return list
	case map[string]any:
		kept := make(map[string]any, len(v))
		for name, inner := range v {
			if !strings.Contains(name, "{{") {
				kept[name] = asWritten(inner)
			}
		}
		return kept
	}
	return value
}

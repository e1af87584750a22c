package flows

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/usherhq/usher/db"
)

// The attributes of a user that say who somebody is (RFC 7643 sections 4.1 and 4.3, and our extension), in lower case.
const (
	ofEnterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:"
	ofUsher      = "urn:ietf:params:scim:schemas:extension:usher:2.0:user:"
	ofName       = "name."
)

// values are the attributes of a user by flat path in lower case, such as name.givenname, and which of them were told.
type values struct {
	all  map[string]any
	told map[string]bool // nil: those that have a value
}

// said says whether an attribute was told. What a directory never speaks of is for others to say.
func (v values) said(path string) bool {
	if v.told == nil {
		return v.all[path] != nil
	}
	return v.told[path]
}

// valuesOf are what a change of a user says. What is not part of a change of one who is known is as in the user's resource.
func valuesOf(user db.DirectoryUser, change db.DirectoryChange) (values, error) {
	if change.Kind == db.UserCreated && len(change.After) > 0 {
		v := values{all: map[string]any{}}
		for path, value := range change.After {
			v.all[strings.ToLower(path)] = value
		}
		return v, nil
	}
	v, err := valuesIn(user)
	if err != nil || change.Kind == db.UserCreated {
		return v, err
	}
	v.told = map[string]bool{}
	for path := range change.Before {
		path = strings.ToLower(path)
		v.told[path] = true
		delete(v.all, path)
	}
	for path, value := range change.After {
		path = strings.ToLower(path)
		v.told[path] = true
		v.all[path] = value
	}
	return v, nil
}

// valuesIn are all attributes of a user's resource.
func valuesIn(user db.DirectoryUser) (values, error) {
	var resource map[string]any
	if err := json.Unmarshal([]byte(user.Resource), &resource); err != nil {
		return values{}, fmt.Errorf("read the resource of directory user %s: %w", user.ID, err)
	}
	v := values{all: map[string]any{}}
	for name, value := range resource {
		name = strings.ToLower(name)
		extension, is := value.(map[string]any)
		if !is || !strings.HasPrefix(name, "urn:") {
			v.flatten(name, value)
			continue
		}
		for attribute, part := range extension {
			v.flatten(name+":"+strings.ToLower(attribute), part)
		}
	}
	return v, nil
}

// flatten adds a value, a list of texts or the parts of an object. The part called value has the path of the whole, and an element of a list its type.
func (v values) flatten(path string, value any) {
	switch part := value.(type) {
	case map[string]any:
		for name, sub := range part {
			switch name = strings.ToLower(name); {
			case name == "value":
				v.flatten(path, sub)
			default:
				v.flatten(path+"."+name, sub)
			}
		}
	case []any:
		for _, element := range part {
			object, parted := element.(map[string]any)
			if !parted {
				v.all[path] = part // a list of texts is one value
				return
			}
			kind, _ := object["type"].(string)
			if kind != "" {
				kind = "[" + strings.ToLower(kind) + "]"
			}
			v.flatten(path+kind, element)
		}
	default:
		v.all[path] = value
	}
}

// text is an attribute as text, and whether any of the paths was told. The first path that has a value counts.
func (v values) text(paths ...string) (value string, told bool) {
	for _, path := range paths {
		told = told || v.said(path)
		if text := strings.TrimSpace(textOf(v.all[path])); value == "" {
			value = text
		}
	}
	return value, told
}

func textOf(value any) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

// name is what the person is called.
func (v values) name() (string, bool) {
	given, toldGiven := v.text(ofName + "givenname")
	family, toldFamily := v.text(ofName + "familyname")
	whole, toldWhole := v.text("displayname", ofName+"formatted")
	if whole == "" {
		whole = strings.TrimSpace(given + " " + family)
	}
	return whole, toldGiven || toldFamily || toldWhole
}

// addressTold says whether the address of the user may have changed.
func (v values) addressTold() bool {
	for path := range v.told {
		if path == "username" || strings.HasPrefix(path, "emails") {
			return true
		}
	}
	return v.told == nil
}

// dayOf reads a date, which begins where somebody lives, or a point in time. What can't be read is no time.
func dayOf(text string, zone *time.Location) (at time.Time, whole bool) {
	if day, err := time.ParseInLocation(time.DateOnly, text, zone); err == nil {
		return day, true
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, false
	}
	return at, false
}

// firstMoment is when an employment begins: of a date, the midnight before it.
func firstMoment(text string, zone *time.Location) time.Time {
	at, _ := dayOf(text, zone)
	return stored(at)
}

// lastMoment is when an employment is over: of a date, the midnight behind it.
func lastMoment(text string, zone *time.Location) time.Time {
	at, whole := dayOf(text, zone)
	if whole {
		at = at.AddDate(0, 0, 1)
	}
	return stored(at)
}

// stored is a time as it is stored; none stays none.
func stored(at time.Time) time.Time {
	if at.IsZero() {
		return time.Time{}
	}
	return db.UTC(at)
}

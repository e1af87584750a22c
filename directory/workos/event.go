package workos

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Event is the envelope of one event. Data is read by User, Group, Membership or Directory, as Name says.
type Event struct {
	ID        string          `json:"id"`
	Name      string          `json:"event"`
	Data      json.RawMessage `json:"data"`
	CreatedAt time.Time       `json:"created_at"`
}

// Directory is a directory as dsync.activated, dsync.deactivated and dsync.deleted tell of it.
type Directory struct {
	ID             string    `json:"id"`
	Name           string    `json:"name"`
	State          string    `json:"state"` // of events: active, inactive, deleting, …; of the state API: linked, unlinked, …
	Type           string    `json:"type"`  // for example "okta scim v2.0"
	OrganizationID string    `json:"organization_id"`
	UpdatedAt      time.Time `json:"updated_at"`
}

// Group is a group of a directory.
type Group struct {
	ID             string    `json:"id"`
	DirectoryID    string    `json:"directory_id"`
	OrganizationID string    `json:"organization_id"`
	IDPID          string    `json:"idp_id"`
	Name           string    `json:"name"`
	UpdatedAt      time.Time `json:"updated_at"`
}

// Membership is what dsync.group.user_added and dsync.group.user_removed tell.
type Membership struct {
	DirectoryID string `json:"directory_id"`
	User        User   `json:"user"`
	Group       Group  `json:"group"`
}

// errShape says that the data of an event are not what its name promises.
var errShape = errors.New("the data of the event are not what its name promises")

// Directory reads the data of an event about a directory.
func (e Event) Directory() (Directory, error) {
	d, err := read[Directory](e)
	return d, named(err, e, d.ID)
}

// User reads the data of an event about a user.
func (e Event) User() (User, error) {
	u, err := read[User](e)
	return u, named(err, e, u.ID, u.DirectoryID)
}

// Group reads the data of an event about a group.
func (e Event) Group() (Group, error) {
	g, err := read[Group](e)
	return g, named(err, e, g.ID, g.DirectoryID)
}

// Membership reads the data of an event about a user in a group.
func (e Event) Membership() (Membership, error) {
	m, err := read[Membership](e)
	return m, named(err, e, m.DirectoryID, m.User.ID, m.Group.ID)
}

// DirectoryID is the directory that an event is about, or "" where its data name none. It is found also where the other
// data can't be read.
func (e Event) DirectoryID() string {
	var about struct {
		ID          any `json:"id"`
		DirectoryID any `json:"directory_id"`
	}
	if json.Unmarshal(e.Data, &about) != nil {
		return ""
	}
	id, _ := about.DirectoryID.(string)
	switch e.Name {
	case Activated, Deactivated, Deleted:
		id, _ = about.ID.(string)
	}
	return id
}

func read[T any](e Event) (T, error) {
	var data T
	err := json.Unmarshal(e.Data, &data)
	return data, err
}

// named is an error unless the data could be read and all ids are there. What is wrong with the data is not repeated:
// they are about people.
func named(err error, e Event, ids ...string) error {
	for _, id := range ids {
		if id == "" {
			err = errShape
		}
	}
	if err != nil {
		return fmt.Errorf("event %s %s: %w", e.Name, e.ID, errShape)
	}
	return nil
}

// eventTime is when an event was made, as its id says: ids are ULIDs (https://github.com/ulid/spec), whose first ten
// characters are milliseconds.
func eventTime(id string) (time.Time, bool) {
	const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	_, ulid, _ := strings.Cut(id, "_")
	if len(ulid) != 26 || ulid[0] > '7' {
		return time.Time{}, false
	}
	var ms int64
	for _, digit := range strings.ToUpper(ulid[:10]) {
		value := strings.IndexRune(digits, digit)
		if value < 0 {
			return time.Time{}, false
		}
		ms = ms<<5 | int64(value)
	}
	return time.UnixMilli(ms).UTC(), true
}

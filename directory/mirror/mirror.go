// Package mirror keeps what a directory says of users and groups as the directory said it, and writes into its journal
// what each write changes. Everything that tells of a directory writes by it: the SCIM server and WorkOS.
//
// All functions run inside flows.WriteDirectory, which holds the directory. They take the row as it was, read under lock
// (db.LockDirectoryUser, db.LockDirectoryGroup), and return it as it is. A write that changes nothing leaves version and
// time of the row alone and puts nothing into the journal.
package mirror

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/scim"
)

// ErrTaken says that another user or group of the directory has the name.
var ErrTaken = errors.New("another one of the directory has this name")

// ErrNoUser says that somebody who is to be a member is no user of the directory: an UnknownMemberError.
var ErrNoUser = errors.New("no user of the directory")

// UnknownMemberError is ErrNoUser with the id that the source gave.
type UnknownMemberError struct{ ID string }

func (m UnknownMemberError) Error() string { return fmt.Sprintf("member %q: %v", m.ID, ErrNoUser) }

// Unwrap is ErrNoUser.
func (UnknownMemberError) Unwrap() error { return ErrNoUser }

// Told is what a source says of a write besides what is written. The zero value says nothing.
type Told struct {
	Event string    // the source's own id of the write, which counts once; at the first change that it makes
	At    time.Time // when it was so by the source's own clock
}

// User reads the SCIM resource of a user, without id, meta and groups. Of the zero row it is empty.
func User(row db.DirectoryUser) (scim.Resource, error) { return read(row.ID, row.Resource) }

// Group reads the SCIM resource of a group, without id, meta and members. Of the zero row it is empty.
func Group(row db.DirectoryGroup) (scim.Resource, error) { return read(row.ID, row.Resource) }

func read(id, text string) (scim.Resource, error) {
	resource := scim.Resource{}
	if id == "" {
		return resource, nil
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber() // as it was sent, so that what is read and written again is the same
	if err := decoder.Decode(&resource); err != nil {
		return nil, fmt.Errorf("read the resource of %s: %w", id, err)
	}
	return resource, nil
}

// write is a resource as it is stored: without what the server knows better. JSON of a map is in the order of its keys,
// so that equal resources are equal texts.
func write(resource scim.Resource, without ...string) (string, error) {
	kept := make(scim.Resource, len(resource))
	for name, value := range resource {
		kept[name] = value
	}
	for _, name := range append(without, "id", "meta") {
		delete(kept, name)
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return "", fmt.Errorf("write a resource: %w", err)
	}
	return string(text), nil
}

// text is an attribute that is a text, or "".
func text(resource scim.Resource, name string) string {
	value, _ := resource[name].(string)
	return value
}

// crockford is the alphabet of db.NewID, whose letters sort as what they stand for.
var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// newID makes an id that sorts by the time at which it was made, to the millisecond. Lists are ordered by id, so that
// what is added while somebody turns their pages comes on the last one.
func newID(prefix string, at time.Time) string {
	var bytes [15]byte
	binary.BigEndian.PutUint64(bytes[:8], uint64(at.UnixMilli())<<16)
	rand.Read(bytes[6:]) // never fails: crypto/rand ends the program instead
	return prefix + "_" + crockford.EncodeToString(bytes[:])
}

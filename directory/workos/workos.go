// Package workos reads the changes of a directory from WorkOS Directory Sync (https://workos.com/docs/directory-sync).
//
// The Events API is the truth: events are read in order after a cursor, which is stored in the transaction that counts
// them, so that each counts once. A webhook says only that there may be something to read; what it carries is never
// used. The state API is what the mirror is compared with each night, and what is read when events are no longer kept.
package workos

import "time"

// DefaultAddress is where the API of WorkOS is.
const DefaultAddress = "https://api.workos.com"

// Retention is how long WorkOS keeps events (https://workos.com/docs/events/data-syncing).
const Retention = 30 * 24 * time.Hour

// The names of the events that are read. Others are never asked for, and skipped where they come.
const (
	Activated    = "dsync.activated"
	Deactivated  = "dsync.deactivated"
	Deleted      = "dsync.deleted"
	UserCreated  = "dsync.user.created"
	UserUpdated  = "dsync.user.updated"
	UserDeleted  = "dsync.user.deleted"
	GroupCreated = "dsync.group.created"
	GroupUpdated = "dsync.group.updated"
	GroupDeleted = "dsync.group.deleted"
	UserAdded    = "dsync.group.user_added"
	UserRemoved  = "dsync.group.user_removed"
)

// Names are all events that are asked for, in the order in which the documentation lists them.
func Names() []string {
	return []string{
		Activated, Deactivated, Deleted, UserCreated, UserUpdated, UserDeleted, GroupCreated, GroupUpdated, GroupDeleted,
		UserAdded, UserRemoved,
	}
}

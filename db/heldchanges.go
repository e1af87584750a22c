package db

import (
	"time"

	"github.com/uptrace/bun"
)

// What becomes of a held change, besides Approved, Denied and Failed.
const (
	HeldGathering  = "gathering"  // others of its kind may join it in one card
	HeldWaiting    = "waiting"    // people are asked
	HeldWritten    = "written"    // approved, and so here and downstream
	HeldExpired    = "expired"    // nobody decided in time
	HeldSuperseded = "superseded" // the directory wrote something newer meanwhile
	HeldDiscarded  = "discarded"
)

// HeldChange is one thing that people decide on before it is so: a change of one user, of one group, or of one user's
// membership of a group.
type HeldChange struct {
	bun.BaseModel `bun:"table:held_changes,alias:held_change"`

	ID           string         `bun:"id,pk"`
	DirectoryID  string         `bun:"directory_id"`
	ChangeID     string         `bun:"change_id"`
	Seq          int64          `bun:"seq"` // of the change
	Kind         string         `bun:"kind"`
	UserID       string         `bun:"user_id"`
	GroupID      string         `bun:"group_id"`
	Label        string         `bun:"label"`
	Before       map[string]any `bun:"before_value,type:jsonb"`
	After        map[string]any `bun:"after_value,type:jsonb"`
	Route        string         `bun:"route"` // what is gathered in one card has the same directory, kind and route
	Status       string         `bun:"status"`
	SupersededBy string         `bun:"superseded_by"` // id of the newer change
	RequestID    string         `bun:"request_id"`
	ItemID       string         `bun:"item_id"`
	DueAt        time.Time      `bun:"due_at"`
	CreatedAt    time.Time      `bun:"created_at"`
	SettledAt    time.Time      `bun:"settled_at,nullzero"`
}

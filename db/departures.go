package db

import (
	"time"

	"github.com/uptrace/bun"
)

// The statuses of a departure.
const (
	DepartureOpen   = "open" // not all is gone yet
	DepartureDone   = "done"
	DepartureUndone = "undone" // it was a mistake, and what was held is given back
)

// Departure is the leaving of one person: all that he held is ended at once, and one card shows it complete.
type Departure struct {
	bun.BaseModel `bun:"table:departures,alias:departure"`

	ID          string    `bun:"id,pk"`
	PersonID    string    `bun:"person_id"`
	DirectoryID string    `bun:"directory_id"`
	ChangeID    string    `bun:"change_id"` // of the directory; empty: the end date came
	RequestID   string    `bun:"request_id"`
	Cause       string    `bun:"cause"` // a sentence
	Status      string    `bun:"status"`
	Grants      []string  `bun:"grants,type:jsonb"` // ids of those that it ended
	StartedAt   time.Time `bun:"started_at"`
	SessionsAt  time.Time `bun:"sessions_at,nullzero"` // the last session had ended
	DoneAt      time.Time `bun:"done_at,nullzero"`
	UndoneAt    time.Time `bun:"undone_at,nullzero"`
	UndoneBy    string    `bun:"undone_by,nullzero"`
}

package flows

import (
	"time"

	"github.com/usherhq/usher/db"
)

// Health is what an admin has to look at.
type Health struct {
	Failed     []db.ActionFlow // wait for somebody to mend them, with their grants
	Overdue    []db.Grant      // their time is over and they have not ended
	Unattended []Unattended    // open approval steps with fewer people who can decide than are needed
	Providers  []ProviderHealth
	Differing  []db.ConfigObject // written in Slack, and a configuration file wants them otherwise

	FailedTotal, OverdueTotal int64 // the lists hold the oldest
}

// Unattended is an open approval step for which there are too few people.
type Unattended struct {
	RequestID, StepID, StepName string
	Able, Need                  int
	Since                       time.Time
}

// ProviderHealth says how calls to a provider went.
type ProviderHealth struct {
	Slug, Name   string
	LastSuccess  time.Time // zero: never
	LastFailure  time.Time // zero: never
	FailingSince time.Time // zero: the last call went well, or there was none
}

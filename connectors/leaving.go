package connectors

import "slices"

// The endpoints that shut a person out, as the shared vocabulary calls them. A configuration that declares one of them
// gives a provider what its connector does not have.
const (
	endSessions = "end_sessions"
	disableUser = "disable_user"
)

// Leaving is for providers that can shut a person out at once, before anything is taken away: first the sessions are
// ended, then the account is suspended. What [Registry.Open] answers always is one.
//
// Each of the two stands for itself: that sessions could not be ended is no reason to leave the account open, and
// suspending may well end them too.
type Leaving interface {
	// Leaving names two endpoints that revoke and need no argument: the one that ends what the person has open at the
	// target, and the one that suspends the account and deletes nothing. Either is empty where the system, or the
	// provider with these settings, has no such thing.
	Leaving() (sessions, suspend string)
}

var _ Leaving = (*extended)(nil)

// Leaving is the connector's, and else what the configuration declares as end_sessions and disable_user.
func (e *extended) Leaving() (sessions, suspend string) {
	if own, ok := As[Leaving](e.Provider); ok {
		sessions, suspend = own.Leaving()
	}
	for _, declared := range e.endpoints {
		asks := slices.ContainsFunc(declared.Args, func(f Field) bool { return f.Required })
		switch {
		case declared.Effect != Revokes || asks:
		case declared.Name == endSessions && sessions == "":
			sessions = endSessions
		case declared.Name == disableUser && suspend == "":
			suspend = disableUser
		}
	}
	return sessions, suspend
}

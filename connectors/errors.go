package connectors

import (
	"errors"
	"time"
)

// RefusedError says that the target or the connector said no for good. Conflict means that the target said no because
// of what is already there: somebody, perhaps an earlier attempt of ours, may have been faster.
type RefusedError struct {
	Err      error
	Conflict bool
}

// TransientError says that nothing was written and that trying again makes sense, After the given time at the earliest.
type TransientError struct {
	Err   error
	After time.Duration
}

// UnknownError says that a write was sent and that nobody knows what came of it.
type UnknownError struct{ Err error }

func (e *RefusedError) Error() string   { return e.Err.Error() }
func (e *TransientError) Error() string { return e.Err.Error() }
func (e *UnknownError) Error() string   { return e.Err.Error() }

// Unwrap answers the cause.
func (e *RefusedError) Unwrap() error { return e.Err }

// Unwrap answers the cause.
func (e *TransientError) Unwrap() error { return e.Err }

// Unwrap answers the cause.
func (e *UnknownError) Unwrap() error { return e.Err }

// Refuse marks err as a final no. Its text is read by people: say what to do next.
func Refuse(err error) error { return &RefusedError{Err: err} }

// Conflict marks err as a no because of what is already there, such as HTTP's 409.
func Conflict(err error) error { return &RefusedError{Err: err, Conflict: true} }

// Retry marks err as one after which nothing was written. After is what the target asked for, or zero.
func Retry(err error, after time.Duration) error { return &TransientError{Err: err, After: after} }

// Unsure marks err as one that leaves open whether the write happened.
func Unsure(err error) error { return &UnknownError{Err: err} }

// mark is what an error says about the write. The zero mark says nothing.
type mark struct {
	outcome  Outcome
	conflict bool
	after    time.Duration
}

// markOf reads the outermost mark on err: who wrapped last knew most.
func markOf(err error) mark {
	for ; err != nil; err = errors.Unwrap(err) {
		switch e := err.(type) { //nolint:errorlint // each link of the chain is looked at in turn
		case *RefusedError:
			return mark{outcome: Refused, conflict: e.Conflict}
		case *TransientError:
			return mark{outcome: Transient, after: e.After}
		case *UnknownError:
			return mark{outcome: Unknown}
		}
	}
	return mark{}
}

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

// refused reports whether err is a final no.
func refused(err error) bool {
	_, ok := marked(err).(*RefusedError)
	return ok
}

// conflict reports whether err is a no because of what is already there.
func conflict(err error) bool {
	e, ok := marked(err).(*RefusedError)
	return ok && e.Conflict
}

// transient reports whether err says that nothing was written, and how long to wait.
func transient(err error) (time.Duration, bool) {
	if e, ok := marked(err).(*TransientError); ok {
		return e.After, true
	}
	return 0, false
}

// marked answers the outermost of the three marks on err: who wrapped last knew most.
func marked(err error) error {
	for ; err != nil; err = errors.Unwrap(err) {
		switch err.(type) {
		case *RefusedError, *TransientError, *UnknownError:
			return err
		}
	}
	return nil
}

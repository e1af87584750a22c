package flows

import (
	"errors"
	"fmt"
)

// The fields of the request form that an Error may be about.
const (
	FieldAccess   = "access"
	FieldFor      = "for"
	FieldDuration = "duration"
	FieldStart    = "start"
	FieldReason   = "reason"

	FieldEmergency = "emergency"
)

// The fields of the forms of whoever decides that an Error may be about.
const (
	FieldComment = "comment"
	FieldCode    = "code"
	FieldTo      = "to"
	FieldText    = "text"
)

// Error is a refusal that a person may read. Text is a sentence that says what to do next.
type Error struct {
	Text  string
	Field string // of the form it is about, or empty
	Item  int    // which entitlement of the form, from 0
}

// Error returns the sentence.
func (e *Error) Error() string { return e.Text }

func refuse(format string, args ...any) error { return &Error{Text: fmt.Sprintf(format, args...)} }

func refuseField(field string, item int, format string, args ...any) error {
	return &Error{Text: fmt.Sprintf(format, args...), Field: field, Item: item}
}

// Refusal returns the refusal in err, if it is one.
func Refusal(err error) (*Error, bool) {
	var refusal *Error
	ok := errors.As(err, &refusal)
	return refusal, ok
}

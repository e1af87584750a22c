package scim

import (
	"fmt"
	"net/http"
	"strconv"
)

// errorURN marks the body of a refusal (RFC 7644 section 3.12).
const errorURN = "urn:ietf:params:scim:api:messages:2.0:Error"

// Error is a refusal as a client reads it. Every error of this package is one. Status is the HTTP status, Type the
// scimType (RFC 7644 table 9) or empty, and Detail a sentence for a person: identity providers show it to their
// administrators.
type Error struct {
	Status       int
	Type, Detail string
}

func (e *Error) Error() string {
	if e.Type == "" {
		return e.Detail
	}
	return e.Type + ": " + e.Detail
}

// Body is the error as a SCIM message. The status is a text there.
func (e *Error) Body() Resource {
	body := Resource{"schemas": []any{errorURN}, "status": strconv.Itoa(e.Status), "detail": e.Detail}
	if e.Type != "" {
		body["scimType"] = e.Type
	}
	return body
}

// InvalidFilter refuses a filter that cannot be read, or that compares what cannot be compared.
func InvalidFilter(format string, args ...any) *Error {
	return refusal(http.StatusBadRequest, "invalidFilter", format, args)
}

// InvalidSyntax refuses a body that is not understood.
func InvalidSyntax(format string, args ...any) *Error {
	return refusal(http.StatusBadRequest, "invalidSyntax", format, args)
}

// InvalidPath refuses the malformed or unknown path of an attribute.
func InvalidPath(format string, args ...any) *Error {
	return refusal(http.StatusBadRequest, "invalidPath", format, args)
}

// InvalidValue refuses a value of a wrong type, and a body that lacks a required one.
func InvalidValue(format string, args ...any) *Error {
	return refusal(http.StatusBadRequest, "invalidValue", format, args)
}

// NoTarget refuses an operation whose path points at nothing.
func NoTarget(format string, args ...any) *Error {
	return refusal(http.StatusBadRequest, "noTarget", format, args)
}

// Mutability refuses to change what a client may not change.
func Mutability(format string, args ...any) *Error {
	return refusal(http.StatusBadRequest, "mutability", format, args)
}

// Uniqueness refuses a value that another resource has.
func Uniqueness(format string, args ...any) *Error {
	return refusal(http.StatusConflict, "uniqueness", format, args)
}

// TooLarge refuses what goes beyond a limit of this package.
func TooLarge(format string, args ...any) *Error {
	return refusal(http.StatusRequestEntityTooLarge, "", format, args)
}

func refusal(status int, kind, format string, args []any) *Error {
	return &Error{Status: status, Type: kind, Detail: fmt.Sprintf(format, args...)}
}

// quoted shows what a client sent, in quotes and not at length.
func quoted(text string) string {
	const most = 80
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return strconv.Quote(text)
}

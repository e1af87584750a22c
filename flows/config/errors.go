package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Error is one mistake in a configuration file. Line and Column count from 1.
type Error struct {
	File         string
	Line, Column int
	Text         string // what was wrong, and what was meant
	Key          string // the key that is missing there, if one is
}

// Error is "FILE:LINE:COLUMN: what was wrong; what was meant".
func (e Error) Error() string { return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Text) }

// Errors are the mistakes of one configuration file, in the order of the file. Nothing was changed.
type Errors []Error

// Error is one line for each mistake.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i := range e {
		lines[i] = e[i].Error()
	}
	return strings.Join(lines, "\n")
}

// maxErrors is how many mistakes are told at once.
const maxErrors = 50

// sorted puts mistakes in the order of the file, without those said twice, at most maxErrors.
func (e Errors) sorted() Errors {
	slices.SortStableFunc(e, func(a, b Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	e = slices.Compact(e)
	if len(e) > maxErrors {
		e = e[:maxErrors]
	}
	return e
}

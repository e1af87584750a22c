package connectors

import (
	"context"
	"time"
)

// The types that a Field may have. TypeAny is checked by the connector itself.
const (
	TypeString = "string"
	TypeBool   = "bool"
	TypeInt    = "int"
	TypeMap    = "map"
	TypeAny    = "any"
)

// Field describes an argument, an output or a setting. Secret is for settings only: the value must then be a
// reference, see [ResolveSecret].
type Field struct {
	Name, Type, Doc string
	Required        bool
	Secret          bool
}

// OutputURL is the output under which an endpoint answers the address of what it made or found, for a link in the
// thread.
const OutputURL = "url"

// Effect says what an endpoint does to a person's access.
type Effect string

// The three effects.
const (
	Reads   Effect = "reads"
	Grants  Effect = "grants"
	Revokes Effect = "revokes"
)

// Endpoint is one thing that can be done at a provider. Endpoints in Info only describe: their functions are nil.
type Endpoint struct {
	// Name is lower_snake and part of the script type: {provider}_api_{name}.
	Name, Doc string
	Effect    Effect
	Args      []Field
	Outputs   []Field
	// Undo names the endpoint that takes this one back. It is a hint for people: nothing is undone by itself.
	Undo string
	// EndsSessions says that a revoking endpoint also ends what the person has open at the target, and that its Read
	// finds it done only when nothing is open any more.
	EndsSessions bool
	// Read says what is there. It must not write.
	Read func(ctx context.Context, call Call) (State, error)
	// Write makes what Read found into what is wanted. It runs only when found.Done is false. Nil when Effect is Reads.
	Write func(ctx context.Context, call Call, found State) error
	// Did is the sentence about a change that was made, such as "Added ana@example.com to group Editors".
	Did func(call Call) string
	// Consistency is how long after a write a read may still show the old state. Zero means that reads are exact.
	Consistency time.Duration
}

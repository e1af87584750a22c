package connectors

import (
	"context"
	"time"
)

// Hook is a webhook that a configuration declares: a message to somebody else's program, which may answer later. Hooks
// in Info only describe: Send is nil.
type Hook struct {
	// Name is lower_snake and part of the script type: {provider}_webhook_{name}.
	Name, Doc string
	// Event is the message's type, such as "access.granted".
	Event         string
	Args, Outputs []Field
	// Deadline is how long a receiver that answers 202 may take to call back.
	Deadline time.Duration
	// Send delivers the message once. Callback is the absolute address at which this delivery may be answered later, or
	// empty where there is none. Sending again with the same Call.IdempotencyKey is the same delivery to the receiver.
	Send func(ctx context.Context, call Call, callback string) HookResult
}

// HookResult is what one delivery came to. Waits says that the receiver took the message and will call back within
// Hook.Deadline: the outcome is not known yet, and Result.Outcome is empty. A delivery is never Unknown, since a
// second one with the same webhook-id is the same to the receiver: what was lost is Transient.
type HookResult struct {
	Result
	Waits bool
}

// Hooked is a Provider with webhooks. What [Registry.Open] answers always is one.
type Hooked interface{ Hooks() []Hook }

// Caller is a Provider whose target can be called by declared endpoints too: the client knows the base address and
// how to sign in there. Its connector says so by Info.Calls.
type Caller interface{ Caller() *JSONClient }

// HookType is the name of a provider's webhook in action chains.
func HookType(slug, name string) string { return slug + "_webhook_" + name }

package connectors

import "context"

// Notes is for providers that can say more than whether they are reached: what the target's plan and the credentials'
// permissions allow. Each note is one sentence for `usher doctor`. It makes harmless calls only.
type Notes interface {
	Notes(ctx context.Context) ([]string, error)
}

package connectors

import "context"

// memory is what the write of a run leaves for the same run's read-back: that the target said yes, and what it
// answered. It ends with the run.
type memory struct {
	written bool
	output  map[string]any
}

type memoryKey struct{}

// remembering is a context for one run.
func remembering(ctx context.Context) context.Context {
	return context.WithValue(ctx, memoryKey{}, &memory{})
}

// memoryOf is the memory of the run under way. Outside of one, as for a plan, there is nothing to remember.
func memoryOf(ctx context.Context) *memory {
	if m, ok := ctx.Value(memoryKey{}).(*memory); ok {
		return m
	}
	return &memory{}
}

package flows

import "context"

// memory keeps what is read while the same rules are asked about thousands of past requests, so that each person and
// each group is read once. It travels in the context of a replay, which changes nothing.
type memory map[string]any

type memoryKey struct{}

func withMemory(ctx context.Context) context.Context {
	return context.WithValue(ctx, memoryKey{}, memory{})
}

// replaying says whether the rules are asked about the past: then nobody is away, since who is away today says nothing
// about it.
func replaying(ctx context.Context) bool { return ctx.Value(memoryKey{}) != nil }

// remembered reads something, once in a replay. The key names what is read.
func remembered[T any](ctx context.Context, key string, read func() (T, error)) (T, error) {
	kept, ok := ctx.Value(memoryKey{}).(memory)
	if !ok {
		return read()
	}
	if value, known := kept[key].(T); known {
		return value, nil
	}
	value, err := read()
	if err == nil {
		kept[key] = value
	}
	return value, err
}

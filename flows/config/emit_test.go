package config

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// anyValue draws what a column of JSON can hold.
func anyValue(depth int) *rapid.Generator[any] {
	storable := rapid.String().Filter(func(s string) bool { return !strings.ContainsRune(s, 0) })
	kinds := []*rapid.Generator[any]{
		storable.AsAny(),
		rapid.StringMatching(`[ -~]{0,8}`).AsAny(),
		rapid.SampledFrom([]string{"yes", "No", "~", "null", "1e3", "0x1f", "1_000", "2026-01-01", "- a", "a: b", "#x", "&a", "*a", "!t", "|", ">", "%", "@a", "`", "{{ a }}", "a #b", " a", "a ", "\t", "\n", "8h", "-", "?", "<<", "0o7", ".5", "+1", "1:30", ".inf", "..."}).AsAny(),
		rapid.Int64Range(-1<<53, 1<<53).AsAny(),
		rapid.Float64Range(-1e300, 1e300).AsAny(),
		rapid.Bool().AsAny(),
	}
	if depth > 0 {
		inner := rapid.Deferred(func() *rapid.Generator[any] { return anyValue(depth - 1) })
		kinds = append(kinds, rapid.SliceOfN(inner, 0, 4).AsAny(), rapid.MapOfN(storable, inner, 0, 4).AsAny())
	}
	return rapid.OneOf(kinds...)
}

// TestWhatIsWrittenIsReadBack: any value that the rows can hold comes back from the file as it was.
func TestWhatIsWrittenIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := normal(anyValue(3).Draw(t, "value"))
		d := &document{}
		d.section("things", []fields{{{"first", 1}, {"value", value}, {"list", []any{fields{{"inner", value}}}}}})
		root, errs := readYAML("f", []byte(d.out.String()))
		require.Empty(t, errs, d.out.String())
		things, ok := root.find("things")
		require.True(t, ok)
		if empty(value) {
			return
		}
		require.Equal(t, value, normal(things.items[0].plain().(map[string]any)["value"]), d.out.String())
		inner := things.items[0].plain().(map[string]any)["list"].([]any)[0].(map[string]any)["inner"]
		require.Equal(t, value, normal(inner), d.out.String())
	})
}

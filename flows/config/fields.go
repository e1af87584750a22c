package config

import (
	"maps"
	"slices"

	"github.com/usherhq/usher/db"
)

// field is one key of an object of the configuration. The value is a string, an int, an int64, a float64, a bool,
// nil, an []any, a map[string]any or fields of its own.
type field struct {
	key   string
	value any
}

// fields are the keys of an object in the order in which people write them.
type fields []field

// get returns the value of a key, or nil.
func (f fields) get(key string) any {
	for _, one := range f {
		if one.key == key {
			return one.value
		}
	}
	return nil
}

// facts is the object as the audit log keeps it.
func (f fields) facts() map[string]any {
	all := map[string]any{}
	for _, one := range f {
		all[one.key] = facts(one.value)
	}
	return all
}

func facts(value any) any {
	switch v := value.(type) {
	case fields:
		return v.facts()
	case []any:
		all := make([]any, len(v))
		for i := range v {
			all[i] = facts(v[i])
		}
		return all
	}
	return value
}

// some drops the keys whose values say nothing.
func (f fields) some() fields {
	var kept fields
	for _, one := range f {
		if !empty(one.value) {
			kept = append(kept, one)
		}
	}
	return kept
}

func empty(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case int:
		return v == 0
	case bool:
		return !v
	case map[string]any:
		return len(v) == 0
	case fields:
		return len(v) == 0
	}
	return false
}

func (p Person) fields() fields {
	all := fields{{"email", p.Email}}
	for _, one := range []struct {
		key   string
		value *string
	}{{"name", p.Name}, {"manager", p.Manager}, {"department", p.Department}, {"title", p.Title}} {
		if one.value != nil {
			all = append(all, field{one.key, *one.value})
		}
	}
	if p.Attributes != nil {
		all = append(all, field{"attributes", p.Attributes})
	}
	if p.Groups != nil {
		all = append(all, field{"groups", words(*p.Groups)})
	}
	return all
}

func (p Provider) fields() fields {
	return fields{
		{"slug", p.Slug},
		{"name", p.Name},
		{"connector", p.Connector},
		{"owner", p.Owner},
		{"workers", p.Workers},
		{"rate", p.Rate},
		{"settings", p.Settings},
		{"endpoints", endpointFields(p.Endpoints)},
	}
}

func (e Entitlement) fields() fields {
	approval := []any{}
	for _, rule := range e.Approval {
		approval = append(approval, fields{{"chain", rule.Chain}, {"when", rule.When}}.some())
	}
	return fields{
		{"slug", e.Slug},
		{"provider", e.Provider},
		{"kind", e.Kind},
		{"target", e.Target},
		{"name", e.Name},
		{"description", e.Description},
		{"owner", e.Owner},
		{"risk", e.Risk},
		{"durations", fields{
			{"default", e.Durations.Default.String()},
			{"max", e.Durations.Max.String()},
			{"choices", lengths(e.Durations.Choices)},
		}},
		{"requestable_by", e.RequestableBy},
		{"approval", approval},
		{"provision", e.Provision},
		{"deprovision", e.Deprovision},
		{"emergency", emergencyFields(e.Emergency)},
	}
}

func (c ActionChain) fields() fields {
	scripts := []any{}
	for _, script := range c.Scripts {
		scripts = append(scripts, fields{
			{"name", script.Name},
			{"type", script.Type},
			{"when", script.When},
			{"args", script.Args},
			{"retry", retryFields(script.Retry)},
			{"timeout", length(script.Timeout)},
			{"on_failure", script.OnFailure},
		}.some())
	}
	return fields{{"slug", c.Slug}, {"name", c.Name}, {"kind", c.Kind}, {"workflow", c.Text}, {"scripts", scripts}}
}

// endpointFields are a provider's declared endpoints, each with its name first.
func endpointFields(endpoints []any) any {
	if len(endpoints) == 0 {
		return nil
	}
	all := make([]any, 0, len(endpoints))
	for _, endpoint := range endpoints {
		written, isMap := endpoint.(map[string]any)
		if !isMap {
			all = append(all, endpoint)
			continue
		}
		first := []string{"name", "webhook", "effect", "undo", "method", "path", "url"}
		var sorted fields
		for _, key := range first {
			if value, given := written[key]; given {
				sorted = append(sorted, field{key, value})
			}
		}
		for _, key := range slices.Sorted(maps.Keys(written)) {
			if !slices.Contains(first, key) {
				sorted = append(sorted, field{key, written[key]})
			}
		}
		all = append(all, sorted)
	}
	return all
}

func retryFields(r db.Retry) fields {
	all := fields{{"attempts", r.Attempts}, {"backoff", length(r.Backoff)}}
	if len(r.On) > 0 {
		all = append(all, field{"on", words(r.On)})
	}
	return all.some()
}

// length writes a duration; none is empty.
func length(d db.Duration) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

func lengths(all []db.Duration) []any {
	out := make([]any, len(all))
	for i, d := range all {
		out[i] = d.String()
	}
	return out
}

func words(all []string) []any {
	out := make([]any, len(all))
	for i, word := range all {
		out[i] = word
	}
	return out
}

package rules

import (
	"errors"
	"maps"
	"slices"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/usherhq/usher/db"
)

// records tells CEL about our types: which fields they have, and that a value is a map. All else is the registry's.
type records struct {
	*types.Registry
	fields map[string]map[string]*cel.Type
}

// FindStructType finds one of our types by name.
func (r records) FindStructType(name string) (*types.Type, bool) {
	if _, ours := r.fields[name]; ours {
		return types.NewTypeTypeWithParam(types.NewObjectType(name)), true
	}
	return r.Registry.FindStructType(name)
}

// FindStructFieldNames lists the fields of one of our types.
func (r records) FindStructFieldNames(name string) ([]string, bool) {
	if known, ours := r.fields[name]; ours {
		return slices.Sorted(maps.Keys(known)), true
	}
	return r.Registry.FindStructFieldNames(name)
}

// FindStructFieldType says of which type a field is and how to read it.
func (r records) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	known, ours := r.fields[name]
	if !ours {
		return r.Registry.FindStructFieldType(name, field)
	}
	kind, ok := known[field]
	if !ok {
		return nil, false
	}
	return &types.FieldType{
		Type: kind,
		IsSet: func(target any) bool {
			_, set := fieldOf(target, field)
			return set
		},
		GetFrom: func(target any) (any, error) {
			value, set := fieldOf(target, field)
			if !set {
				return nil, errors.New(field + " is not known yet")
			}
			return value, nil
		},
	}, true
}

func fieldOf(target any, field string) (any, bool) {
	record, isMap := target.(map[string]any)
	if !isMap {
		return nil, false
	}
	value, set := record[field]
	return value, set
}

// durations lets CEL read our durations wherever they stand; all else is the registry's.
type durations struct{ types.Adapter }

// NativeToValue turns a Go value into CEL's.
func (a durations) NativeToValue(value any) ref.Val {
	if length, ours := value.(db.Duration); ours {
		return types.Duration{Duration: time.Duration(length)}
	}
	return a.Adapter.NativeToValue(value)
}

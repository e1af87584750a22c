package mirror

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/scim"
)

// Custom is the extension in which a source that speaks no SCIM keeps the attributes that only it has a name for. The
// SCIM server never lets it in.
const Custom = "urn:ietf:params:scim:schemas:extension:usher:2.0:Custom"

// Users is the type of the users of a directory: with the attributes of other extensions that its settings name.
func Users(d db.Directory) *scim.Type {
	paths := slices.Sorted(maps.Values(d.Settings.Attributes))
	return scim.UsersWith(slices.DeleteFunc(paths, func(path string) bool {
		return strings.HasPrefix(strings.ToLower(path), strings.ToLower(Custom)+":")
	}))
}

// addCustom adds what differs among custom attributes to what Changed says, which knows the attributes of SCIM alone.
func addCustom(before, after scim.Resource, old, now map[string]any) {
	was, is := map[string]any{}, map[string]any{}
	flatten(was, Custom+":", before[Custom])
	flatten(is, Custom+":", after[Custom])
	for path, value := range was {
		if !reflect.DeepEqual(value, is[path]) {
			old[path] = value
		}
	}
	for path, value := range is {
		if !reflect.DeepEqual(value, was[path]) {
			now[path] = value
		}
	}
}

// flatten adds a value or, of an object, its parts by their paths.
func flatten(values map[string]any, path string, value any) {
	object, ok := value.(map[string]any)
	if !ok {
		if value != nil {
			values[path] = value
		}
		return
	}
	for name, part := range object {
		separator := "."
		if path == Custom+":" {
			separator = ""
		}
		flatten(values, path+separator+name, part)
	}
}

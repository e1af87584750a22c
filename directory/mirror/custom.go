package mirror

import (
	"reflect"

	"github.com/usherhq/usher/directory/scim"
)

// Custom is the extension in which a source that speaks no SCIM keeps the attributes that only it has a name for. The
// SCIM server never lets it in.
const Custom = "urn:ietf:params:scim:schemas:extension:usher:2.0:Custom"

// addCustom adds what differs among custom attributes to what Changed says, which knows the attributes of SCIM alone.
func addCustom(before, after scim.Resource, old, now map[string]any) {
	was, _ := before[Custom].(map[string]any)
	is, _ := after[Custom].(map[string]any)
	for name, value := range was {
		if !reflect.DeepEqual(value, is[name]) {
			old[Custom+":"+name] = value
		}
	}
	for name, value := range is {
		if !reflect.DeepEqual(value, was[name]) {
			now[Custom+":"+name] = value
		}
	}
}

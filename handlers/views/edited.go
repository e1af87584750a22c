package views

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
)

// Edited tells an admin that the owner of something edited it, and which keys have other values now.
func Edited(event db.AuditEvent, facts db.Details, names Names) Message {
	before, _ := facts.Before.(map[string]any)
	after, _ := facts.After.(map[string]any)
	var changed []string
	for _, key := range slices.Sorted(maps.Keys(after)) {
		if !reflect.DeepEqual(before[key], after[key]) {
			changed = append(changed, escape(key, 40))
		}
	}
	name, _ := after["name"].(string)
	if name == "" {
		name = event.Entitlement
	}
	text := fmt.Sprintf("%s, who owns it, edited *%s*. Changed: %s.", names.person(event.Actor), escape(name, 80), strings.Join(changed, ", "))
	return message(text, section(text), footnote("`/access admin` shows it; the audit log has it as it was before."))
}

package rules

import (
	"maps"
	"slices"
	"sync"

	"cel.dev/cel-go/cel"
)

// namespace sets the names of our types apart from what an administrator can write.
const namespace = "usher."

var (
	personType      = cel.ObjectType(namespace + "Person")
	entitlementType = cel.ObjectType(namespace + "Entitlement")
	providerType    = cel.ObjectType(namespace + "Provider")
	requestType     = cel.ObjectType(namespace + "Request")
	grantType       = cel.ObjectType(namespace + "Grant")
	changeType      = cel.ObjectType(namespace + "Change")
)

// variables are the names that every expression about a request may know, with their types.
func variables() map[string]*cel.Type {
	return map[string]*cel.Type{
		"requester":   personType,
		"subject":     personType,
		"approvers":   cel.ListType(personType),
		"entitlement": entitlementType,
		"provider":    providerType,
		"request":     requestType,
		"grant":       grantType,
		"duration":    cel.DurationType,
	}
}

// directoryVariables are the names that expressions about a directory and its people know. They are no names of requests,
// so that a script may go on being called so.
func directoryVariables() map[string]*cel.Type {
	return map[string]*cel.Type{"person": personType, "change": changeType}
}

// OverPeople are the variables of a condition about who somebody is; see [CheckConditionOver].
func OverPeople() []string { return []string{"person"} }

// OverChanges are the variables of a condition about what a directory writes: the person that it is about, and the change.
func OverChanges() []string { return []string{"change", "person"} }

// fields are the fields of our types; they are the keys of what Person, Entitlement, … return.
func fields() map[string]map[string]*cel.Type {
	return map[string]map[string]*cel.Type{
		personType.TypeName(): {
			"email": cel.StringType, "name": cel.StringType, "slack_id": cel.StringType,
			"department": cel.StringType, "title": cel.StringType, "manager": cel.StringType,
			"groups": cel.ListType(cel.StringType), "attributes": cel.MapType(cel.StringType, cel.DynType),
			"employment": cel.StringType, "active": cel.BoolType,
		},
		entitlementType.TypeName(): {
			"id": cel.StringType, "slug": cel.StringType, "name": cel.StringType, "description": cel.StringType,
			"kind": cel.StringType, "target": cel.StringType, "provider": cel.StringType,
			"owner": cel.StringType, "risk": cel.StringType,
		},
		providerType.TypeName(): {
			"id": cel.StringType, "slug": cel.StringType, "name": cel.StringType,
			"connector": cel.StringType, "owner": cel.StringType,
		},
		requestType.TypeName(): {
			"id": cel.StringType, "reason": cel.StringType, "status": cel.StringType, "channel": cel.StringType,
			"created_at": cel.TimestampType, "emergency": cel.BoolType,
		},
		grantType.TypeName(): {
			"id": cel.StringType, "status": cel.StringType, "duration": cel.DurationType, "end_cause": cel.StringType,
			"starts_at": cel.TimestampType, "active_at": cel.TimestampType, "expires_at": cel.TimestampType,
		},
		changeType.TypeName(): {
			"kind": cel.StringType, "directory": cel.StringType, "label": cel.StringType,
			"before": cel.MapType(cel.StringType, cel.DynType), "after": cel.MapType(cel.StringType, cel.DynType),
		},
	}
}

// VariableNames lists the variables that an expression may use, in alphabetical order.
func VariableNames() []string { return slices.Clone(variableNames()) }

// variableNames is made once, since every evaluation asks for it.
var variableNames = sync.OnceValue(func() []string { return slices.Sorted(maps.Keys(variables())) })

// reserved are words that CEL keeps for itself, as keywords or as names of types.
var reserved = []string{
	"as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop",
	"namespace", "null", "package", "return", "true", "type", "var", "void", "while",
	"bool", "bytes", "double", "dyn", "google", "int", "list", "map", "null_type", "string", "uint", "usher",
}

// Reserved says whether a script may not have this name, because expressions mean something else by it.
func Reserved(name string) bool {
	return slices.Contains(variableNames(), name) || slices.Contains(reserved, name)
}

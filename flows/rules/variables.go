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
)

// variables are the names that every expression may know, with their types.
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

// fields are the fields of our types; they are the keys of what Person, Entitlement, … return.
func fields() map[string]map[string]*cel.Type {
	return map[string]map[string]*cel.Type{
		personType.TypeName(): {
			"email": cel.StringType, "name": cel.StringType, "slack_id": cel.StringType,
			"department": cel.StringType, "title": cel.StringType, "manager": cel.StringType,
			"groups": cel.ListType(cel.StringType), "attributes": cel.MapType(cel.StringType, cel.DynType),
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

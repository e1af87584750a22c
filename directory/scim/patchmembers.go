package scim

// MemberVerb says what a patch does to the members of a group.
type MemberVerb string

// AddMembers and RemoveMembers are about those that are named, ReplaceMembers makes them the only ones, and
// ClearMembers takes out everybody.
const (
	AddMembers     MemberVerb = "add"
	RemoveMembers  MemberVerb = "remove"
	ReplaceMembers MemberVerb = "replace"
	ClearMembers   MemberVerb = "clear"
)

// MemberOp is one change of the members of a group. Values are the ids of the members that it names, each once.
type MemberOp struct {
	Op     MemberVerb
	Values []string
}

// memberOp turns an operation on members into ids. Without a verb it is nothing to do. To remove what is listed removes
// that only, and an empty list removes nobody: read by the letter it would empty the group, and by that end the
// access of everybody in it. Only a removal that lists nothing at all means everybody.
func (op operation) memberOp() (MemberOp, error) {
	if op.where != nil {
		return op.chosenMembers()
	}
	ids := idsOf(op.value)
	switch {
	case op.verb == verbRemove && !op.given:
		return MemberOp{Op: ClearMembers}, nil
	case op.verb == verbReplace && len(ids) == 0:
		return MemberOp{Op: ClearMembers}, nil
	case op.verb == verbReplace:
		return MemberOp{Op: ReplaceMembers, Values: ids}, nil
	case len(ids) == 0:
		return MemberOp{}, nil
	case op.verb == verbRemove:
		return MemberOp{Op: RemoveMembers, Values: ids}, nil
	}
	return MemberOp{Op: AddMembers, Values: ids}, nil
}

// chosenMembers reads members[value eq "x"], also with several joined by "or".
func (op operation) chosenMembers() (MemberOp, error) {
	if op.verb != verbRemove {
		return MemberOp{}, InvalidPath("With members[…] members can only be removed.")
	}
	ids, ok := namedMembers(op.where)
	if !ok {
		return MemberOp{}, InvalidFilter("Members are removed by their value: members[value eq \"…\"].")
	}
	return MemberOp{Op: RemoveMembers, Values: ids}, nil
}

func namedMembers(where condition) ([]string, bool) {
	var ids []string
	seen := map[string]bool{}
	parts, several := where.(either)
	if !several {
		parts = either{where}
	}
	for _, part := range parts {
		equal, ok := part.(comparison)
		id, isText := equal.value.(string)
		if !ok || !isText || equal.operator != "eq" || equal.at.attr != members.sub("value") {
			return nil, false
		}
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids, true
}

// idsOf is the ids in a list of members, which coerceAll has checked.
func idsOf(value any) []string {
	list := elements(value)
	ids := make([]string, 0, len(list))
	for _, one := range list {
		object, _ := one.(map[string]any)
		id, _ := object["value"].(string)
		ids = append(ids, id)
	}
	return ids
}

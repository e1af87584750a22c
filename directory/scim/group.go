package scim

// groups is RFC 7643 section 4.2.
var groups = &Type{
	Name: "Group", Endpoint: "/Groups", URN: "urn:ietf:params:scim:schemas:core:2.0:Group", doc: "A group of people",
	schemas: []*schema{{
		urn: "urn:ietf:params:scim:schemas:core:2.0:Group", name: "Group", doc: "A group of people",
		aliases: []string{"urn:scim:schemas:core:1.0:Group", "urn:scim:schemas:core:1.0"},
		common:  commonAttributes(),
		attributes: []*attribute{
			text("displayName", "The group's name; unique, whatever its case").needed().key("server"),
			members,
		},
	}},
}

// Groups is the type of groups.
func Groups() *Type { return groups }

// members is who is in a group. A group may have far more members than other attributes have values.
var members = &attribute{
	name: "members", doc: "The members of the group", kind: kindComplex, multi: true, byValue: true,
	mutability: readWrite, returned: byDefault, uniqueness: "none", most: mostText, mostValues: mostMembers,
	subs: []*attribute{
		text("value", "The member's id").caseExact().needed().key("none").as(immutable, byDefault),
		simple(kindReference, "$ref", "The member's address").refers("User").as(immutable, byDefault),
		text("type", "What the member is").among("User").as(immutable, byDefault),
		text("display", "The member's name").as(readOnly, byDefault),
	},
}

// commonAttributes are those of all resources (RFC 7643 section 3.1).
func commonAttributes() []*attribute {
	return []*attribute{
		text("schemas", "The schemas of the resource").many().as(readOnly, always),
		text("id", "The resource's id, which the service gave it").caseExact().key("server").as(readOnly, always),
		text("externalId", "The resource's id at the client").caseExact().key("none"),
		complexOf(
			"meta", "What the service says about the resource",
			text("resourceType", "The resource's type").caseExact().as(readOnly, byDefault),
			simple(kindTime, "created", "When it was made").as(readOnly, byDefault),
			simple(kindTime, "lastModified", "When it was changed last").as(readOnly, byDefault),
			simple(kindReference, "location", "Its address").as(readOnly, byDefault),
			text("version", "Its version").caseExact().as(readOnly, byDefault),
		).as(readOnly, byDefault),
	}
}

package scim

import "github.com/usherhq/usher/connectors"

// role is a value of the attribute roles.
var role = holding{attribute: "roles", noun: "role", argument: "role", output: "member"}

// license is a value of the attribute entitlements, in which RFC 7643 section 4.1.2 puts what a user may use.
var license = holding{attribute: "entitlements", noun: "license", argument: "license", output: "held"}

func (p *provider) roleEndpoints() []connectors.Endpoint {
	args := []connectors.Field{userArg, {Name: role.argument, Type: connectors.TypeString, Doc: "value of the role; the entitlement's target if absent"}}
	out := outputs(connectors.Field{Name: role.output, Type: connectors.TypeBool, Doc: "whether the person has the role"})
	return []connectors.Endpoint{
		{
			Name: "add_user_to_role", Doc: "Gives a person a role, kept in the account's attribute roles", Effect: connectors.Grants,
			Undo: "remove_user_from_role", Args: args, Outputs: out,
			Read: p.readHolding(role, true), Write: p.give(role), Did: role.given,
		},
		{
			Name: "remove_user_from_role", Doc: "Takes a role from a person", Effect: connectors.Revokes,
			Undo: "add_user_to_role", Args: args, Outputs: out,
			Read: p.readHolding(role, false), Write: p.take(role), Did: role.taken,
		},
	}
}

func (p *provider) licenseEndpoints() []connectors.Endpoint {
	args := []connectors.Field{userArg, {Name: license.argument, Type: connectors.TypeString, Doc: "value of the license; the entitlement's target if absent"}}
	out := outputs(connectors.Field{Name: license.output, Type: connectors.TypeBool, Doc: "whether the person holds the license"})
	return []connectors.Endpoint{
		{
			Name: "allocate_license", Doc: "Gives a person a license, kept in the account's attribute entitlements", Effect: connectors.Grants,
			Undo: "release_license", Args: args, Outputs: out,
			Read: p.readHolding(license, true), Write: p.give(license), Did: license.given,
		},
		{
			Name: "release_license", Doc: "Takes a license from a person", Effect: connectors.Revokes,
			Undo: "allocate_license", Args: args, Outputs: out,
			Read: p.readHolding(license, false), Write: p.take(license), Did: license.taken,
		},
	}
}

package ldap

import (
	"context"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/usherhq/usher/connectors"
)

// An entity is an organizational unit right below users_base.
func (p *provider) unitEndpoints() []connectors.Endpoint {
	args := []connectors.Field{entityArg}
	return []connectors.Endpoint{
		{
			Name: "create_entity", Doc: "Creates an organizational unit right below users_base", Effect: connectors.Grants,
			Undo: "delete_entity", Args: args, Outputs: outputs(),
			Read: p.readUnit(true),
			Write: func(ctx context.Context, call connectors.Call, _ connectors.State) error {
				attributes := map[string][]string{"objectClass": {"organizationalUnit"}, "ou": {unitName(call)}}
				return p.bound(ctx, func(c *conn) error { return c.add(below(p.usersBase, "ou", unitName(call)), attributes) })
			},
			Did: func(call connectors.Call) string { return "Created organizational unit " + unitName(call) },
		},
		{
			Name: "delete_entity", Doc: "Deletes an empty organizational unit; refused while anything is below it", Effect: connectors.Revokes,
			Undo: "create_entity", Args: args, Outputs: outputs(),
			Read: p.readUnit(false), Write: p.removeSeen,
			Did: func(call connectors.Call) string { return "Deleted organizational unit " + unitName(call) },
		},
	}
}

func (p *provider) readUnit(wanted bool) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (state connectors.State, err error) {
		if err := checkTarget("organizational unit", "entity", unitName(call)); err != nil {
			return state, err
		}
		filter := "(&(objectClass=organizationalUnit)" + equals("ou", unitName(call)) + ")"
		err = p.bound(ctx, func(c *conn) error {
			unit, err := one(c, p.usersBase, goldap.ScopeSingleLevel, filter, unitName(call), "ou")
			state = thing("organizational unit", unitName(call), unit, wanted)
			return err
		})
		return state, err
	}
}

package flows_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/mirror"
	"github.com/usherhq/usher/directory/scim"
	"github.com/usherhq/usher/flows"
)

// staffed is a directory with people who are here and at the target, and a group that waits for its decisions.
func staffed(t *testing.T, b *bundle, names ...string) *heldWorld {
	t.Helper()
	o := holding(t, b, heldPolicy())
	o.save(t, "Design", true, names...)
	o.gathered(t)
	o.say(t, o.only(t), "carl", "")
	o.settle(t)
	return o
}

// allow lets Carl approve all that waits, again and again until nothing does.
func (o *heldWorld) allow(t testing.TB) {
	t.Helper()
	for {
		o.gathered(t)
		pending := 0
		for _, id := range o.requests(t) {
			if sheet := o.sheet(t, id); sheet.Request.Status == db.Pending {
				o.say(t, sheet, "carl", "")
				pending++
			}
		}
		if pending == 0 {
			return
		}
	}
}

// A membership waits for its group, whoever decides first, and one that comes and goes is nobody's business.
func TestHeldMembershipsFollowTheirGroup(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := staffed(t, b, "amy", "bob")
		o.group(t, "Crew", scim.AddMembers, "amy", "bob")
		o.gathered(t)
		var made, added db.Sheet
		for _, id := range o.requests(t) {
			switch sheet := o.sheet(t, id); {
			case sheet.Request.Status != db.Pending:
			case sheet.Items[0].Title == "Create the group Crew":
				made = sheet
			default:
				added = sheet
			}
		}
		require.Equal(t, "Okta wants to add 2 people to groups.", added.Request.Reason)
		require.Equal(t, "Add amy@acme.example to Crew", added.Items[0].Title)
		o.say(t, added, "carl", "")
		o.settle(t)
		require.Nil(t, o.target.Members("Crew"), "the group is not there yet")
		require.Zero(t, o.said(t, "action_flow.failed"), "and nobody was bothered with it")
		o.say(t, made, "carl", "")
		o.settle(t)
		require.Equal(t, []string{"amy@acme.example", "bob@acme.example"}, o.target.Members("Crew"))

		o.group(t, "Crew", scim.RemoveMembers, "amy")
		o.settle(t)
		o.group(t, "Crew", scim.AddMembers, "amy")
		o.gathered(t)
		for _, id := range o.requests(t) {
			require.NotEqual(t, db.Pending, o.sheet(t, id).Request.Status, "nothing is left to decide")
		}
		o.verified(t)
	})
}

// A group that is to be emptied keeps those who are put back, and those who never joined are not among them.
func TestAGroupThatIsEmptiedAndFilledAgain(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := staffed(t, b, "amy", "bob", "cat")
		o.group(t, "Crew", scim.AddMembers, "amy", "bob")
		o.allow(t)
		require.Len(t, o.target.Members("Crew"), 2)
		o.group(t, "Crew", scim.AddMembers, "cat")
		o.settle(t)
		o.group(t, "Crew", scim.ClearMembers)
		o.settle(t)
		states := o.states(t)
		require.Equal(t, []string{"members_added superseded", "group_emptied gathering"}, states[len(states)-2:])
		o.group(t, "Crew", scim.AddMembers, "bob")
		o.settle(t)
		o.gathered(t)
		sheet := o.only(t)
		require.Equal(t, "Empty the group Crew", sheet.Items[0].Title)
		changes := o.changes(t)
		require.Equal(t, map[string]any{"members": []any{o.userNamed(t, "amy").ID}}, changes[len(changes)-1].Before)
		o.allow(t)
		require.Equal(t, []string{"bob@acme.example"}, o.target.Members("Crew"))
		require.Empty(t, o.drifts(t))
	})
}

// A group is renamed and deleted at the target too; what waits for its members goes with it.
func TestHeldGroupsAreRenamedAndDeleted(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := staffed(t, b, "amy")
		o.group(t, "Crew", "")
		o.allow(t)
		require.NotNil(t, o.target.Members("Crew"))
		o.write(t, func(ctx context.Context, j *flows.Journal) error {
			was, err := db.DirectoryGroupByName(ctx, j, j.Directory.ID, "Crew")
			if err != nil {
				return err
			}
			_, err = mirror.SaveGroup(ctx, j, was, scim.Resource{"displayName": "Team"}, mirror.Told{})
			return err
		})
		o.group(t, "Team", scim.AddMembers, "amy")
		o.gathered(t)
		for _, held := range o.changes(t) {
			if held.Kind != db.MembersAdded {
				continue
			}
			item, err := db.ItemByID(o.ctx, o.store, held.ItemID)
			require.NoError(t, err)
			require.Equal(t, "Crew", item.Scripts[0].Args["group"], "nobody has decided on the new name yet")
		}
		o.write(t, func(ctx context.Context, j *flows.Journal) error {
			was, err := db.DirectoryGroupByName(ctx, j, j.Directory.ID, "Team")
			if err != nil {
				return err
			}
			return mirror.DeleteGroup(ctx, j, was, mirror.Told{})
		})
		o.settle(t)
		require.Equal(t, []string{"group_created written", "group_updated superseded", "members_added superseded", "group_deleted gathering"}, o.states(t)[1:])
	})
}

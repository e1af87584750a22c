package main

import "testing"

// TestAdminsAreToldOfAnOwnersEdit: what an owner edits without a second pair of eyes, the admins are told.
func TestAdminsAreToldOfAnOwnersEdit(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		c.ownAll("dana@acme.example")
		c.own("drive-viewers", "ben@acme.example")
		shown := c.object("ben", "entitlement", "Entitlements", "drive-viewers", "Drive viewers")
		c.press("ben", shown.Target(), "Edit")
		form := c.shows("ben", "Edit entitlement")
		c.fill("ben", form.Target(), "Description", "Looks, and touches nothing")
		c.saved("ben", form, "Description", "Looks, and touches nothing")
		c.dm("dana", "who owns it, edited", "Drive viewers", "description")
	})
}

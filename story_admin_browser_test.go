package main

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestTheAdministrationInABrowser goes through each screen of the administration on the page, and keeps pictures.
func TestTheAdministrationInABrowser(t *testing.T) {
	t.Parallel()
	c := found(t, "")
	c.serve(nil)
	c.crowd(40, 0)
	w := c.browse()
	shoot := func(name string) { w.keep("admin", name) }
	modal := func(words string) { w.Reads(`[data-testid=modal]`, words) }
	press := func(action, label string) {
		selector := `[data-testid=modal] [data-action-id=` + action + `]`
		if label != "" {
			selector += `[aria-label="Open ` + label + `"]`
		}
		w.Click(selector + `:not([aria-busy=true])`) // a button that is still at work takes no press
	}

	back := func(screens ...string) {
		for _, words := range screens {
			press("admin_back", "")
			modal(words)
		}
	}

	w.as("dana")
	w.Click(`[data-testid=composer]`)
	w.Keys("/access admin" + kb.Enter)
	modal("You are an admin")
	shoot("01-start")
	w.Do(chromedp.ScrollIntoView(chromedp.CSS(`[data-action-id=workflow_list]`)))
	shoot("02-start-below")
	press("admin_list", "Entitlements")
	modal("page 1 of 6")
	shoot("03-entitlements")
	press("admin_open", "Drive editors")
	modal("Edit everything in the shared drives")
	shoot("04-entitlement")
	press("admin_edit", "")
	modal("Edit entitlement")
	shoot("05-entitlement-form")
	w.typed("admin_field", "Drive writers")
	press("admin_rule", "")
	modal("Approval chain 2")
	w.Do(chromedp.ScrollIntoView(chromedp.CSS(`[data-action-id=admin_rule]`)))
	shoot("06-entitlement-form-below")
	w.Click(`[data-testid=submit]`)
	modal("Changes of the entitlement")
	shoot("07-review")
	w.Click(`[data-testid=submit]`)
	modal("Saved.")
	shoot("08-saved")
	press("admin_disable", "")
	modal("nothing is deleted")
	shoot("09-disable")
	back("written last by", "in all", "You are an admin")

	press("admin_list", "Approval chains")
	modal("manager-then-admins")
	press("admin_open", "manager-then-admins")
	modal("Who decides")
	shoot("10-chain")
	press("admin_edit", "")
	modal("Add a step")
	shoot("11-chain-editor")
	w.ClickLast(`[data-testid=modal] [data-action-id=admin_step]`)
	w.See(`[role=menuitem], [role=option]`)
	shoot("12-step-menu")
	w.Keys(kb.Escape)
	press("admin_step_add", "")
	modal("Who decides")
	w.choose("admin_field_approver", "Owner of the access")
	shoot("13-step")
	w.Click(`[data-testid=submit]`)
	modal("then the owner of the access")
	shoot("14-chain-edited")
	w.Click(`[data-testid=submit]`)
	modal("Who will decide")
	shoot("15-chain-review")
	back("Add a step", "written last by", "in all", "You are an admin")

	press("admin_directory", "")
	modal("synchronisation")
	shoot("16-directory")
	press("admin_group", "")
	modal("Members of")
	shoot("17-group")
	back("synchronisation", "You are an admin")
	press("admin_open", "Roles and settings")
	modal("Admins")
	shoot("18-settings")
	press("admin_edit", "")
	modal("Edit settings")
	shoot("19-settings-form")
	back("Channel of the cards", "You are an admin")
	press("admin_list", "Separation of duties")
	modal("page 1 of 1")
	press("admin_new", "")
	modal("Nobody may hold two of them")
	shoot("20-separation-form")
	back("in all", "You are an admin")
	press("admin_list", "Approval rules")
	modal("page 1 of 1")
	press("admin_new", "")
	modal("What people are told")
	shoot("21-rule-form")
	back("in all", "You are an admin")
	press("admin_list", "Providers")
	modal("Acme Drive")
	press("admin_open", "Acme Drive")
	modal("token")
	shoot("22-provider")
	press("admin_edit", "")
	modal("Edit provider")
	w.Do(chromedp.ScrollIntoView(chromedp.CSS(`[data-action-id=admin_back]`)))
	shoot("23-provider-form")
	back("written last by", "in all", "You are an admin")
	press("admin_system", "")
	w.See(`[data-testid=modal] [data-action-id=admin_back]`)
	shoot("24-system")

	w.as("eve")
	w.Click(`[data-testid=composer]`)
	w.Keys("/access admin" + kb.Enter)
	modal("You are an auditor")
	shoot("25-auditor")
	c.unremarkable()
}

package main

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/chromium"
)

// choose types into a select and takes the first option that reads so.
func (w window) choose(action, typed string) {
	w.c.t.Helper()
	w.Click(`[data-testid=modal] [data-action-id=` + action + `]`)
	w.Keys(typed)
	w.Reads(`[role=option]`, typed)
	require.True(w.c.t, chromium.Eval[bool](w.Window, `((q) => { const one = [...document.querySelectorAll("[role=option]")].find((e) => e.innerText.includes(q)); one?.click(); return !!one })(`+chromium.Quote(typed)+`)`),
		"the option %s is still offered", typed)
}

// typed replaces what stands in a text field.
func (w window) typed(action, text string) {
	w.c.t.Helper()
	w.Click(`[data-action-id=` + action + `]`)
	chromium.Eval[bool](w.Window, `(() => { document.activeElement.select(); return true })()`)
	w.Keys(text)
}

// TestAWorkflowInABrowser writes, tests, publishes and links a workflow on the page.
func TestAWorkflowInABrowser(t *testing.T) {
	t.Parallel()
	c := found(t, "")
	c.serve(nil)
	w := c.browse()
	shoot := func(name string) { w.keep("workflow", name) }
	modal := func(words string) { w.Reads(`[data-testid=modal]`, words) }

	w.as("dana")
	w.Click(`[data-testid=composer]`)
	w.Keys("/access admin" + kb.Enter)
	w.See(`[data-action-id=workflow_list]`)
	shoot("01-admin")
	w.Click(`[data-action-id=workflow_list]`)
	modal("drive-group-in")
	shoot("02-list")
	w.choose("workflow_entitlement", "Drive editors")
	modal("Provisioning workflow")
	shoot("03-entitlement")
	w.Click(`[data-action-id=workflow_new_provision]`)
	modal("New")
	shoot("04-new")
	w.typed("workflow_name", "Editors with care")
	w.typed("workflow_steps", provisionLine+"\n1. Check if the user has Acme Drive user access\n2. If the user lacks Acme Drive user access, provision it first\n3. Add the user to Drive edtors\n4. Wait 5 minutes")
	shoot("05-written")
	w.Click(`[data-testid=submit]`)
	modal("Not clear")
	shoot("06-unclear")
	w.Click(`[data-action-id=workflow_option]`)
	w.See(`[role=option]`)
	shoot("07-readings")
	w.Keys("editors" + kb.Enter)
	modal("draft v2")
	w.Do(chromedp.ScrollIntoView(chromedp.CSS(`[data-action-id=workflow_test]`)))
	shoot("08-clear")

	w.ClickLast(`[data-action-id=workflow_fix]`)
	w.See(`[data-action-id=workflow_type]`)
	shoot("09-fix")
	w.choose("workflow_type", "slack_notification")
	modal("Tells a person or a channel")
	w.Do(chromedp.SendKeys(chromedp.CSS(`[data-block-id*=":to"] input, [data-block-id$=":to"] input`), "{{ subject.email }}"))
	w.Click(`[data-testid=submit]`)
	w.See(`[data-testid=input-error]`)
	shoot("10-fix-error")
	w.Do(chromedp.SendKeys(chromedp.CSS(`[data-block-id$=":text"] input`), "You can edit now"))
	w.Click(`[data-testid=submit]`)
	modal("chosen by hand")
	w.Do(chromedp.ScrollIntoView(chromedp.CSS(`[data-action-id=workflow_test]`)))
	shoot("11-fixed")

	w.Click(`[data-action-id=workflow_test]`)
	w.See(`[data-action-id=workflow_person]`)
	shoot("12-test")
	w.choose("workflow_person", "Ana Diaz")
	modal("could be planned")
	shoot("13-tested")
	w.Click(`[data-action-id=workflow_back]`)
	w.See(`[data-action-id=workflow_publish]`)
	w.Do(chromedp.ScrollIntoView(chromedp.CSS(`[data-action-id=workflow_publish]`)))
	w.Click(`[data-action-id=workflow_publish]`)
	w.See(`[data-testid=confirm]`)
	shoot("14-publish")
	w.Click(`[data-testid=confirm] .modal-foot .button:last-child`)
	modal("is published")
	shoot("15-published")
	w.Do(chromedp.ScrollIntoView(chromedp.CSS(`[data-action-id=workflow_link]`)))
	w.Click(`[data-action-id=workflow_link]`)
	modal("Press Save")
	w.Click(`[data-testid=submit]`)
	modal("I have read this")
	shoot("16-warned")
	w.Click(`[data-action-id=workflow_read] input`)
	w.Click(`[data-testid=submit]`)
	modal("Saved.")
	shoot("17-linked")

	w.Click(`[data-action-id=workflow_open]`)
	w.See(`[data-action-id=workflow_versions]`)
	w.Do(chromedp.ScrollIntoView(chromedp.CSS(`[data-action-id=workflow_versions]`)))
	w.Click(`[data-action-id=workflow_versions]`)
	w.See(`[data-action-id=workflow_compare]`)
	shoot("18-versions")
	w.ClickLast(`[data-action-id=workflow_compare]`)
	w.See(`[data-action-id=workflow_restore]`)
	shoot("19-compare")
	c.unremarkable()
}

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// keep keeps a picture of the window in a folder of test-output.
func (w window) keep(folder, name string) {
	w.c.t.Helper()
	picture, err := chromedp.Run(w.Context, chromedp.CaptureScreenshot())
	require.NoError(w.c.t, err)
	folder = filepath.Join("test-output", folder)
	require.NoError(w.c.t, os.MkdirAll(folder, 0o755))
	require.NoError(w.c.t, os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600))
}

// choose types into a select and takes the first option.
func (w window) choose(action, typed string) {
	w.c.t.Helper()
	w.click(`[data-testid=modal] [data-action-id=` + action + `]`)
	w.keys(typed)
	w.reads(`[role=option]`, typed)
	quoted, err := json.Marshal(typed)
	require.NoError(w.c.t, err)
	script := `((q) => { const one = [...document.querySelectorAll("[role=option]")].find((e) => e.innerText.includes(q)); one?.click(); return !!one })(` + string(quoted) + `)`
	pressed, err := chromedp.Run(w.Context, chromedp.Evaluate[bool](script))
	require.NoError(w.c.t, err)
	require.True(w.c.t, pressed, "the option %s is still offered", typed)
}

// clickLast presses the last of several elements.
func (w window) clickLast(selector string) {
	w.c.t.Helper()
	w.see(selector)
	quoted, err := json.Marshal(selector)
	require.NoError(w.c.t, err)
	_, err = chromedp.Run(w.Context, chromedp.Evaluate[bool](`((q) => { [...document.querySelectorAll(q)].at(-1).click(); return true })(`+string(quoted)+`)`))
	require.NoError(w.c.t, err)
}

// typed replaces what stands in a text field.
func (w window) typed(action, text string) {
	w.c.t.Helper()
	w.click(`[data-action-id=` + action + `]`)
	_, err := chromedp.Run(w.Context, chromedp.Evaluate[bool](`(() => { document.activeElement.select(); return true })()`))
	require.NoError(w.c.t, err)
	w.keys(text)
}

// TestAWorkflowInABrowser writes, tests, publishes and links a workflow on the page.
func TestAWorkflowInABrowser(t *testing.T) {
	t.Parallel()
	c := found(t, "")
	c.serve(nil)
	w := c.browse()
	shoot := func(name string) { w.keep("workflow", name) }
	modal := func(words string) { w.reads(`[data-testid=modal]`, words) }

	w.as("dana")
	w.click(`[data-testid=composer]`)
	w.keys("/access admin" + kb.Enter)
	w.see(`[data-action-id=workflow_list]`)
	shoot("01-admin")
	w.click(`[data-action-id=workflow_list]`)
	modal("drive-group-in")
	shoot("02-list")
	w.choose("workflow_entitlement", "Drive editors")
	modal("Provisioning workflow")
	shoot("03-entitlement")
	w.click(`[data-action-id=workflow_new_provision]`)
	modal("New")
	shoot("04-new")
	w.typed("workflow_name", "Editors with care")
	w.typed("workflow_steps", provisionLine+"\n1. Check if the user has Acme Drive user access\n2. If the user lacks Acme Drive user access, provision it first\n3. Add the user to Drive edtors\n4. Wait 5 minutes")
	shoot("05-written")
	w.click(`[data-testid=submit]`)
	modal("Not clear")
	shoot("06-unclear")
	w.click(`[data-action-id=workflow_option]`)
	w.see(`[role=option]`)
	shoot("07-readings")
	w.keys("editors" + kb.Enter)
	modal("draft v2")
	w.do(chromedp.ScrollIntoView(chromedp.CSS(`[data-action-id=workflow_test]`)))
	shoot("08-clear")

	w.clickLast(`[data-action-id=workflow_fix]`)
	w.see(`[data-action-id=workflow_type]`)
	shoot("09-fix")
	w.choose("workflow_type", "slack_notification")
	modal("Tells a person or a channel")
	w.do(chromedp.SendKeys(chromedp.CSS(`[data-block-id*=":to"] input, [data-block-id$=":to"] input`), "{{ subject.email }}"))
	w.click(`[data-testid=submit]`)
	w.see(`[data-testid=input-error]`)
	shoot("10-fix-error")
	w.do(chromedp.SendKeys(chromedp.CSS(`[data-block-id$=":text"] input`), "You can edit now"))
	w.click(`[data-testid=submit]`)
	modal("chosen by hand")
	w.do(chromedp.ScrollIntoView(chromedp.CSS(`[data-action-id=workflow_test]`)))
	shoot("11-fixed")

	w.click(`[data-action-id=workflow_test]`)
	w.see(`[data-action-id=workflow_person]`)
	shoot("12-test")
	w.choose("workflow_person", "Ana Diaz")
	modal("could be planned")
	shoot("13-tested")
	w.click(`[data-action-id=workflow_back]`)
	w.see(`[data-action-id=workflow_publish]`)
	w.do(chromedp.ScrollIntoView(chromedp.CSS(`[data-action-id=workflow_publish]`)))
	w.click(`[data-action-id=workflow_publish]`)
	w.see(`[data-testid=confirm]`)
	shoot("14-publish")
	w.click(`[data-testid=confirm] .modal-foot .button:last-child`)
	modal("is published")
	shoot("15-published")
	w.do(chromedp.ScrollIntoView(chromedp.CSS(`[data-action-id=workflow_link]`)))
	w.click(`[data-action-id=workflow_link]`)
	modal("Press Save")
	w.click(`[data-testid=submit]`)
	modal("I have read this")
	shoot("16-warned")
	w.click(`[data-action-id=workflow_read] input`)
	w.click(`[data-testid=submit]`)
	modal("Saved.")
	shoot("17-linked")

	w.click(`[data-action-id=workflow_open]`)
	w.see(`[data-action-id=workflow_versions]`)
	w.do(chromedp.ScrollIntoView(chromedp.CSS(`[data-action-id=workflow_versions]`)))
	w.click(`[data-action-id=workflow_versions]`)
	w.see(`[data-action-id=workflow_compare]`)
	shoot("18-versions")
	w.clickLast(`[data-action-id=workflow_compare]`)
	w.see(`[data-action-id=workflow_restore]`)
	shoot("19-compare")
	c.unremarkable()
}

package chromium

import (
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// watchErrors fails the test at its end if the page threw, wrote to the console, or broke its own security policy.
func watchErrors(w Window, tolerated []string) {
	w.t.Helper()
	var mu sync.Mutex
	var problems []string
	err := chromedp.Listen(w.ctx, func(event any) {
		text := problem(event)
		if text == "" || slices.ContainsFunc(tolerated, func(s string) bool { return strings.Contains(text, s) }) {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		problems = append(problems, text)
	})
	require.NoError(w.t, err)
	w.t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		require.Empty(w.t, problems, "errors in the browser's console")
	})
}

// problem says what is wrong in an event, and nothing when it is no error.
func problem(event any) string {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		if e.ExceptionDetails.Exception != nil && e.ExceptionDetails.Exception.Description != "" {
			return e.ExceptionDetails.Exception.Description
		}
		return e.ExceptionDetails.Text
	case *runtime.EventConsoleAPICalled:
		return "console." + string(e.Type) + " was called"
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError {
			return e.Entry.Text + " " + e.Entry.URL
		}
	}
	return ""
}

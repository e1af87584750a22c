package scim_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
)

// TestHiddenMembers is AWS's habit: groups list no members, a filter tells about single ones, removal is by value.
func TestHiddenMembers(t *testing.T) {
	t.Parallel()
	hide := each(func(o map[string]any) {
		if o["displayName"] == "Editors" {
			o["members"] = []any{}
		}
	})
	b := newBench(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Method == http.MethodPut || strings.Contains(string(body), "value eq") {
			status(http.StatusBadRequest)(w, r, next)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		hide(w, r, next)
	}, map[string]any{"remove_by_value": true})
	for _, step := range []struct {
		endpoint string
		outcome  connectors.Outcome
	}{
		{"add_user_to_group", connectors.Applied},
		{"add_user_to_group", connectors.Already},
		{"remove_user_from_group", connectors.Applied},
		{"remove_user_from_group", connectors.Already},
	} {
		result := b.run(t, t.Context(), step.endpoint, connectors.Call{})
		require.Equal(t, step.outcome, result.Outcome, "%s: %s", step.endpoint, result.Summary)
	}
	require.Equal(t, []string{"ben@example.com"}, b.system.Members("Editors"))

	b = newBench(t, hide, map[string]any{"patch": "off"})
	result := b.run(t, t.Context(), "remove_user_from_group", connectors.Call{Subject: connectors.Person{Email: "ben@example.com"}})
	require.Equal(t, connectors.Refused, result.Outcome, result.Summary)
	require.Zero(t, b.wire.Writes())
}

// TestEmptyGroupAndIgnoredFilter must not take a target's careless answer for membership.
func TestEmptyGroupAndIgnoredFilter(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		r.URL.RawQuery = ""
		next.ServeHTTP(w, r)
	}, nil)
	ben := connectors.Call{Subject: connectors.Person{Email: "ben@example.com"}}
	require.Equal(t, connectors.Applied, b.run(t, t.Context(), "remove_user_from_group", ben).Outcome)
	require.Equal(t, connectors.Already, b.run(t, t.Context(), "remove_user_from_group", ben).Outcome)
	require.Equal(t, connectors.Applied, b.run(t, t.Context(), "add_user_to_group", ben).Outcome)
}

// TestLaggingReads shows old states for a while after each write: the window of the settings bridges it.
func TestLaggingReads(t *testing.T) {
	t.Parallel()
	var left atomic.Int64
	var old sync.Map
	b := newBench(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Method != http.MethodGet {
			left.Store(4)
			next.ServeHTTP(w, r)
			return
		}
		if body, ok := old.Load(r.URL.String()); ok && left.Add(-1) >= 0 {
			_, _ = w.Write(body.([]byte))
			return
		}
		recorder := httptest.NewRecorder()
		next.ServeHTTP(recorder, r)
		old.Store(r.URL.String(), recorder.Body.Bytes())
		w.WriteHeader(recorder.Code)
		_, _ = w.Write(recorder.Body.Bytes())
	}, map[string]any{"consistency": "5s"})
	require.Equal(t, connectors.Applied, b.run(t, t.Context(), "add_user_to_group", connectors.Call{}).Outcome)
	require.Equal(t, connectors.Applied, b.run(t, t.Context(), "remove_user_from_group", connectors.Call{}).Outcome)
	for n, step := range []connectortest.Step{
		wish(joined), wish(moved), renaming("ana@example.com", "bea@example.com"), renaming("bea@example.com", "ana@example.com"),
		members("Editors"), members("Editors", "ana@example.com", "ben@example.com"), rename("Editors", "Authors"),
	} {
		result := b.step(t, step)
		require.Equal(t, connectors.Applied, result.Outcome, "%s: %s", step.Endpoint, result.Summary)
		require.Equal(t, n+3, b.wire.Writes(), "nothing is written twice")
	}
}

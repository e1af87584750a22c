package scim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
)

// rewrite lets the target answer and changes the JSON of its reads.
func rewrite(change func(r *http.Request, body map[string]any)) trick {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Method != http.MethodGet {
			next.ServeHTTP(w, r)
			return
		}
		recorder := httptest.NewRecorder()
		next.ServeHTTP(recorder, r)
		var body map[string]any
		_ = json.Unmarshal(recorder.Body.Bytes(), &body)
		change(r, body)
		w.WriteHeader(recorder.Code)
		_ = json.NewEncoder(w).Encode(body)
	}
}

// each applies a change to every resource of an answer, be it a list or a single one.
func each(change func(object map[string]any)) trick {
	return rewrite(func(_ *http.Request, body map[string]any) {
		elements, ok := body["Resources"].([]any)
		if !ok {
			change(body)
		}
		for _, element := range elements {
			change(element.(map[string]any))
		}
	})
}

// TestOddButUsable goes through habits of targets with which everything must still work.
func TestOddButUsable(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]trick{
		"ignores filters": func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			r.URL.RawQuery = ""
			next.ServeHTTP(w, r)
		},
		"cannot read filters": func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if r.URL.Query().Has("filter") {
				status(400)(w, r, next)
				return
			}
			next.ServeHTTP(w, r)
		},
		"pages of one": func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			query := r.URL.Query()
			query.Set("count", "1")
			query.Del("filter")
			r.URL.RawQuery = query.Encode()
			next.ServeHTTP(w, r)
		},
		"counts as text": rewrite(func(_ *http.Request, b map[string]any) { b["totalResults"] = fmt.Sprint(b["totalResults"]) }),
		"no counts":      rewrite(func(_ *http.Request, b map[string]any) { delete(b, "totalResults") }),
		"null for an empty list": rewrite(func(_ *http.Request, b map[string]any) {
			if list, ok := b["Resources"].([]any); ok && len(list) == 0 {
				b["Resources"] = nil
			}
		}),
		"booleans as text": each(func(o map[string]any) {
			if active, ok := o["active"].(bool); ok {
				o["active"] = map[bool]string{true: "True", false: "False"}[active]
			}
		}),
		"other capitals": each(func(o map[string]any) {
			o["MEMBERS"], o["UserName"] = o["members"], o["userName"]
			delete(o, "members")
			delete(o, "userName")
		}),
		"members as text": each(func(o map[string]any) {
			members, _ := o["members"].([]any)
			for i, m := range members {
				members[i] = m.(map[string]any)["value"]
			}
		}),
		"lists without members": rewrite(func(_ *http.Request, b map[string]any) {
			list, _ := b["Resources"].([]any)
			for _, element := range list {
				delete(element.(map[string]any), "members")
			}
		}),
		"nulls": each(func(o map[string]any) { o["profileUrl"], o["roles"] = nil, nil }),
		"members twice": each(func(o map[string]any) {
			if members, ok := o["members"].([]any); ok {
				o["members"] = append(members, members...)
			}
		}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, do, nil)
			for _, step := range []struct {
				endpoint string
				outcome  connectors.Outcome
			}{
				{"create_user", connectors.Already},
				{"add_user_to_group", connectors.Applied},
				{"add_user_to_group", connectors.Already},
				{"remove_user_from_group", connectors.Applied},
				{"remove_user_from_group", connectors.Already},
				{"allocate_license", connectors.Applied},
				{"allocate_license", connectors.Already},
				{"release_license", connectors.Applied},
				{"release_license", connectors.Already},
				{"disable_user", connectors.Applied},
				{"disable_user", connectors.Already},
				{"create_user", connectors.Applied},
				{"delete_user", connectors.Applied},
				{"delete_user", connectors.Already},
				{"remove_user_from_group", connectors.Already},
				{"create_user", connectors.Applied},
			} {
				result := b.run(t, t.Context(), step.endpoint, connectors.Call{})
				require.Equal(t, step.outcome, result.Outcome, "%s: %s", step.endpoint, result.Summary)
			}
			for _, step := range []connectortest.Step{
				wish(joined), wish(moved), renaming("ana@example.com", "bea@example.com"), renaming("bea@example.com", "ana@example.com"),
				members("Editors", "ana@example.com"), members("Editors", "ben@example.com"), rename("Editors", "Authors"), rename("Authors", "Editors"),
			} {
				require.Equal(t, connectors.Applied, b.step(t, step).Outcome, step.Endpoint)
			}
			require.Equal(t, []string{"ben@example.com"}, b.system.Members("Editors"))
		})
	}
}

// TestNotToBeBelieved goes through answers that must never pass for "nobody has access".
func TestNotToBeBelieved(t *testing.T) {
	t.Parallel()
	plain := func(text string) trick {
		return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { _, _ = fmt.Fprint(w, text) }
	}
	for name, tc := range map[string]struct {
		trick   trick
		outcome connectors.Outcome
	}{
		"a login page":           {plain("<html>Sign in</html>"), connectors.Refused},
		"an empty answer":        {plain(""), connectors.Refused},
		"an empty object":        {plain("{}"), connectors.Refused},
		"null":                   {plain("null"), connectors.Refused},
		"a list of something":    {plain(`{"totalResults":1,"Resources":[7]}`), connectors.Refused},
		"one without an id":      {plain(`{"totalResults":1,"Resources":[{"displayName":"Editors"}]}`), connectors.Refused},
		"announced but not told": {plain(`{"totalResults":1,"Resources":[]}`), connectors.Transient},
		"the first page for ever": {func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			r.URL.RawQuery = "count=1"
			next.ServeHTTP(w, r)
		}, connectors.Transient},
		"cut off":          {plain(`{"totalResults":1,"Resources":[`), connectors.Refused},
		"not found at all": {status(404), connectors.Refused},
		"forbidden":        {status(403), connectors.Refused},
		"server error":     {status(500), connectors.Transient},
		"elsewhere":        {status(302, "Location", "http://other.example/"), connectors.Refused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, tc.trick, nil)
			call := connectors.Call{Subject: connectors.Person{Email: "ben@example.com"}}
			result := b.run(t, t.Context(), "remove_user_from_group", call)
			require.Equal(t, tc.outcome, result.Outcome, result.Summary)
			require.Zero(t, b.wire.Writes())
		})
	}
}

// TestSentences checks what people read when something has to be mended.
func TestSentences(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil, nil)
	ana := connectors.Person{Email: "ana@example.com"}
	for name, tc := range map[string]struct {
		endpoint string
		call     connectors.Call
		outcome  connectors.Outcome
		summary  string
	}{
		"no such group":            {"add_user_to_group", connectors.Call{Subject: ana, Target: "Nope"}, connectors.Refused, "Refused: there is no group called Nope: create it, or correct the entitlement's target"},
		"no such group to leave":   {"remove_user_from_group", connectors.Call{Subject: ana, Target: "Nope"}, connectors.Already, "There is no group called Nope"},
		"no account":               {"add_user_to_group", connectors.Call{Subject: connectors.Person{Email: "zoe@example.com"}}, connectors.Refused, "Refused: zoe@example.com has no account: let a create_user step come first"},
		"no account to take out":   {"remove_user_from_group", connectors.Call{Subject: connectors.Person{Email: "zoe@example.com"}}, connectors.Already, "zoe@example.com has no account"},
		"no account for a role":    {"add_user_to_role", connectors.Call{Subject: connectors.Person{Email: "zoe@example.com"}, Target: "r"}, connectors.Refused, "Refused: zoe@example.com has no account: let a create_user step come first"},
		"no account with the role": {"remove_user_from_role", connectors.Call{Subject: connectors.Person{Email: "zoe@example.com"}, Target: "r"}, connectors.Already, "zoe@example.com has no account"},
		"no e-mail":                {"create_user", connectors.Call{Subject: connectors.Person{Name: "Zoe", Email: " "}}, connectors.Refused, "Refused: the person has no e-mail address, which names the account"},
		"nothing to read":          {"get_user", connectors.Call{Subject: connectors.Person{Email: "zoe@example.com"}}, connectors.Applied, "zoe@example.com has no account"},
		"reading":                  {"get_user", connectors.Call{Subject: ana}, connectors.Applied, "ana@example.com has an active account"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result := b.run(t, t.Context(), tc.endpoint, tc.call)
			require.Equal(t, tc.outcome, result.Outcome)
			require.Equal(t, tc.summary, result.Summary)
		})
	}
}

// TestAmbiguousGroup refuses to choose between two groups of one name, and prefers the one that is spelled exactly.
func TestAmbiguousGroup(t *testing.T) {
	t.Parallel()
	second := func(name string) trick {
		return rewrite(func(r *http.Request, b map[string]any) {
			if list, ok := b["Resources"].([]any); ok && len(list) == 1 && r.URL.Path == "/scim/v2/Groups" {
				b["Resources"], b["totalResults"] = append(list, map[string]any{"id": "other", "displayName": name}), 2
			}
		})
	}
	b := newBench(t, second("Editors"), nil)
	for _, endpoint := range []string{"add_user_to_group", "remove_user_from_group", "delete_group", "create_group"} {
		result := b.run(t, t.Context(), endpoint, connectors.Call{})
		require.Equal(t, connectors.Refused, result.Outcome)
		require.Contains(t, result.Summary, "2 groups are called Editors")
	}
	require.Zero(t, b.wire.Writes())
	b = newBench(t, second("editors"), nil)
	require.Equal(t, connectors.Applied, b.run(t, t.Context(), "add_user_to_group", connectors.Call{}).Outcome)
	require.Equal(t, connectors.Refused, b.run(t, t.Context(), "add_user_to_group", connectors.Call{Target: "EDITORS"}).Outcome)
}

package scim_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/usherhq/usher/directory/scim"
)

// oracles asks scim2-parse-filter 0.2.10 and scim-patch 0.8.3, which others wrote, what a filter or a patch means.
type oracles struct {
	mu     sync.Mutex
	ask    *json.Encoder
	answer *json.Decoder
}

// answer is what an oracle says: one of the three.
type answer struct {
	Match    *bool
	Resource scim.Resource
	Error    string
	Message  string
}

// startOracles runs testdata/oracles until the test ends.
func startOracles(t *testing.T) *oracles {
	t.Helper()
	const missing = "these tests compare with libraries for Node.js: install it, then run `make deps`"
	_, err := exec.LookPath("node")
	require.NoError(t, err, missing)
	folder := filepath.Join("testdata", "oracles")
	require.DirExists(t, filepath.Join(folder, "node_modules"), missing)
	cmd := exec.Command("node", "oracle.js")
	cmd.Dir, cmd.Stderr = folder, os.Stderr
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		require.NoError(t, stdin.Close())
		require.NoError(t, cmd.Wait())
	})
	return &oracles{ask: json.NewEncoder(stdin), answer: json.NewDecoder(bufio.NewReader(stdout))}
}

func (o *oracles) about(t require.TestingT, question any) answer {
	o.mu.Lock()
	defer o.mu.Unlock()
	require.NoError(t, o.ask.Encode(question))
	var a answer
	require.NoError(t, o.answer.Decode(&a))
	return a
}

// TestFiltersAgreeWithAnOracle compares which users generated filters choose. Not generated, since we differ on
// purpose (each has its row in the tables above):
//   - text in another case: the oracle has no schema, so that case always counts there (RFC 7643 section 7, caseExact);
//   - "ne" and "eq null" of what has no value: false there, true here;
//   - several conditions in brackets, or brackets with a part behind them: there different elements may satisfy them,
//     here it is one (RFC 7644 section 3.4.2.2);
//   - a complex attribute without its part (emails co "x"): it means its value here (RFC 7644 figure 2), nothing there;
//   - the URN of the core before a name, which is taken off for the oracle;
//   - times in different zones, backslashes, "not" without parentheses, and empty values, which are present there.
func TestFiltersAgreeWithAnOracle(t *testing.T) {
	t.Parallel()
	oracle := startOracles(t)
	var chosen, passed int
	rapid.Check(t, func(t *rapid.T) {
		r := drawUser(t)
		for range 30 {
			filter := drawFilter(t, 3, func(t *rapid.T) string { return drawComparison(t, false) })
			f, err := scim.ParseFilter(scim.Users(), filter)
			require.NoError(t, err, filter)
			said := oracle.about(t, map[string]any{"filter": strings.ReplaceAll(filter, coreUser+":", ""), "resource": r})
			require.NotNil(t, said.Match, "%s: %s", filter, said.Message)
			require.Equal(t, *said.Match, f.Match(r), "%s\n%s", filter, written(t, r))
			if *said.Match {
				chosen++
			} else {
				passed++
			}
		}
	})
	require.Positive(t, chosen)
	require.Positive(t, passed)
}

// TestFiltersAreRefusedAsByAnOracle takes filters apart and puts them together wrongly: what the oracle cannot read, we
// do not read either. (We refuse more, since we know types and keep to the letter of the grammar.)
func TestFiltersAreRefusedAsByAnOracle(t *testing.T) {
	t.Parallel()
	oracle := startOracles(t)
	refusals := 0
	rapid.Check(t, func(t *rapid.T) {
		for range 10 {
			pieces := strings.SplitAfter(drawFilter(t, 2, func(t *rapid.T) string { return drawComparison(t, true) }), " ")
			at := rapid.IntRange(0, len(pieces)-1).Draw(t, "at")
			pieces[at] = rapid.SampledFrom([]string{"", "( ", ") ", "[", "] ", "and ", `"x" `, pieces[at] + pieces[at]}).Draw(t, "piece")
			filter := strings.Join(pieces, "")
			if said := oracle.about(t, map[string]any{"filter": filter, "resource": scim.Resource{}}); said.Error != "" {
				_, err := scim.ParseFilter(scim.Users(), filter)
				requireRefused(t, err, 400, "invalidFilter")
				refusals++
			}
		}
	})
	require.Positive(t, refusals)
}

// drawOracleOperation is an operation about which the oracle and we are of one mind. Not generated, since we differ on
// purpose (each has its row in the tables above):
//   - booleans as texts, which stay texts there, and primary, which there does not move from one element to another;
//   - complex attributes and extensions as objects in a value without a path: there they lose the parts that are not
//     named (or, for a URN, a wrong attribute is made), here they keep them as they do with a path;
//   - replacing a part of an element of a type that the schema does not name, and that is not there: it is made there,
//     and here it is no target (RFC 7644 section 3.5.2.3);
//   - adding chosen elements that are not there: nothing happens there, here they are made;
//   - a part of all elements (emails.value) where there are none, and an element without its list: there the attribute
//     becomes an object;
//   - elements with more parts than type and value, when they are added again or listed for removal: only equal objects
//     are the same there. So those that get a name (ims) are not otherwise touched.
func drawOracleOperation(t *rapid.T) map[string]any {
	list := rapid.SampledFrom([]string{"emails", "roles"}).Draw(t, "list")
	kind := rapid.SampledFrom([]string{"work", "home", "other", "fourth"}).Draw(t, "type")
	simple := rapid.SampledFrom([]string{"title", "nickName", "displayName", "name.givenName", enterprise + ":department", coreUser + ":title"}).Draw(t, "simple")
	change := rapid.SampledFrom([]string{"add", "replace", "Add", "Replace"}).Draw(t, "op")
	element := map[string]any{"type": kind, "value": drawWord.Draw(t, "element")}
	value := drawWord.Draw(t, "value")
	part := rapid.SampledFrom([]string{"value", "display"}).Draw(t, "part of an element")
	chosen := fmt.Sprintf("%s[%s eq %q]", list, rapid.SampledFrom([]string{"type", "value"}).Draw(t, "part"), rapid.SampledFrom([]string{"work", "home", "a", "ana"}).Draw(t, "chosen"))
	usual := strings.Replace(kind, "fourth", "xmpp", 1)
	there := list + "[" + rapid.SampledFrom([]string{`type eq "work"`, `type eq "home"`, `value eq "a"`, `value eq "ana"`}).Draw(t, "there") + "]"
	return rapid.SampledFrom([]map[string]any{
		{"op": change, "path": simple, "value": value},
		{"op": change, "path": "active", "value": len(value) > 1},
		{"op": change, "path": "name", "value": map[string]any{"familyName": value}},
		{"op": change, "path": list, "value": []any{element, map[string]any{"type": "fifth", "value": value}}},
		{"op": change, "path": there + ".value", "value": value},
		{"op": change, "path": fmt.Sprintf("ims[type eq %q].%s", usual, part), "value": value},
		{"op": "remove", "path": fmt.Sprintf("ims[type eq %q].%s", kind, part)},
		{"op": "replace", "path": chosen, "value": map[string]any{"type": kind}},
		{"op": "remove", "path": simple},
		{"op": "remove", "path": list},
		{"op": "Remove", "path": chosen},
		{"op": "remove", "path": chosen + ".value"},
		{"op": "remove", "path": list, "value": []any{element}},
		{"op": change, "value": map[string]any{"title": value, "name.familyName": value, enterprise + ":department": value, list: []any{element}}},
	}).Draw(t, "operation")
}

// TestPatchesAgreeWithAnOracle compares what generated patches make of users. Lists are compared without what is twice
// or empty in them, which the oracle leaves standing. Removing from a list that is not there, or a part of elements that
// are not, is an error there; we do nothing, so that a client may try again.
func TestPatchesAgreeWithAnOracle(t *testing.T) {
	t.Parallel()
	oracle := startOracles(t)
	outcomes := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		for range 20 {
			r := drawUser(t)
			operations := rapid.SliceOfN(rapid.Custom(drawOracleOperation), 1, 4).Draw(t, "operations")
			got, _, err := parsed(t, scim.Users(), operations...).Apply(r)
			said := oracle.about(t, map[string]any{"operations": operations, "resource": r})
			outcomes[said.Error]++
			switch {
			case said.Error == "":
				require.NoError(t, err, written(t, operations))
				require.JSONEq(t, written(t, tidy(said.Resource)), written(t, tidy(got)), "%s\n%s", written(t, operations), written(t, r))
			case said.Error == "NoTarget" || err != nil:
				requireRefused(t, err, 400, "noTarget")
			default:
				removes := func(operation map[string]any) bool { return strings.EqualFold(fmt.Sprint(operation["op"]), "remove") }
				require.True(t, slices.ContainsFunc(operations, removes), "%s: %s %s", written(t, operations), said.Error, said.Message)
				require.Contains(t, []string{"FilterOnEmptyArray", "FilterArrayTargetNotFound", "RemoveValueNotArray"}, said.Error)
			}
		}
	})
	require.Positive(t, outcomes[""])
	require.Positive(t, outcomes["NoTarget"])
	require.Greater(t, outcomes[""], outcomes["FilterOnEmptyArray"]+outcomes["FilterArrayTargetNotFound"]+outcomes["RemoveValueNotArray"], outcomes)
}

// tidy takes out what is empty, what is twice in a list, and the schemas, which the oracle does not keep up.
func tidy(value any) any {
	switch v := value.(type) {
	case map[string]any:
		kept := map[string]any{}
		for name, part := range v {
			if part = tidy(part); part != nil && name != "schemas" {
				kept[name] = part
			}
		}
		if len(kept) == 0 {
			return nil
		}
		return kept
	case []any:
		var kept []any
		for _, part := range v {
			part = tidy(part)
			same := func(other any) bool { return fmt.Sprint(other) == fmt.Sprint(part) }
			if part != nil && !slices.ContainsFunc(kept, same) {
				kept = append(kept, part)
			}
		}
		if kept == nil {
			return nil
		}
		return kept
	}
	return value
}

// TestPatchesOfMembersAgreeWithAnOracle carries out what Members says on a list, and compares it with the list that the
// oracle makes. A removal lists whole members there, and here their ids are enough: so they have no more than that.
func TestPatchesOfMembersAgreeWithAnOracle(t *testing.T) {
	t.Parallel()
	oracle := startOracles(t)
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SampledFrom([]string{"1", "2", "3", "4", "5"})
		some := func(label string) []any {
			var list []any
			for _, id := range rapid.SliceOfNDistinct(ids, 1, 4, rapid.ID[string]).Draw(t, label) {
				list = append(list, map[string]any{"value": id})
			}
			return list
		}
		group := scim.Resource{"displayName": "x", "members": some("members")}
		var operations []map[string]any
		for range rapid.IntRange(1, 5).Draw(t, "operations") {
			operations = append(operations, rapid.SampledFrom([]map[string]any{
				{"op": "add", "path": "members", "value": some("added")},
				{"op": "replace", "path": "members", "value": some("replaced")},
				{"op": "remove", "path": "members", "value": some("removed")},
				{"op": "remove", "path": fmt.Sprintf("members[value eq %q]", ids.Draw(t, "chosen"))},
				{"op": "remove", "path": fmt.Sprintf("members[value eq %q or value eq %q]", ids.Draw(t, "one"), ids.Draw(t, "other"))},
				{"op": "replace", "value": map[string]any{"members": some("replaced"), "displayName": "y"}},
			}).Draw(t, "operation"))
		}
		said := oracle.about(t, map[string]any{"operations": operations, "resource": group})
		if said.Error != "" {
			require.Contains(t, []string{"FilterOnEmptyArray", "RemoveValueNotArray"}, said.Error, "nobody is left to choose from, which we do not mind")
			return
		}
		compared++
		want := membersOf(said.Resource["members"])
		require.Equal(t, want, carriedOut(membersOf(group["members"]), parsed(t, scim.Groups(), operations...).Members()), written(t, operations))
	})
	require.Positive(t, compared)
}

func membersOf(value any) []string {
	ids := []string{}
	list, _ := value.([]any)
	for _, one := range list {
		ids = append(ids, one.(map[string]any)["value"].(string))
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// carriedOut is what a server does with the changes.
func carriedOut(ids []string, changes []scim.MemberOp) []string {
	for _, change := range changes {
		switch change.Op {
		case scim.AddMembers:
			ids = append(ids, change.Values...)
		case scim.RemoveMembers:
			ids = slices.DeleteFunc(ids, func(id string) bool { return slices.Contains(change.Values, id) })
		case scim.ReplaceMembers:
			ids = slices.Clone(change.Values)
		case scim.ClearMembers:
			ids = []string{}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

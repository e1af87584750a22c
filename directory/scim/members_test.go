package scim_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/directory/scim"
)

// numbered is a list of texts without its brackets: "0", "1", …
func numbered(from, to int) string {
	var list []string
	for n := from; n < to; n++ {
		list = append(list, strconv.Quote(strconv.Itoa(n)))
	}
	return strings.Join(list, ",")
}

// TestPatchOfMembers has the shapes of the reference that are about members, by their number.
func TestPatchOfMembers(t *testing.T) {
	t.Parallel()
	add, remove, replace, all := scim.AddMembers, scim.RemoveMembers, scim.ReplaceMembers, scim.ClearMembers
	for name, tc := range map[string]struct {
		operations string
		want       []scim.MemberOp
	}{
		"6: added":                            {`{"op":"Add","path":"members","value":[{"$ref":null,"value":"1"}]}`, []scim.MemberOp{{add, []string{"1"}}}},
		"7: removed by value":                 {`{"op":"Remove","path":"members","value":[{"$ref":null,"value":"1"}]}`, []scim.MemberOp{{remove, []string{"1"}}}},
		"7: several":                          {`{"op":"remove","path":"members","value":[{"value":"1"},{"value":"2"},{"value":"1"}]}`, []scim.MemberOp{{remove, []string{"1", "2"}}}},
		"7: without a list":                   {`{"op":"remove","path":"members","value":{"value":"1"}}`, []scim.MemberOp{{remove, []string{"1"}}}},
		"7: a text":                           {`{"op":"remove","path":"members","value":"1"}`, []scim.MemberOp{{remove, []string{"1"}}}},
		"7: texts":                            {`{"op":"remove","path":"members","value":["1","2"]}`, []scim.MemberOp{{remove, []string{"1", "2"}}}},
		"7: nobody is listed":                 {`{"op":"remove","path":"members","value":[]}`, nil},
		"8: removed by a filter":              {`{"op":"remove","path":"members[value eq \"1\"]"}`, []scim.MemberOp{{remove, []string{"1"}}}},
		"8: with a needless value":            {`{"op":"Remove","path":"Members[Value EQ \"1\"]","value":[{"value":"2"}]}`, []scim.MemberOp{{remove, []string{"1"}}}},
		"8: several":                          {`{"op":"remove","path":"members[value eq \"1\" or value eq \"2\" or value eq \"1\"]"}`, []scim.MemberOp{{remove, []string{"1", "2"}}}},
		"8: in parentheses":                   {`{"op":"remove","path":"members[(value eq \"1\")]"}`, []scim.MemberOp{{remove, []string{"1"}}}},
		"8: with the URN":                     {`{"op":"remove","path":"` + coreGroup + `:members[value eq \"1\"]"}`, []scim.MemberOp{{remove, []string{"1"}}}},
		"9: the full set":                     {`{"op":"replace","path":"members","value":[{"value":"1","display":"Ana"},{"value":"2"}]}`, []scim.MemberOp{{replace, []string{"1", "2"}}}},
		"9: without a path":                   {`{"op":"replace","value":{"members":[{"value":"1"}]}}`, []scim.MemberOp{{replace, []string{"1"}}}},
		"9: the empty set":                    {`{"op":"replace","path":"members","value":[]}`, []scim.MemberOp{{all, nil}}},
		"9: the empty set without a path":     {`{"op":"replace","value":{"members":[]}}`, []scim.MemberOp{{all, nil}}},
		"9: null with a path":                 {`{"op":"replace","path":"members","value":null}`, []scim.MemberOp{{all, nil}}},
		"9: null without a path says nothing": {`{"op":"replace","value":{"displayName":"x","members":null}}`, nil},
		"10: a new name only":                 {`{"op":"replace","value":{"id":"g1","displayName":"x"}}`, nil},
		"12: emptied":                         {`{"op":"remove","path":"members"}`, []scim.MemberOp{{all, nil}}},
		"12: emptied, null":                   {`{"op":"Remove","path":"members","value":null}`, []scim.MemberOp{{all, nil}}},
		"added without a path":                {`{"op":"add","value":{"members":["1"]}}`, []scim.MemberOp{{add, []string{"1"}}}},
		"added, nobody":                       {`{"op":"add","path":"members","value":[]},{"op":"add","path":"members","value":null}`, nil},
		"a nested group":                      {`{"op":"add","path":"members","value":[{"value":"g2","type":"Group"}]}`, []scim.MemberOp{{add, []string{"g2"}}}},
		"ids have cases":                      {`{"op":"add","path":"members","value":["a","A"]}`, []scim.MemberOp{{add, []string{"a", "A"}}}},
		"in order":                            {`{"op":"remove","path":"members"},{"op":"add","path":"members","value":"1"},{"op":"replace","path":"displayName","value":"x"},{"op":"remove","path":"members","value":"1"}`, []scim.MemberOp{{all, nil}, {add, []string{"1"}}, {remove, []string{"1"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := scim.ParsePatch(scim.Groups(), operations(tc.operations))
			require.NoError(t, err)
			got := p.Members()
			require.Len(t, got, len(tc.want))
			for n, want := range tc.want {
				require.Equal(t, want.Op, got[n].Op)
				require.Equal(t, want.Values, got[n].Values)
			}
			group := object(t, `{"schemas":["`+coreGroup+`"],"displayName":"old","members":[{"value":"7"}]}`)
			after, changed, err := p.Apply(group)
			require.NoError(t, err)
			renamed := strings.Contains(tc.operations, `"x"`)
			require.Equal(t, renamed, changed, "members alone change nothing else")
			require.Equal(t, group["members"], after["members"])
			require.Equal(t, map[bool]string{true: "x", false: "old"}[renamed], after["displayName"])
		})
	}
}

func TestPatchOfMembersRefuses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ operations, kind string }{
		"a member of nothing":       {`{"op":"remove","path":"members","value":[{}]}`, "invalidValue"},
		"a member without an id":    {`{"op":"remove","path":"members","value":[{"display":"Ana"}]}`, "invalidValue"},
		"an empty id":               {`{"op":"remove","path":"members","value":""}`, "invalidValue"},
		"an empty object":           {`{"op":"remove","path":"members","value":{}}`, "invalidValue"},
		"a number":                  {`{"op":"add","path":"members","value":[7]}`, "invalidValue"},
		"another filter":            {`{"op":"remove","path":"members[value sw \"1\"]"}`, "invalidFilter"},
		"a filter for another part": {`{"op":"remove","path":"members[type eq \"User\"]"}`, "invalidFilter"},
		"two demands":               {`{"op":"remove","path":"members[value eq \"1\" and type eq \"User\"]"}`, "invalidFilter"},
		"everybody but one":         {`{"op":"remove","path":"members[not (value eq \"1\")]"}`, "invalidFilter"},
		"nobody":                    {`{"op":"remove","path":"members[value eq null]"}`, "invalidFilter"},
		"no filter":                 {`{"op":"remove","path":"members[]"}`, "invalidFilter"},
		"a chosen one is replaced":  {`{"op":"replace","path":"members[value eq \"1\"]","value":{"value":"2"}}`, "invalidPath"},
		"the same in a value":       {`{"op":"add","value":{"members[value eq \"1\"]":{"value":"2"}}}`, "invalidPath"},
		"a part of a chosen one":    {`{"op":"replace","path":"members[value eq \"1\"].value","value":"2"}`, "mutability"},
		"a part is removed":         {`{"op":"remove","path":"members[value eq \"1\"].type"}`, "mutability"},
		"a part of all":             {`{"op":"remove","path":"members.value"}`, "mutability"},
		"the name is removed":       {`{"op":"remove","path":"displayName"}`, "mutability"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := scim.ParsePatch(scim.Groups(), operations(`{"op":"add","path":"members","value":"1"},`+tc.operations))
			requireRefused(t, err, http.StatusBadRequest, tc.kind)
		})
	}
}

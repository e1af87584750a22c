package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

// told is a change of a directory and whom it is about.
func told() rules.Scope {
	return rules.Scope{
		"person": rules.Person(db.Person{
			Email: "ana@example.com", Department: "Finance", Employment: "contractor", Active: true,
			Attributes: map[string]any{"territory": "EMEA", "level": float64(3)},
		}, []string{"people"}),
		"change": rules.Change(db.DirectoryChange{
			Kind: db.UserUpdated, Label: "ana@example.com",
			Before: map[string]any{"department": "Design"}, After: map[string]any{"department": "Finance", "name.givenName": "Ana"},
		}, "okta"),
	}
}

func TestConditionsOverADirectory(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]bool{
		"person.department == 'Finance'":                                     true,
		"person.employment == 'contractor' && person.active":                 true,
		"'people' in person.groups && person.attributes.territory == 'EMEA'": true,
		"person.attributes.level >= 4":                                       false,
		"has(person.attributes.badge)":                                       false,
		"change.kind == 'user_updated' && change.directory == 'okta'":        true,
		"change.label.endsWith('@example.com')":                              true,
		"change.before.department != change.after.department":                true,
		"has(change.after.title)":                                            false,
		"change.after['name.givenName'] == person.name":                      false,
	} {
		t.Run(expr, func(t *testing.T) {
			t.Parallel()
			require.NoError(t, rules.CheckConditionOver(rules.OverChanges(), expr))
			holds, err := rules.Holds(expr, told())
			require.NoError(t, err)
			require.Equal(t, want, holds)
		})
	}
}

func TestConditionsOverADirectoryRefused(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]string{
		"person.departement == 'x'":   `there is no field "departement" (did you mean "department"?)`,
		"subject.department == 'x'":   `nothing here is called "subject": known are person`,
		"change.kind == 'x'":          `nothing here is called "change": known are person`,
		"person.department":           "must answer true or false, and this is a text",
		"person.active == 'x'":        "is not a valid expression",
		"persn.department == 'Sales'": `nothing here is called "persn" (did you mean "person"?)`,
	} {
		require.ErrorContains(t, rules.CheckConditionOver(rules.OverPeople(), expr), want, expr)
	}
	require.ErrorContains(t, rules.CheckCondition("person.active"), `nothing here is called "person"`)
	require.ErrorContains(t, rules.CheckConditionOver(rules.OverChanges(), "change.befor.x == 1"), `there is no field "befor"`)
}

// TestAChangeOfAGroupIsAboutNobody: a change of a group is about nobody, and a condition about a person does not hold then.
func TestAChangeOfAGroupIsAboutNobody(t *testing.T) {
	t.Parallel()
	scope := rules.Scope{
		"person": rules.Person(db.Person{}, nil), "change": rules.Change(db.DirectoryChange{Kind: db.GroupDeleted}, "okta"),
	}
	holds, err := rules.Holds("person.department == 'Finance' || has(change.before.displayName)", scope)
	require.NoError(t, err)
	require.False(t, holds)
}

// TestScriptsMayBeCalledPersonOrChange: the names of conditions over directories are not taken from those over requests.
func TestScriptsMayBeCalledPersonOrChange(t *testing.T) {
	t.Parallel()
	require.False(t, rules.Reserved("person"))
	require.NoError(t, rules.CheckCondition("person.exists && change.id != ''", rules.Outputs("person", "change")...))
	holds, err := rules.Holds("person.exists && change.id == ''", rules.Scope{
		"person": map[string]any{"exists": true}, "change": map[string]any{"id": ""},
	})
	require.NoError(t, err)
	require.True(t, holds)
}

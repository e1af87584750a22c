package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/flows/rules"
)

func TestOutputsWithKnownFields(t *testing.T) {
	t.Parallel()
	find := rules.Output{Name: "look-up", Fields: map[string]string{"exists": "bool", "id": "string", "facts": "map"}}
	for expr, want := range map[string]string{
		"look_up.exists":                        "",
		"!look_up.exists && look_up.id == ''":   "",
		"look_up.facts.size > 3":                "",
		"has(look_up.id)":                       "",
		"look_up.exsits":                        `there is no field "exsits" (did you mean "exists"?)`,
		"look_up.exists == 'yes'":               "found no matching overload",
		"look_up.id":                            "must answer true or false, and this is a text",
		"look_up":                               "must answer true or false, and this is the whole output of look_up",
		"look_up.exists && subject.departement": `there is no field "departement"`,
	} {
		t.Run(expr, func(t *testing.T) {
			t.Parallel()
			err := rules.CheckCondition(expr, find)
			if want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, want)
		})
	}
	require.ErrorContains(t, rules.CheckTemplate("id: {{ look_up.idd }}", find), `there is no field "idd" (did you mean "id"?)`)
	require.ErrorContains(t, rules.CheckTemplate("{{ look_up }}", find), "name the field that you mean")
	// Another output under the same name is another expression: nothing of the first is remembered.
	require.NoError(t, rules.CheckCondition("look_up.exsits", rules.Output{Name: "look-up"}))
	require.ErrorContains(t, rules.CheckCondition("look_up.exsits", rules.Output{Name: "look-up", Fields: map[string]string{}}), "no field")
}

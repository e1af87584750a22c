package rules_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

// scope is what a request of the sample company looks like.
func scope() rules.Scope {
	ana := rules.Person(db.Person{
		Email: "ana@example.com", Name: "Ana Lima", SlackID: "U1", Department: "Design", Title: "Designer",
		ManagerEmail: "mia@example.com", Attributes: map[string]any{"cost_center": "42", "level": float64(3)},
	}, []string{"design", "drive-users"})
	mia := rules.Person(db.Person{Email: "mia@example.com", Name: "Mia"}, nil)
	drive := db.Provider{ID: "prv_1", Slug: "drive", Name: "Acme Drive", Connector: "scim"}
	return rules.Scope{
		"requester":   ana,
		"subject":     ana,
		"approvers":   []map[string]any{mia},
		"entitlement": rules.Entitlement(db.Entitlement{Slug: "drive-editors", Target: "Editors", Risk: "medium", Provider: &drive}),
		"provider":    rules.Provider(drive),
		"request":     rules.Request(db.Request{ID: "req_1", Reason: "the launch", CreatedAt: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)}),
		"grant":       rules.Grant(db.Grant{ID: "gra_1", Duration: db.Duration(8 * time.Hour), Status: "provisioning"}),
		"duration":    db.Duration(8 * time.Hour),
		"find":        map[string]any{"exists": false, "id": "", "count": float64(2), "tags": []any{"a", "b"}, "none": nil},
		"look-up":     map[string]any{"id": "x1"},
	}
}

func TestConditionsHold(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]bool{
		"":     true,
		"  ":   true,
		"true": true,
		"subject.department == 'Design' && duration <= duration('8h')":     true,
		"duration < duration('8h')":                                        false,
		"duration < duration('1d')":                                        true,
		"duration <= duration('2w') && duration('7d') == duration('168h')": true,
		"duration(\"1d12h\") == duration('36h')":                           true,
		"grant.duration == duration":                                       true,
		"!find.exists":                                                     true,
		"find.count == 2":                                                  true,
		"look_up.id == 'x1'":                                               true,
		"'design' in subject.groups":                                       true,
		"subject.attributes.cost_center == '42'":                           true,
		"subject.attributes['level'] >= 3":                                 true,
		"has(subject.attributes.badge)":                                    false,
		"has(grant.expires_at)":                                            false,
		"approvers.exists(a, a.email == subject.manager)":                  true,
		"approvers.all(a, a.email != subject.email)":                       true,
		"size(approvers) == 1 && approvers[0].name == 'Mia'":               true,
		"entitlement.risk in ['medium', 'high']":                           true,
		"entitlement.provider == provider.slug":                            true,
		"request.created_at < timestamp('2026-03-02T00:00:00Z')":           true,
		"subject.email.endsWith('@example.com')":                           true,
		"subject.title.lowerAscii() == 'designer'":                         true,
		"subject == requester":                                             true,
		"subject.department.matches('^De')":                                true,
	} {
		t.Run(expr, func(t *testing.T) {
			t.Parallel()
			require.NoError(t, rules.CheckCondition(expr, rules.Outputs("find", "look-up")...))
			holds, err := rules.Holds(expr, scope())
			require.NoError(t, err)
			require.Equal(t, want, holds)
		})
	}
}

func TestConditionsRefused(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]string{
		"subject.departement == 'Design'":   `condition "subject.departement == 'Design'", column 8: there is no field "departement" (did you mean "department"?)`,
		"subjct.department == 'Design'":     `condition "subjct.department == 'Design'", column 1: nothing here is called "subjct" (did you mean "subject"?)`,
		"true && xyzzy":                     `column 9: nothing here is called "xyzzy": known are approvers, duration`,
		"find.exists && later.exists":       `column 16: nothing here is called "later"`,
		"subject.email":                     `column 1: must answer true or false, and this is a text`,
		"subject":                           `must answer true or false, and this is a whole person`,
		"[1]":                               `must answer true or false, and this is a list`,
		"1":                                 `must answer true or false, and this is a number`,
		"subject.email == 3":                `is not a valid expression: found no matching overload for '_==_'`,
		"subject.email ==":                  `column 17: is not a valid expression`,
		"duration < duration('8x')":         `is not a valid expression`,
		"duration < duration('8y1d')":       `"8y1d" is not a duration: write for example 30m, 8h or 7d`,
		"subject.email.matches('(')":        `is not a valid expression: invalid matches argument`,
		"a = b":                             `is not a valid expression`,
		"approvers.exists(a, a.mail == '')": `there is no field "mail" (did you mean "email"?)`,
		"approvers.all(a, approvers.all(b, approvers.all(c, a == b && b == c)))": `nest`,
		"'" + strings.Repeat("x", 5000) + "' == ''":                              `is longer than 4000 characters`,
		strings.Repeat("(", 300) + "true" + strings.Repeat(")", 300):             `is not a valid expression`,
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			err := rules.CheckCondition(expr, rules.Outputs("find")...)
			var refusal *rules.Error
			require.ErrorAs(t, err, &refusal)
			require.ErrorContains(t, err, want)
			require.Less(t, len(err.Error()), 500)
		})
	}
}

func TestConditionsWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]string{
		"subject.attributes.badge == 'x'": `condition "subject.attributes.badge == 'x'": there is no value called badge: ask has(…) first`,
		"!find.missing":                   `there is no value called missing`,
		"find.id":                         `must answer true or false, and answered string`,
		"find.none":                       `must answer true or false, and answered null_type`,
		"grant.expires_at < timestamp('2026-01-01T00:00:00Z')": `expires_at is not known yet`,
		"find.tags[7] == 'x'":                `has no answer`,
		"1 / (size(approvers) - 1) == 1":     `division by zero`,
		"later.exists":                       `nothing here is called "later"`,
		"duration(find.id) > duration('1h')": `has no answer`,
	} {
		t.Run(expr, func(t *testing.T) {
			t.Parallel()
			holds, err := rules.Holds(expr, scope())
			require.ErrorContains(t, err, want)
			require.False(t, holds)
		})
	}
	holds, err := rules.Holds("grant.id == ''", rules.Scope{})
	require.ErrorContains(t, err, "grant is not known here")
	require.False(t, holds)
}

func TestConditionsOverSomeVariables(t *testing.T) {
	t.Parallel()
	require.NoError(t, rules.CheckConditionOver([]string{"subject"}, "subject.email != ''"))
	require.ErrorContains(t, rules.CheckConditionOver([]string{"subject"}, "grant.id != ''"),
		`nothing here is called "grant": known are subject`)
}

func TestExpensiveConditionsEnd(t *testing.T) {
	t.Parallel()
	many := make([]any, 20000)
	for i := range many {
		many[i] = strings.Repeat("x", 100)
	}
	values := rules.Scope{"find": map[string]any{"all": many, "text": strings.Repeat("x", 1000)}}
	for name, expr := range map[string]string{
		"quadratic":       "find.all.all(a, find.all.all(b, a == b))",
		"growing text":    "find.text" + strings.Repeat(".replace('', find.text)", 20) + " == ''",
		"doubling joined": "[find.text, find.text].join(find.text)" + strings.Repeat(".replace('x', find.text)", 6) + " == ''",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := rules.Holds(expr, values)
			require.ErrorContains(t, err, "takes too long")
		})
	}
}

func TestManyExpressionsAtOnce(t *testing.T) {
	t.Parallel()
	var wait sync.WaitGroup
	for worker := range 8 {
		wait.Go(func() {
			for n := range 200 {
				holds, err := rules.Holds(fmt.Sprintf("size(subject.email) == 15 && %d == %d", n, worker%2*n), scope())
				if err != nil || holds != (n == worker%2*n) {
					t.Errorf("%d: %v %v", n, holds, err)
				}
			}
		})
	}
	wait.Wait()
}

func TestDidYouMean(t *testing.T) {
	t.Parallel()
	known := []string{"owner", "provider", "name"}
	require.Equal(t, ` (did you mean "owner"?)`, rules.DidYouMean("onwer", known))
	require.Equal(t, ` (did you mean "provider"?)`, rules.DidYouMean("Providers", known))
	require.Empty(t, rules.DidYouMean("colour", known))
	require.Empty(t, rules.DidYouMean(strings.Repeat("x", 10000), known))
}

package workos

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/usherhq/usher/directory/mirror"
	"github.com/usherhq/usher/directory/scim"
)

// The schemas of what the mirror keeps.
const (
	userURN       = "urn:ietf:params:scim:schemas:core:2.0:User"
	groupURN      = "urn:ietf:params:scim:schemas:core:2.0:Group"
	enterpriseURN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	usherURN      = "urn:ietf:params:scim:schemas:extension:usher:2.0:User"
)

// mostText bounds a text that is looked up, in bytes, so that databases can index it.
const mostText = 1024

// The names under which WorkOS has what SCIM has a place for: those that it maps by itself come first
// (https://workos.com/docs/directory-sync/attributes/custom-attributes/auto-mapped-attributes), then what people write.
var (
	enterpriseNames = map[string][]string{
		"department":     {"department_name", "department"},
		"division":       {"division_name", "division"},
		"costCenter":     {"cost_center_name", "cost_center"},
		"employeeNumber": {"employee_number", "employee_id"},
	}
	titleNames      = []string{"job_title", "title"}
	employmentNames = []string{"employment_type", "employee_type"}
	managerNames    = []string{"manager_email"}
	startNames      = []string{"employment_start_date", "start_date"}
	endNames        = []string{"employment_end_date", "end_date"}
)

// userResource is a user as SCIM has one, without his name for signing in: see userNames. All custom attributes are
// there too, under the names that WorkOS gives them.
func userResource(u User) scim.Resource {
	u.CustomAttributes, _ = cleaned(u.CustomAttributes).(map[string]any)
	r := scim.Resource{"externalId": u.ID, "active": u.Active()}
	set(r, "name", some(scim.Resource{"givenName": clean(u.FirstName), "familyName": clean(u.LastName), "formatted": clean(u.Name)}))
	set(r, "displayName", displayName(u))
	set(r, "emails", emails(u))
	set(r, "title", first(clean(u.JobTitle), u.customOf(titleNames)))
	set(r, "userType", u.customOf(employmentNames))
	set(r, "roles", roles(u))
	enterprise := scim.Resource{}
	for name, theirs := range enterpriseNames {
		enterprise[name] = u.customOf(theirs)
	}
	if manager := u.customOf(managerNames); manager != "" {
		enterprise["manager"] = scim.Resource{"value": manager}
	}
	extend(r, enterpriseURN, some(enterprise))
	extend(r, usherURN, some(scim.Resource{
		"startDate": date(u.customOf(startNames)), "endDate": date(u.customOf(endNames)), "employmentType": u.customOf(employmentNames),
	}))
	extend(r, mirror.Custom, u.CustomAttributes)
	r["schemas"] = schemasOf(r)
	return r
}

// groupResource is a group as SCIM has one, without its name: see groupNames.
func groupResource(g Group) scim.Resource {
	return scim.Resource{"schemas": []any{groupURN}, "externalId": g.ID}
}

// userNames are the names that a user may have in the mirror, best first. Names are unique there and need not be at
// WorkOS; its own id always is.
func userNames(u User) []string {
	return names(u.Address(), u.Username, u.custom("username"), u.IDPID, u.ID)
}

// groupNames are the names that a group may have in the mirror, best first.
func groupNames(g Group) []string {
	name := clean(g.Name)
	return names(name, strings.TrimSpace(name+" ("+g.IDPID+")"), strings.TrimSpace(name+" ("+g.ID+")"))
}

func names(candidates ...string) []string {
	var all []string
	for _, name := range candidates {
		if name = clip(clean(name)); name != "" && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

func displayName(u User) string {
	return first(clean(u.Name), strings.TrimSpace(clean(u.FirstName)+" "+clean(u.LastName)))
}

// emails are a user's addresses, each once; that of WorkOS's own field is the primary one.
func emails(u User) []any {
	primary := u.Address()
	all := []Email{{Value: primary, Type: "work"}}
	for _, email := range u.Emails {
		if strings.EqualFold(email.Value, primary) && email.Type != "" {
			all[0].Type = email.Type
		}
		if !slices.ContainsFunc(all, func(other Email) bool { return strings.EqualFold(other.Value, email.Value) }) {
			all = append(all, email)
		}
	}
	var values []any
	for i, email := range all {
		address := clean(email.Value)
		if address == "" || len(address) > mostText {
			continue
		}
		one := scim.Resource{"value": address}
		set(one, "type", clean(email.Type))
		if i == 0 {
			one["primary"] = true
		}
		values = append(values, one)
	}
	return values
}

func roles(u User) []any {
	var values []any
	for _, slug := range u.RoleSlugs() {
		values = append(values, scim.Resource{"value": clean(slug)})
	}
	return values
}

// customOf is the first of some custom attributes that is a text.
func (u User) customOf(names []string) string {
	for _, name := range names {
		if text := u.custom(name); text != "" {
			return text
		}
	}
	return ""
}

// date is a text if it is a date or a time, as people and machines write them.
func date(text string) string {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if _, err := time.Parse(layout, text); err == nil {
			return text
		}
	}
	return ""
}

// extend adds an extension that holds something.
func extend(r scim.Resource, urn string, values scim.Resource) {
	if len(values) > 0 {
		r[urn] = values
	}
}

func schemasOf(r scim.Resource) []any {
	schemas := []any{userURN}
	for _, urn := range []string{enterpriseURN, usherURN, mirror.Custom} {
		if r[urn] != nil {
			schemas = append(schemas, urn)
		}
	}
	return schemas
}

// set adds a value unless it is empty.
func set(r scim.Resource, name string, value any) {
	switch value := value.(type) {
	case string:
		if value == "" {
			return
		}
	case []any:
		if len(value) == 0 {
			return
		}
	case scim.Resource:
		if len(value) == 0 {
			return
		}
	}
	r[name] = value
}

// some leaves out what is empty.
func some(values scim.Resource) scim.Resource {
	kept := scim.Resource{}
	for name, value := range values {
		set(kept, name, value)
	}
	return kept
}

func first(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// clean takes out what databases do not store, and the space around a text.
func clean(text string) string { return strings.TrimSpace(strings.ReplaceAll(text, "\x00", "")) }

// cleaned takes out what databases do not store at any depth.
func cleaned(value any) any {
	switch value := value.(type) {
	case string:
		return strings.ReplaceAll(value, "\x00", "")
	case []any:
		all := make([]any, 0, len(value))
		for _, one := range value {
			all = append(all, cleaned(one))
		}
		return all
	case map[string]any:
		all := make(map[string]any, len(value))
		for name, one := range value {
			all[strings.ReplaceAll(name, "\x00", "")] = cleaned(one)
		}
		return all
	}
	return value
}

func clip(text string) string {
	if len(text) <= mostText {
		return text
	}
	end := mostText
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

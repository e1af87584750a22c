package views

import "slices"

// How a field of the administration is filled in.
const (
	AsLine   = "line"   // one line of text
	AsText   = "text"   // several lines
	AsNumber = "number" // a whole number
	AsLength = "length" // a duration, such as 8h
	AsRule   = "rule"   // a condition in CEL
	AsChoice = "choice" // one of a few
	AsFlags  = "flags"  // some of a few; each is a key of its own
	AsOne    = "one"    // one of what another list holds
	AsMany   = "many"   // several of what another list holds
	AsWords  = "words"  // a list of short texts, with commas between them
	AsYAML   = "yaml"   // what has a form of its own, as it is written in a file
)

// AdminField is a field of a form: a key of the configuration file, or what stands for several.
type AdminField struct {
	Key, Label, Hint string
	As               string
	Of               string      // for AsOne and AsMany: which list, as in AdminListOf
	Choices          [][2]string // for AsChoice and AsFlags: value and words
	Needed           bool
	Fixed            bool // it is chosen once, when the object is made
	Turns            bool // choosing it changes the form
	Most             int  // characters; 0 is the usual
}

// The lists from which fields choose.
const (
	AdminPeople       = "person"
	AdminProviders    = "provider"
	AdminEntitlements = "entitlement"
	AdminChains       = "approval_chain"
	AdminGiving       = "provision"
	AdminTaking       = "deprovision"
	AdminApprovers    = "approver"
	AdminTold         = "told" // approvers and channels
)

// adminKind is what a kind of object is called, and its fields.
type adminKind struct {
	one, many string
	fields    []AdminField
}

// slugHint says what a slug is for.
const slugHint = "Small letters, digits and dashes. It is how files, scripts and the log name it, and never changes."

var adminKinds = map[string]adminKind{
	"person": {"person", "People", []AdminField{
		{Key: "email", Label: "E-mail address", As: AsLine, Needed: true, Fixed: true},
		{Key: "name", Label: "Name", As: AsLine},
		{Key: "manager", Label: "Manager", As: AsOne, Of: AdminPeople},
		{Key: "department", Label: "Department", As: AsLine},
		{Key: "title", Label: "Title", As: AsLine},
		{Key: "groups", Label: "Groups", As: AsWords, Hint: "Groups of the configuration. Chains name them as group:handle."},
		{Key: "attributes", Label: "Attributes", As: AsYAML, Hint: "One on a line, such as site: Berlin. Conditions read them."},
	}},
	"provider": {"provider", "Providers", []AdminField{
		{Key: "slug", Label: "Slug", As: AsLine, Needed: true, Fixed: true, Hint: slugHint},
		{Key: "name", Label: "Name", As: AsLine, Needed: true},
		{Key: "connector", Label: "Connector", As: AsLine, Needed: true, Hint: "The code that talks to it, such as scim, gitlab or http."},
		{Key: "owner", Label: "Owner", As: AsOne, Of: AdminPeople, Needed: true},
		{Key: "workers", Label: "Workers", As: AsNumber, Hint: "How many scripts run there at once."},
		{Key: "rate", Label: "Calls at most", As: AsLine, Hint: "Such as 10/s. Empty is no limit."},
		{Key: "settings", Label: "Settings", As: AsYAML, Hint: "One on a line. Secrets are references, such as token: \"env:DRIVE_TOKEN\"."},
		{Key: "endpoints", Label: "Endpoints", As: AsYAML, Hint: "Calls and webhooks that scripts can use, one on a line."},
	}},
	"entitlement": {"entitlement", "Entitlements", []AdminField{
		{Key: "slug", Label: "Slug", As: AsLine, Needed: true, Fixed: true, Hint: slugHint},
		{Key: "name", Label: "Name", As: AsLine, Needed: true},
		{Key: "description", Label: "Description", As: AsLine, Most: 500},
		{Key: "provider", Label: "Provider", As: AsOne, Of: AdminProviders, Needed: true},
		{Key: "kind", Label: "Kind", As: AsChoice, Needed: true, Choices: same("user", "group", "role", "entity", "license")},
		{Key: "target", Label: "Target", As: AsLine, Hint: "What it is called at the provider, such as the group's name."},
		{Key: "owner", Label: "Owner", As: AsOne, Of: AdminPeople, Needed: true},
		{Key: "risk", Label: "Risk", As: AsChoice, Choices: same("low", "medium", "high")},
		{Key: "durations.default", Label: "How long as a rule", As: AsLength},
		{Key: "durations.max", Label: "How long at most", As: AsLength},
		{Key: "durations.choices", Label: "Offered durations", As: AsWords, Hint: "Such as 1h, 8h, 7d."},
		{Key: "requestable_by", Label: "Who may ask", As: AsRule, Hint: "Such as subject.department == 'Design'. Empty is everybody."},
		{Key: "provision", Label: "Workflow that gives it", As: AsOne, Of: AdminGiving, Needed: true},
		{Key: "deprovision", Label: "Workflow that takes it back", As: AsOne, Of: AdminTaking, Needed: true},
	}},
	"approval_chain": {"approval chain", "Approval chains", []AdminField{
		{Key: "slug", Label: "Slug", As: AsLine, Needed: true, Fixed: true, Hint: slugHint},
		{Key: "name", Label: "Name", As: AsLine},
		{Key: "pending", Label: "A request waits at most", As: AsLength, Hint: "Such as 3d. Empty is the limit of the settings."},
	}},
	"action_chain": {"action chain", "Action chains", []AdminField{
		{Key: "name", Label: "Name", As: AsLine},
		{Key: "kind", Label: "Kind", As: AsLine},
		{Key: "workflow", Label: "Workflow", As: AsText},
		{Key: "scripts", Label: "Scripts", As: AsYAML},
	}},
	"approval_rule": {"approval rule", "Approval rules", []AdminField{
		{Key: "slug", Label: "Slug", As: AsLine, Needed: true, Fixed: true, Hint: slugHint},
		{Key: "name", Label: "Name", As: AsLine},
		{Key: "effect", Label: "What it does", As: AsChoice, Needed: true, Choices: [][2]string{{"approve", "approves without asking"}, {"deny", "denies without asking"}}},
		{Key: "when", Label: "When", As: AsRule, Hint: "Such as subject.department == 'Design' && duration <= duration('1h')."},
		{Key: "entitlements", Label: "Entitlements", As: AsMany, Of: AdminEntitlements, Hint: "None is all."},
		{Key: "reason", Label: "What people are told", As: AsText},
		{Key: "until", Label: "Until", As: AsLine, Hint: "A day such as 2027-03-31, or a moment such as 2027-03-31T18:00:00Z. Empty is without an end."},
	}},
	"separation": {"separation", "Separation of duties", []AdminField{
		{Key: "slug", Label: "Slug", As: AsLine, Needed: true, Fixed: true, Hint: slugHint},
		{Key: "name", Label: "Name", As: AsLine},
		{Key: "entitlements", Label: "Entitlements", As: AsMany, Of: AdminEntitlements, Needed: true, Hint: "Nobody may hold two of them."},
		{Key: "reason", Label: "Why", As: AsText},
		{Key: "effect", Label: "What happens to who asks for another", As: AsChoice, Needed: true, Turns: true, Choices: [][2]string{{"block", "it is refused"}, {"ask", "one more step decides"}}},
	}},
	"directory": {"directory", "Directories", []AdminField{
		{Key: "slug", Label: "Slug", As: AsLine, Needed: true, Fixed: true, Hint: slugHint},
		{Key: "name", Label: "Name", As: AsLine, Hint: "Such as Okta. Cards name it so."},
		{Key: "kind", Label: "Kind", As: AsChoice, Needed: true, Fixed: true, Choices: [][2]string{{"scim", "it writes here by SCIM"}, {"workos", "WorkOS tells of it"}}},
		{Key: "owner", Label: "Owner", As: AsOne, Of: AdminPeople, Hint: "Chains that name the owner ask this person."},
		{Key: "workos", Label: "WorkOS", As: AsYAML, Hint: "One on a line: directory_id, api_key, webhook_secret. Secrets are references, such as env:WORKOS_API_KEY."},
		{Key: "mode", Label: "What it writes", As: AsChoice, Choices: [][2]string{{"observe", "is so at once"}, {"hold", "waits for a decision"}}},
		{Key: "changes", Label: "Other for single changes", As: AsYAML, Hint: "One on a line, such as user_created: observe. Each is observe, hold or pass."},
		{Key: "downstream", Label: "Written to", As: AsMany, Of: AdminProviders, Hint: "Providers with the connector scim."},
		{Key: "routes", Label: "Who decides", As: AsYAML, Hint: "One on a line, such as - {chain: it-one, channel: \"#it\"}; the last without when."},
		{Key: "gather", Label: "Gather changes for one card", As: AsLength, Hint: "Empty is 10s."},
		{Key: "pending", Label: "A change waits at most", As: AsLength, Hint: "Such as 3d. Empty is the limit of the settings."},
		{Key: "breaker.changes", Label: "Stop above so many an hour", As: AsNumber, Hint: "Changes that take away. Empty is 50; off is no bound."},
		{Key: "breaker.percent", Label: "Stop above so many percent", As: AsNumber, Hint: "Of its people or groups. Empty is 20; off is no bound."},
		{Key: "attributes", Label: "Attributes", As: AsYAML, Hint: "One on a line: a name for conditions and what the directory calls it."},
	}},
	"birthright": {"birthright", "Birthrights", []AdminField{
		{Key: "slug", Label: "Slug", As: AsLine, Needed: true, Fixed: true, Hint: slugHint},
		{Key: "name", Label: "Name", As: AsLine},
		{Key: "when", Label: "Who gets it", As: AsRule, Needed: true, Hint: "Such as person.department == 'Engineering'."},
		{Key: "entitlements", Label: "Entitlements", As: AsMany, Of: AdminEntitlements, Needed: true},
		{Key: "chain", Label: "Who approves", As: AsOne, Of: AdminChains, Hint: "Empty: nobody is asked."},
		{Key: "grace", Label: "Kept for a while after", As: AsLength, Hint: "Such as 7d. Empty: it ends when the rule no longer holds."},
		{Key: "during.cron", Label: "Opens", As: AsLine, Hint: "Minute, hour, day, month, weekday, such as 0 8 28 * *. Empty is always."},
		{Key: "during.for", Label: "Is open for", As: AsLength, Hint: "Such as 3d."},
		{Key: "during.zone", Label: "Time zone", As: AsLine, Hint: "Such as Europe/Berlin. Empty is UTC."},
		{Key: "adjust.on", Label: "Adjusted when these change", As: AsWords, Hint: "Such as attributes.territory, manager."},
		{Key: "adjust.run", Label: "By running", As: AsOne, Of: AdminGiving},
	}},
	"settings": {"settings", "Settings", []AdminField{
		{Key: "channel", Label: "Channel of the cards", As: AsLine, Hint: "Such as #access."},
		{Key: "admins", Label: "Admins", As: AsMany, Of: AdminPeople, Hint: "They see and change everything."},
		{Key: "auditors", Label: "Auditors", As: AsMany, Of: AdminPeople, Hint: "They see everything and change nothing."},
		{Key: "pending", Label: "A request waits at most", As: AsLength, Hint: "Empty is a week."},
		{Key: "four_eyes", Label: "Four eyes", As: AsOne, Of: AdminChains, Hint: "The chain that approves changes made here. Empty: they take effect at once."},
		{Key: "quiet_hours.from", Label: "Quiet from", As: AsLine, Hint: "Such as 20:00, in each approver's time zone."},
		{Key: "quiet_hours.to", Label: "Quiet until", As: AsLine, Hint: "Such as 08:00."},
		{Key: "quiet_hours.weekends", Label: "Weekends", As: AsFlags, Choices: [][2]string{{"quiet_hours.weekends", "Saturdays and Sundays are quiet too"}}},
	}},
}

// same are choices that are called what they are.
func same(values ...string) [][2]string {
	var choices [][2]string
	for _, value := range values {
		choices = append(choices, [2]string{value, value})
	}
	return choices
}

// AdminFields are the fields of a form. Room says which optional parts it has room for: so many approval rules, and an
// emergency path.
func AdminFields(kind string, room AdminRoom) []AdminField {
	fields := slices.Clone(adminKinds[kind].fields)
	switch {
	case kind == "entitlement":
		fields = append(fields, ruleFields(room.Rules)...)
		if room.Emergency {
			fields = append(fields, emergencyFields...)
		}
	case kind == "separation" && room.Step:
		fields = append(fields, StepFields()...)
	}
	return fields
}

// AdminRoom is what optional parts a form has room for.
type AdminRoom struct {
	Rules     int  // of an entitlement
	Emergency bool // of an entitlement
	Step      bool // of a separation
}

// AdminMostRules is how many approval rules of an entitlement a form has room for.
const AdminMostRules = 8

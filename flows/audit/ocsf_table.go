package audit

import (
	"strings"

	"github.com/usherhq/usher/db"
)

// The classes of the category Identity and Access Management that Usher's entries belong to (OCSF 1.3.0,
// https://schema.ocsf.io/1.3.0/categories/iam). Each fits what it is used for without inventing required facts; API
// Activity (6003), for one, would want the address that a click came from, which Slack does not tell.
const (
	accountChange    = 3001
	entityManagement = 3004
	userAccess       = 3005
	groupManagement  = 3006
)

// other is the activity that the schema has no number for; its name is then the source's own.
const other = 99

// activity is what an entry is in the schema's terms.
type activity struct {
	class int
	id    int
	name  string // the schema's caption of id, our own for other
}

// activities maps actions. What is not here is an activity of its own upon the entity that it is about.
var activities = map[string]activity{
	"request.created":   {entityManagement, 1, "Create"},
	"request.cancelled": {entityManagement, 3, "Update"},
	"request.lapsed":    {entityManagement, 3, "Update"},
	"duration.changed":  {entityManagement, 3, "Update"},
	"grant.created":     {entityManagement, 1, "Create"},
	"grant.scheduled":   {entityManagement, 3, "Update"},
	"grant.extended":    {entityManagement, 3, "Update"},
	"grant.activated":   {userAccess, 1, "Assign Privileges"},
	"grant.ended":       {userAccess, 2, "Revoke Privileges"},
	"factor.enrolled":   {accountChange, 10, "MFA Factor Enable"},
	"factor.dropped":    {accountChange, 11, "MFA Factor Disable"},
	"factor.reset":      {accountChange, 11, "MFA Factor Disable"},
	"config.changed":    {entityManagement, 3, "Update"},
}

// endpoints maps what a script that succeeded or failed did at a provider, by the end of its type, which is
// {provider}_api_{endpoint}.
var endpoints = map[string]activity{
	"create_user":             {accountChange, 1, "Create"},
	"enable_user":             {accountChange, 2, "Enable"},
	"disable_user":            {accountChange, 5, "Disable"},
	"delete_user":             {accountChange, 6, "Delete"},
	"add_user_to_group":       {groupManagement, 3, "Add User"},
	"remove_user_from_group":  {groupManagement, 4, "Remove User"},
	"add_user_to_role":        {userAccess, 1, "Assign Privileges"},
	"remove_user_from_role":   {userAccess, 2, "Revoke Privileges"},
	"add_user_to_entity":      {userAccess, 1, "Assign Privileges"},
	"remove_user_from_entity": {userAccess, 2, "Revoke Privileges"},
	"allocate_license":        {userAccess, 1, "Assign Privileges"},
	"release_license":         {userAccess, 2, "Revoke Privileges"},
}

// already is the outcome of a script that found nothing to do.
const already = "already"

// classify finds an entry's activity. Nothing is called a change of an account or of privileges that was not one: a
// script that found everything done, or a grant whose access another grant keeps, stays an event upon its entity.
func classify(event db.AuditEvent, details db.Details) activity {
	found, ok := activities[event.Action]
	if event.Action == "script.succeeded" || event.Action == "script.failed" {
		_, endpoint, _ := strings.Cut(details.ScriptType, "_api_")
		found, ok = endpoints[endpoint]
		ok = ok && event.Outcome != already
	}
	if event.Action == "config.changed" {
		found = configured(details)
	}
	if !ok || event.Subject == "" && found.class != entityManagement || details.CoveredBy != "" {
		return activity{entityManagement, other, event.Action}
	}
	return found
}

// configured says what happened to a part of the configuration.
func configured(details db.Details) activity {
	switch {
	case details.Before == nil && details.After != nil:
		return activity{entityManagement, 1, "Create"}
	case details.Before != nil && details.After == nil:
		return activity{entityManagement, 4, "Delete"}
	}
	return activity{entityManagement, 3, "Update"}
}

// severities of entries that somebody may want to look at; all others are informational.
var severities = map[string]severity{
	"click.refused":      {2, "Low"},
	"script.failed":      {2, "Low"},
	"factor.failed":      {2, "Low"},
	"factor.reset":       {2, "Low"},
	"factor.locked":      {3, "Medium"},
	"sign_in.refused":    {2, "Low"},
	"script.paused":      {3, "Medium"},
	"action_flow.failed": {3, "Medium"},
}

type severity struct {
	id   int
	name string
}

// failed are the actions that tell of something that did not come about.
var failed = map[string]bool{
	"click.refused": true, "script.failed": true, "action_flow.failed": true, "factor.failed": true, "factor.locked": true, "sign_in.refused": true,
}

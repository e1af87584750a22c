package rules

import (
	"strings"
	"time"

	"github.com/usherhq/usher/db"
)

// Person is how an expression sees a person. Groups are the handles of the groups that the person is in.
func Person(p db.Person, groups []string) map[string]any {
	attributes := p.Attributes
	if attributes == nil {
		attributes = map[string]any{}
	}
	return map[string]any{
		"email": p.Email, "name": p.Name, "slack_id": p.SlackID, "department": p.Department, "title": p.Title,
		"manager": p.ManagerEmail, "groups": append([]string{}, groups...), "attributes": attributes,
		"employment": p.Employment, "active": p.Active,
	}
}

// Change is how an expression sees what a directory, named by its slug, writes. Before and after are the attributes that
// differ. Of a change that is not about a person, person is [Person] of nobody: all its fields are empty.
func Change(c db.DirectoryChange, directory string) map[string]any {
	before, after := c.Before, c.After
	if before == nil {
		before = map[string]any{}
	}
	if after == nil {
		after = map[string]any{}
	}
	return map[string]any{"kind": c.Kind, "directory": directory, "label": c.Label, "before": before, "after": after}
}

// Entitlement is how an expression sees an entitlement. Its provider is the provider's slug, or empty where the row
// was read without it.
func Entitlement(e db.Entitlement) map[string]any {
	provider := ""
	if e.Provider != nil {
		provider = e.Provider.Slug
	}
	return map[string]any{
		"id": e.ID, "slug": e.Slug, "name": e.Name, "description": e.Description, "kind": e.Kind, "target": e.Target,
		"provider": provider, "owner": e.OwnerEmail, "risk": e.Risk,
	}
}

// Provider is how an expression sees a provider. Settings are left out: they are nobody's business.
func Provider(p db.Provider) map[string]any {
	return map[string]any{"id": p.ID, "slug": p.Slug, "name": p.Name, "connector": p.Connector, "owner": p.OwnerEmail}
}

// Request is how an expression sees a request.
func Request(r db.Request) map[string]any {
	return withTimes(map[string]any{
		"id": r.ID, "reason": r.Reason, "status": r.Status, "channel": r.Channel, "emergency": r.Emergency,
	}, map[string]time.Time{"created_at": r.CreatedAt})
}

// Grant is how an expression sees a grant. Times that are not set yet are absent: ask has(grant.expires_at) first.
func Grant(g db.Grant) map[string]any {
	return withTimes(map[string]any{
		"id": g.ID, "status": g.Status, "duration": g.Duration, "end_cause": g.EndCause,
	}, map[string]time.Time{"starts_at": g.StartsAt, "active_at": g.ActiveAt, "expires_at": g.ExpiresAt})
}

func withTimes(fields map[string]any, times map[string]time.Time) map[string]any {
	for name, at := range times {
		if !at.IsZero() {
			fields[name] = at.UTC()
		}
	}
	return fields
}

// Name is what expressions call the script with this name.
func Name(script string) string { return strings.ReplaceAll(script, "-", "_") }

package db

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// Provider is a system in which access lives.
type Provider struct {
	bun.BaseModel `bun:"table:providers,alias:provider"`

	ID         string         `bun:"id,pk"`
	Slug       string         `bun:"slug"`
	Name       string         `bun:"name"`
	Connector  string         `bun:"connector"`
	OwnerEmail string         `bun:"owner_email"`
	Workers    int            `bun:"workers"` // goroutines of this provider's pool, in each process
	Rate       string         `bun:"rate"`    // calls at most, such as "10/s"; empty is no limit
	Settings   map[string]any `bun:"settings,type:jsonb"`
	Endpoints  []any          `bun:"endpoints,type:jsonb"`
	Active     bool           `bun:"active"`
	UpdatedAt  time.Time      `bun:"updated_at"`
}

// Durations are the lengths of time for which an entitlement may be held.
type Durations struct {
	Default Duration   `json:"default"`
	Max     Duration   `json:"max"`
	Choices []Duration `json:"choices"`
}

// ApprovalRule picks an approval chain for a request: the first whose When (CEL) holds; an empty When always holds.
type ApprovalRule struct {
	Chain string `json:"chain"`
	When  string `json:"when,omitempty"`
}

// Emergency is the declared way around the approval chains of an entitlement: loud, short, and reviewed afterwards.
type Emergency struct {
	Chain     string   `json:"chain,omitempty"`     // slug of an approval chain; empty: given at once
	Max       Duration `json:"max"`                 // how long it lasts at most
	Channel   string   `json:"channel"`             // where it is told of
	Reviewers []string `json:"reviewers"`           // who looks at it afterwards, written as in Step.Approvers
	ReviewIn  Duration `json:"review_in,omitempty"` // how long the review may take; 0 is three days
	UsableBy  string   `json:"usable_by,omitempty"` // CEL over requester, subject, entitlement; empty is whoever may ask
}

// Entitlement is one thing that can be held at a provider.
type Entitlement struct {
	bun.BaseModel `bun:"table:entitlements,alias:entitlement"`

	ID               string         `bun:"id,pk"`
	Slug             string         `bun:"slug"`
	ProviderID       string         `bun:"provider_id"`
	Kind             string         `bun:"kind"` // user, group, role, entity or license
	Target           string         `bun:"target"`
	Name             string         `bun:"name"`
	Description      string         `bun:"description"`
	OwnerEmail       string         `bun:"owner_email"`
	Risk             string         `bun:"risk"` // low, medium or high
	Durations        Durations      `bun:"durations,type:jsonb"`
	RequestableBy    string         `bun:"requestable_by"` // CEL; empty is everybody
	Approval         []ApprovalRule `bun:"approval,type:jsonb"`
	ProvisionChain   string         `bun:"provision_chain"`   // slug of an action chain
	DeprovisionChain string         `bun:"deprovision_chain"` // slug of an action chain
	Active           bool           `bun:"active"`
	UpdatedAt        time.Time      `bun:"updated_at"`

	Emergency *Emergency `bun:"emergency,type:jsonb"` // nil: there is no emergency path

	Provider *Provider `bun:"rel:belongs-to,join:provider_id=id"`
}

// TargetKey names what one person would hold at the provider: two entitlements with one key are one access.
func (e Entitlement) TargetKey(subjectID string) string {
	return strings.Join([]string{e.ProviderID, e.Kind, e.Target, subjectID}, "|")
}

// Providers reads all providers, ordered by slug.
func Providers(ctx context.Context, q bun.IDB) ([]Provider, error) {
	var rows []Provider
	if err := q.NewSelect().Model(&rows).Where("slug <> ?", Configuration).Order("slug").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read providers: %w", err)
	}
	return rows, nil
}

// ProviderBySlug reads one provider.
func ProviderBySlug(ctx context.Context, q bun.IDB, slug string) (Provider, error) {
	var row Provider
	err := q.NewSelect().Model(&row).Where("slug = ?", slug).Scan(ctx)
	return row, absent(err, "provider", slug)
}

// EntitlementByID reads one entitlement with its provider.
func EntitlementByID(ctx context.Context, q bun.IDB, id string) (Entitlement, error) {
	var row Entitlement
	err := q.NewSelect().Model(&row).Relation("Provider").Where("entitlement.id = ?", id).Scan(ctx)
	return row, absent(err, "entitlement", id)
}

// EntitlementBySlug reads one entitlement with its provider.
func EntitlementBySlug(ctx context.Context, q bun.IDB, slug string) (Entitlement, error) {
	var row Entitlement
	err := q.NewSelect().Model(&row).Relation("Provider").Where("entitlement.slug = ?", slug).Scan(ctx)
	return row, absent(err, "entitlement", slug)
}

// Entitlements reads all entitlements with their providers, ordered by slug.
func Entitlements(ctx context.Context, q bun.IDB) ([]Entitlement, error) {
	var rows []Entitlement
	err := q.NewSelect().Model(&rows).Relation("Provider").Where("entitlement.provider_id <> ?", HiddenProviderID).
		Order("entitlement.slug").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read entitlements: %w", err)
	}
	return rows, nil
}

// SearchEntitlements reads at most limit active entitlements whose name, slug, provider or description holds each
// word of text, those whose name begins with it first.
func SearchEntitlements(ctx context.Context, q bun.IDB, text string, limit int64) ([]Entitlement, error) {
	var rows []Entitlement
	if err := searched(q.NewSelect().Model(&rows), text).Limit(limit).Scan(ctx); err != nil {
		return nil, fmt.Errorf("search entitlements: %w", err)
	}
	return rows, nil
}

// searched narrows a query of entitlements to active ones that hold each word of text, and orders them.
func searched(query *bun.SelectQuery, text string) *bun.SelectQuery {
	query = query.Relation("Provider").Where("entitlement.active").Where("provider.active")
	for _, word := range strings.Fields(strings.ToLower(text)) {
		like := "%" + escapeLike(word) + "%"
		query = query.Where(`(lower(entitlement.name) LIKE ? ESCAPE '\' OR entitlement.slug LIKE ? ESCAPE '\' `+
			`OR lower(provider.name) LIKE ? ESCAPE '\' OR lower(entitlement.description) LIKE ? ESCAPE '\')`, like, like, like, like)
	}
	return query.OrderExpr(`CASE WHEN lower(entitlement.name) LIKE ? ESCAPE '\' THEN 0 ELSE 1 END, entitlement.name`,
		escapeLike(strings.ToLower(strings.TrimSpace(text)))+"%")
}

// escapeLike takes the meaning from the wildcards of LIKE; the escape character is a backslash.
func escapeLike(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

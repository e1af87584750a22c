package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// OnTimeout says what happens when an approval step's time is over. At most one of its fields is set; none means that
// the step stays open until the request's own limit.
type OnTimeout struct {
	Escalate []string `json:"escalate,omitempty"` // these may decide too, written as in Step.Approvers
	Reassign []string `json:"reassign,omitempty"` // these decide instead, written as in Step.Approvers
	Close    bool     `json:"close,omitempty"`    // the request lapses
	Deny     bool     `json:"deny,omitempty"`     // the item is denied
	GoOn     bool     `json:"go_on,omitempty"`    // the step is passed over; never when it would be the only consent
}

// Step is one step of an approval chain. Approvers are written as manager, managers_manager, owner, provider_owner,
// "@usergroup" (of Slack), "group:handle" (of the directory), "on_call:provider_api_endpoint" or an e-mail address.
type Step struct {
	Name      string    `json:"name"`
	Approvers []string  `json:"approvers"`
	Need      int       `json:"need"`              // how many of them must approve, at least 1; All goes beyond it
	All       bool      `json:"all,omitempty"`     // each of them must approve
	Notify    []string  `json:"notify,omitempty"`  // these are told and can't decide for it; written as Approvers, or "#channel"
	When      string    `json:"when,omitempty"`    // CEL; the step is passed over when it does not hold
	Comment   bool      `json:"comment,omitempty"` // who approves has to say why
	StepUp    bool      `json:"step_up,omitempty"` // who approves has to prove anew who he is
	Repeat    bool      `json:"repeat,omitempty"`  // who approved an earlier step may approve this one too
	Self      bool      `json:"self,omitempty"`    // who asks or benefits may decide, and the card says so
	Fixed     bool      `json:"fixed,omitempty"`   // nobody can hand the decision to somebody else
	AskIn     string    `json:"ask_in,omitempty"`
	Remind    Duration  `json:"remind,omitempty"`
	Timeout   Duration  `json:"timeout,omitempty"`
	OnTimeout OnTimeout `json:"on_timeout,omitzero"`
}

// ApprovalChain is the template of who decides. No step means: approved at once, by rule.
type ApprovalChain struct {
	bun.BaseModel `bun:"table:approval_chains,alias:chain"`

	ID        string    `bun:"id,pk"`
	Slug      string    `bun:"slug"`
	Name      string    `bun:"name"` // what people call it; empty is the slug
	Version   int       `bun:"version"`
	Steps     []Step    `bun:"steps,type:jsonb"`
	Pending   Duration  `bun:"pending"` // how long a request may wait for its decisions; 0 is the installation's limit
	Active    bool      `bun:"active"`
	UpdatedAt time.Time `bun:"updated_at"`
}

// Title is what people call the chain.
func (c ApprovalChain) Title() string {
	if c.Name != "" {
		return c.Name
	}
	return c.Slug
}

// The kinds of action chain.
const (
	Provision   = "provision"
	Deprovision = "deprovision"
)

// Retry says how often and how a script is tried again when its outcome is transient.
type Retry struct {
	Attempts int      `json:"attempts,omitempty"` // in all; 0 is the default
	Backoff  Duration `json:"backoff,omitempty"`  // before the second attempt; doubles; 0 is the default
	On       []string `json:"on,omitempty"`       // the outcomes to try again after: transient, unknown, refused; empty is the first two
}

// Script is one step of an action chain.
type Script struct {
	Name      string         `json:"name"`
	Type      string         `json:"type"`
	When      string         `json:"when,omitempty"` // CEL; the script is skipped when false
	Args      map[string]any `json:"args,omitempty"` // strings may hold {{ CEL }}
	Retry     Retry          `json:"retry,omitzero"`
	Timeout   Duration       `json:"timeout,omitempty"`
	OnFailure string         `json:"on_failure,omitempty"` // stop (default), continue or manual_task
}

// ActionChain is the template of what is done to give or to take an entitlement. Its scripts stand in versions.
type ActionChain struct {
	bun.BaseModel `bun:"table:action_chains,alias:chain"`

	ID        string    `bun:"id,pk"`
	Slug      string    `bun:"slug"`
	Name      string    `bun:"name"` // what people call it; empty is the slug
	Kind      string    `bun:"kind"` // Provision or Deprovision
	Active    bool      `bun:"active"`
	UpdatedAt time.Time `bun:"updated_at"`

	WrittenFor string `bun:"written_for"` // slug of the entitlement that it was written for in Slack, or empty
}

// Title is what people call the chain.
func (c ActionChain) Title() string {
	if c.Name != "" {
		return c.Name
	}
	return c.Slug
}

// WorkflowStep is one numbered step of a workflow in plain English and what it became.
type WorkflowStep struct {
	Number  int      `json:"number"`
	Words   string   `json:"words"`             // as written
	Scripts []Script `json:"scripts,omitempty"` // what it became; empty when Unclear
	Unclear string   `json:"unclear,omitempty"` // why it could not be placed, a sentence; empty when it could
	Options []string `json:"options,omitempty"` // what it could have meant, each a step in words that would be clear
	Fixed   bool     `json:"fixed,omitempty"`   // a person chose the scripts in place of the words
}

// The statuses of an action chain's version.
const (
	Draft     = "draft"
	Tested    = "tested"
	Published = "published"
	Retired   = "retired"
)

// ActionChainVersion is one fixed text of an action chain. At most one is published.
type ActionChainVersion struct {
	bun.BaseModel `bun:"table:action_chain_versions,alias:version"`

	ID          string         `bun:"id,pk"`
	ChainID     string         `bun:"chain_id"`
	Number      int            `bun:"number"`
	Status      string         `bun:"status"`
	Scripts     []Script       `bun:"scripts,type:jsonb"`
	Text        string         `bun:"text"`             // the workflow in plain English; empty where scripts were written
	Steps       []WorkflowStep `bun:"steps,type:jsonb"` // of the text
	Author      string         `bun:"author"`
	CreatedAt   time.Time      `bun:"created_at"`
	TestedAt    time.Time      `bun:"tested_at,nullzero"`
	TestedBy    string         `bun:"tested_by"`
	PublishedAt time.Time      `bun:"published_at,nullzero"`
	PublishedBy string         `bun:"published_by"`

	Chain *ActionChain `bun:"rel:belongs-to,join:chain_id=id"`
}

// ApprovalChains reads all approval chains, ordered by slug.
func ApprovalChains(ctx context.Context, q bun.IDB) ([]ApprovalChain, error) {
	var rows []ApprovalChain
	if err := q.NewSelect().Model(&rows).Order("slug").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read approval chains: %w", err)
	}
	return rows, nil
}

// ApprovalChainBySlug reads one approval chain.
func ApprovalChainBySlug(ctx context.Context, q bun.IDB, slug string) (ApprovalChain, error) {
	var row ApprovalChain
	err := q.NewSelect().Model(&row).Where("slug = ?", slug).Scan(ctx)
	return row, absent(err, "approval chain", slug)
}

// ActionChains reads all action chains, ordered by slug.
func ActionChains(ctx context.Context, q bun.IDB) ([]ActionChain, error) {
	var rows []ActionChain
	if err := q.NewSelect().Model(&rows).Where("slug <> ?", Configuration).Order("slug").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read action chains: %w", err)
	}
	return rows, nil
}

// ActionChainVersions reads all versions of a chain, oldest first.
func ActionChainVersions(ctx context.Context, q bun.IDB, chainID string) ([]ActionChainVersion, error) {
	var rows []ActionChainVersion
	if err := q.NewSelect().Model(&rows).Where("chain_id = ?", chainID).Order("number").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read versions of %s: %w", chainID, err)
	}
	return rows, nil
}

// PublishedVersion reads the published version of the action chain with the slug, with its chain.
func PublishedVersion(ctx context.Context, q bun.IDB, slug string) (ActionChainVersion, error) {
	var row ActionChainVersion
	err := q.NewSelect().Model(&row).Relation("Chain").
		Where("chain.slug = ?", slug).Where("version.status = ?", Published).Scan(ctx)
	return row, absent(err, "published action chain", slug)
}

// VersionByID reads one version of an action chain, with its chain.
func VersionByID(ctx context.Context, q bun.IDB, id string) (ActionChainVersion, error) {
	var row ActionChainVersion
	err := q.NewSelect().Model(&row).Relation("Chain").Where("version.id = ?", id).Scan(ctx)
	return row, absent(err, "action chain version", id)
}

// Package config reads and writes Usher's configuration as one YAML file: the settings, a static directory of people,
// providers, entitlements, approval chains, action chains, approval rules, separations of duties, directories and the
// rules that give access by who somebody is.
//
// [Parse] checks the whole file before anything is touched and names every mistake by line and column. [File.Plan]
// compares it with the rows, [Apply] makes the rows equal to it within the caller's transaction, and [Export] writes
// the rows as a file that changes nothing when it is applied. Nothing is ever deleted: what is taken out of the
// configuration becomes inactive, since requests, grants and the audit log go on referring to it.
//
// A section that a file does not have is left as it is. Without pruning so is every row that the file does not name.
package config

import (
	"time"

	"github.com/usherhq/usher/db"
)

// File is a checked configuration file, with all defaults filled in.
type File struct {
	Name           string
	Settings       Settings
	People         []Person
	Providers      []Provider
	Entitlements   []Entitlement
	ApprovalChains []ApprovalChain
	ActionChains   []ActionChain
	ApprovalRules  []ApprovalRule
	Separations    []Separation
	Directories    []Directory
	Birthrights    []Birthright

	has map[string]bool // the sections that the file has, by key
}

// Settings are the keys of the file that are no lists of objects. What is nil is left as it is.
type Settings struct {
	Channel    *string
	Admins     *[]string // e-mail addresses or Slack user ids
	Auditors   *[]string // as Admins
	Pending    *db.Duration
	FourEyes   *string // slug of an approval chain; empty switches it off
	QuietHours *db.QuietHours
}

// Person is one entry of the static directory. What is nil is left as it is.
type Person struct {
	Email                            string // lower case
	Name, Manager, Department, Title *string
	Attributes                       map[string]any
	Groups                           *[]string // handles, ordered; approvers name them as "group:handle"
}

// Provider is one entry of providers.
type Provider struct {
	Slug, Name, Connector, Owner string
	Workers                      int
	Rate                         string // such as "10/s"; empty is no limit
	Settings                     map[string]any
	Endpoints                    []any // declared calls and webhooks, as written
}

// Entitlement is one entry of entitlements.
type Entitlement struct {
	Slug, Provider, Kind, Target, Name, Description, Owner, Risk string

	Durations              db.Durations
	RequestableBy          string // CEL; empty is everybody
	Approval               []db.ApprovalRule
	Provision, Deprovision string        // slugs of action chains
	Emergency              *db.Emergency // nil: there is no emergency path
}

// ApprovalChain is one entry of approval_chains.
type ApprovalChain struct {
	Slug, Name string
	Pending    db.Duration // 0 is the installation's limit
	Steps      []db.Step
}

// ApprovalRule is one entry of approval_rules: a rule that decides without a person.
type ApprovalRule struct {
	Slug, Name, Effect, When, Reason string

	Entitlements []string  // slugs; none is all
	Until        time.Time // zero is without an end
}

// Separation is one entry of separations: a set of entitlements of which one person may hold one.
type Separation struct {
	Slug, Name, Effect, Reason string

	Entitlements []string // slugs, at least two
	Step         *db.Step // asked besides, if the effect is to ask
}

// ActionChain is one entry of action_chains. Its scripts are those of the published version. Text and Steps are the
// workflow in plain English that they came from, if any.
type ActionChain struct {
	Slug, Name, Kind, Text string
	Scripts                []db.Script
	Steps                  []db.WorkflowStep
}

// The keys of the file's sections.
const (
	sectionPeople         = "people"
	sectionProviders      = "providers"
	sectionEntitlements   = "entitlements"
	sectionApprovalChains = "approval_chains"
	sectionActionChains   = "action_chains"
	sectionApprovalRules  = "approval_rules"
	sectionSeparations    = "separations"
	sectionDirectories    = "directories"
	sectionBirthrights    = "birthrights"
)

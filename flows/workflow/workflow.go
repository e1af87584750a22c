// Package workflow turns a workflow that was written in plain English into typed scripts: once, when it is written, by
// rules that give the same scripts for the same words every time. It knows the catalogue of script types and of
// entitlements, and what it can't place it says; it never guesses.
//
// A workflow is a template line, which tells whether it gives access or takes it back and may not be edited away, and
// numbered steps below it.
package workflow

import (
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

// The template lines with which every workflow begins.
const (
	ProvisionLine   = "Create a custom provisioning workflow with the following steps."
	DeprovisionLine = "Create a custom deprovisioning workflow with the following steps."
)

// Line is the template line of a kind of action chain.
func Line(kind string) string {
	if kind == db.Deprovision {
		return DeprovisionLine
	}
	return ProvisionLine
}

// Known is what the words of a workflow may mean.
type Known struct {
	Scripts      *scripts.Catalogue
	Entitlements []Entitlement
	For          Entitlement // the one that the workflow is written for; its zero value is none
}

// Entitlement is an entitlement as far as words can name it.
type Entitlement struct {
	Slug, Name, Provider, Kind, Target string
}

// Plan is what a workflow's text became.
type Plan struct {
	Kind    string // db.Provision or db.Deprovision; empty with a Problem
	Problem string // what is wrong with the text as a whole, a sentence; empty when nothing is
	Steps   []db.WorkflowStep
}

// Clear says whether everything could be placed, so that the plan may be tested and published.
func (p Plan) Clear() bool {
	if p.Problem != "" || len(p.Steps) == 0 {
		return false
	}
	for _, step := range p.Steps {
		if step.Unclear != "" {
			return false
		}
	}
	return true
}

// Scripts are the scripts of all steps in order.
func (p Plan) Scripts() []db.Script {
	var all []db.Script
	for _, step := range p.Steps {
		all = append(all, step.Scripts...)
	}
	return all
}

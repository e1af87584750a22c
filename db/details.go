package db

import (
	"encoding/json"
	"fmt"
)

// Details are the facts of an audit event beyond its columns. Only what applies is set.
type Details struct {
	Reason       string     `json:"reason,omitempty"`        // what the person wrote
	Error        string     `json:"error,omitempty"`         // why it went wrong or was refused, a sentence
	Summary      string     `json:"summary,omitempty"`       // what a script found or did, a sentence
	Item         string     `json:"item,omitempty"`          // request item
	Items        []string   `json:"items,omitempty"`         // slugs, of a request with several entitlements
	Step         string     `json:"step,omitempty"`          // approval step
	StepName     string     `json:"step_name,omitempty"`     //
	Approvers    []string   `json:"approvers,omitempty"`     // who may decide, as Person.Label
	Need         int        `json:"need,omitempty"`          // how many of them must approve
	Chain        string     `json:"chain,omitempty"`         // approval or action chain
	ChainVersion int        `json:"chain_version,omitempty"` //
	Rule         string     `json:"rule,omitempty"`          // the condition that chose the approval chain
	Plan         []string   `json:"plan,omitempty"`          // what will be run
	Duration     string     `json:"duration,omitempty"`      // as Duration.String
	WasDuration  string     `json:"was_duration,omitempty"`  //
	Start        string     `json:"start,omitempty"`         // RFC 3339
	Until        string     `json:"until,omitempty"`         // RFC 3339
	Extends      string     `json:"extends,omitempty"`       // grant
	CoveredBy    string     `json:"covered_by,omitempty"`    // another grant that keeps the access
	Cause        string     `json:"cause,omitempty"`         // why a grant ended
	Unverified   bool       `json:"unverified,omitempty"`    // ended by a person's word, not by reading the target
	Kind         string     `json:"kind,omitempty"`          // of an action flow: provision or deprovision
	ScriptID     string     `json:"script_id,omitempty"`     //
	ScriptType   string     `json:"script_type,omitempty"`   //
	Attempts     int        `json:"attempts,omitempty"`      //
	RetryAt      string     `json:"retry_at,omitempty"`      // RFC 3339
	Evidence     any        `json:"evidence,omitempty"`      // of a script: before, write, after
	AskIn        string     `json:"ask_in,omitempty"`        // channel in which work by hand is told of
	NotifyTo     string     `json:"notify_to,omitempty"`     // of slack_notification: e-mail or channel
	NotifyText   string     `json:"notify_text,omitempty"`   //
	Notify       []string   `json:"notify,omitempty"`        // who is told of a step without being asked: Person.Label or "#channel"
	Resource     string     `json:"resource,omitempty"`      // of config.changed: what, such as "entitlement drive-editors"
	For          string     `json:"for,omitempty"`           // in whose place a delegate decided, as Person.Label
	To           string     `json:"to,omitempty"`            // to whom something was handed, as Person.Label
	Hops         []Hop      `json:"hops,omitempty"`          // how far the search for approvers went
	Skipped      string     `json:"skipped,omitempty"`       // why a step was passed over
	Proof        *Proof     `json:"proof,omitempty"`         // of the second factor of a decision
	Ruled        string     `json:"ruled,omitempty"`         // slug of the approval rule that decided
	Conflicts    []Conflict `json:"conflicts,omitempty"`     // separations of duties
	Emergency    bool       `json:"emergency,omitempty"`     // by the emergency path
	Question     string     `json:"question,omitempty"`      // id of a question about a request
	Review       string     `json:"review,omitempty"`        // id of an access review
	Scope        any        `json:"scope,omitempty"`         // of an access review
	ReviewItem   string     `json:"review_item,omitempty"`   //
	DoNotRenew   bool       `json:"do_not_renew,omitempty"`  //
	ByDefault    bool       `json:"by_default,omitempty"`    // an overdue review item was decided by the review's default
	Revision     int64      `json:"revision,omitempty"`      // of an object of the configuration
	Change       string     `json:"change,omitempty"`        // id of an edit that waits for another person
	Tell         []string   `json:"tell,omitempty"`          // of config.changed: admins who are told of it, as Person.Label
	Directory    string     `json:"directory,omitempty"`     // slug
	Held         string     `json:"held,omitempty"`          // id of a directory's change that waits for a decision
	Stop         string     `json:"stop,omitempty"`          // id of what the breaker of a directory stopped
	Departure    string     `json:"departure,omitempty"`     // id
	Birthright   string     `json:"birthright,omitempty"`    // slug of the rule that gives access
	Grants       []string   `json:"grants,omitempty"`        // ids, of person.access_changed: those which no rule gives any more
	Before       any        `json:"before,omitempty"`        //
	After        any        `json:"after,omitempty"`         //
}

// Text writes the details as they stand in the log: a JSON object.
func (d Details) Text() (string, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return "", fmt.Errorf("write details: %w", err)
	}
	return string(text), nil
}

// Facts reads an event's details.
func (e AuditEvent) Facts() (Details, error) {
	var details Details
	if e.Details == "" {
		return details, nil
	}
	if err := json.Unmarshal([]byte(e.Details), &details); err != nil {
		return details, fmt.Errorf("read details of audit entry %d: %w", e.Seq, err)
	}
	return details, nil
}

package views

import (
	"encoding/json"
	"fmt"

	"github.com/slack-go/slack"
)

// The action ids of the modals in which workflows are written. Beside a row's id a value may be the number of a step.
const (
	ActionWorkflowList           = "workflow_list"            // no value
	ActionWorkflowEntitlement    = "workflow_entitlement"     // selects an entitlement
	ActionWorkflowOpen           = "workflow_open"            // action chain
	ActionWorkflowPage           = "workflow_page"            // number of the page; with _before and _after
	ActionWorkflowNewProvision   = "workflow_new_provision"   // entitlement
	ActionWorkflowNewDeprovision = "workflow_new_deprovision" // entitlement
	ActionWorkflowEdit           = "workflow_edit"            // no value
	ActionWorkflowDraft          = "workflow_draft"           // no value
	ActionWorkflowOption         = "workflow_option"          // selects a reading: step and choice, as in 2.0
	ActionWorkflowFix            = "workflow_fix"             // number of the step
	ActionWorkflowScript         = "workflow_script"          // selects a script of the step, by its place
	ActionWorkflowType           = "workflow_type"            // selects a script type
	ActionWorkflowDrop           = "workflow_drop"            // no value
	ActionWorkflowTest           = "workflow_test"            // no value
	ActionWorkflowPerson         = "workflow_person"          // selects a person
	ActionWorkflowPublish        = "workflow_publish"         // no value
	ActionWorkflowVersions       = "workflow_versions"        // no value
	ActionWorkflowCompare        = "workflow_compare"         // action chain version
	ActionWorkflowRestore        = "workflow_restore"         // action chain version
	ActionWorkflowLink           = "workflow_link"            // entitlement
	ActionWorkflowBack           = "workflow_back"            // no value
)

// The callback ids of those modals.
const (
	CallbackWorkflowSearch = "workflow_search_submit"
	CallbackWorkflowLink   = "workflow_link_submit"
	CallbackWorkflowWords  = "workflow_words_submit"
	CallbackWorkflowFix    = "workflow_fix_submit"
)

// The fields of those modals: each is the action id of its input, and its block id, or what that begins with.
const (
	FieldWorkflowSearch      = "workflow_search"
	FieldWorkflowProvision   = "workflow_provision"
	FieldWorkflowDeprovision = "workflow_deprovision"
	FieldWorkflowRead        = "workflow_read"
	FieldWorkflowName        = "workflow_name"
	FieldWorkflowSteps       = "workflow_steps"
	FieldWorkflowScriptName  = "workflow_script_name"
	FieldWorkflowWhen        = "workflow_when"
	FieldWorkflowArgument    = "workflow_argument"
)

// WorkflowState is where in the journey a modal stands: its private metadata. Nothing of it is proof of any power.
type WorkflowState struct {
	Version     int    `json:"v"`
	Entitlement string `json:"e,omitempty"` // id of the entitlement that it is about
	Chain       string `json:"c,omitempty"` // id of the action chain; empty is a new one
	Number      int    `json:"n,omitempty"` // of the version that the person has before him
	Kind        string `json:"k,omitempty"` // of a new one
	Text        string `json:"q,omitempty"` // what the list was searched for
	Page        int    `json:"p,omitempty"` // of the list, from 0
	Step        int    `json:"s,omitempty"` // number of the step that is being fixed
	At          int    `json:"a,omitempty"` // place of the script in it
	Type        string `json:"t,omitempty"` // the script type chosen
	Provision   string `json:"i,omitempty"` // slugs of what the entitlement linked when the modal was opened
	Deprovision string `json:"o,omitempty"`
	Warned      string `json:"w,omitempty"` // the pair of slugs of which the person was warned
	Round       int    `json:"r,omitempty"` // so that a field that we filled anew is another field
	Inner       bool   `json:"x,omitempty"` // it is a form or list of one workflow, from which Back leads to its plan
	From        string `json:"f,omitempty"` // where Back leads from a workflow: the entitlement's modal, or the list
}

// Where Back leads to.
const (
	FromEntitlement = "e"
	FromList        = ""
)

func (s WorkflowState) metadata() string {
	s.Version = metadataVersion
	s.Text = clip(visible(s.Text), 100)
	text, err := json.Marshal(s)
	if err != nil {
		panic(fmt.Sprintf("views: workflow metadata cannot be written: %v", err)) // all its fields are texts and numbers
	}
	return string(text)
}

// ReadWorkflowState reads the state back from a modal as Slack sends it. An error means that the modal was not made by
// this version.
func ReadWorkflowState(view slack.View) (WorkflowState, error) {
	var state WorkflowState
	if err := json.Unmarshal([]byte(view.PrivateMetadata), &state); err != nil {
		return state, fmt.Errorf("read metadata of a workflow's modal: %w", err)
	}
	if state.Version != metadataVersion || state.Page < 0 || state.Step < 0 || state.At < 0 || len(view.PrivateMetadata) > maxText {
		return state, fmt.Errorf("read a workflow's modal: metadata of version %d", state.Version)
	}
	return state, nil
}

// StepsBlock is the block id of the field Steps.
func (s WorkflowState) StepsBlock() string { return fmt.Sprintf("%s:%d", FieldWorkflowSteps, s.Round) }

// FixBlock is the block id of a field of the form that fixes a step.
func (s WorkflowState) FixBlock(field string) string {
	return fmt.Sprintf("%s:%d.%d", field, s.Step, s.At)
}

// ArgumentBlock is the block id of a script's argument.
func (s WorkflowState) ArgumentBlock(name string) string {
	return s.FixBlock(FieldWorkflowArgument) + ":" + clip(name, 100)
}

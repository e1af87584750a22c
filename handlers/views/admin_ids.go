package views

import (
	"encoding/json"
	"fmt"

	"github.com/slack-go/slack"
)

// The action ids of the modals of the administration. A value is what is named behind it; nothing of it is proof of any
// power.
const (
	ActionAdminStart     = "admin_start"     // no value
	ActionAdminList      = "admin_list"      // kind of object
	ActionAdminPage      = "admin_page"      // number of the page; with _before and _after
	ActionAdminOpen      = "admin_open"      // slug
	ActionAdminNew       = "admin_new"       // no value
	ActionAdminEdit      = "admin_edit"      // no value
	ActionAdminDisable   = "admin_disable"   // no value
	ActionAdminEnable    = "admin_enable"    // no value
	ActionAdminMore      = "admin_more"      // selects what changes the form
	ActionAdminRule      = "admin_rule"      // no value
	ActionAdminEmergency = "admin_emergency" // on or off
	ActionAdminStepAdd   = "admin_step_add"  // no value
	ActionAdminStep      = "admin_step"      // what to do with which step of a chain, as in edit.2
	ActionAdminFresh     = "admin_fresh"     // no value
	ActionAdminBack      = "admin_back"      // no value
	ActionAdminDirectory = "admin_directory" // no value
	ActionAdminLonely    = "admin_lonely"    // no value
	ActionAdminGroup     = "admin_group"     // group
	ActionAdminSystem    = "admin_system"    // no value
	ActionAdminWorkflows = "admin_workflows" // slug of an entitlement
)

// The callback ids of those modals.
const (
	CallbackAdminSearch = "admin_search_submit"
	CallbackAdminForm   = "admin_form_submit"
	CallbackAdminSteps  = "admin_steps_submit"
	CallbackAdminStep   = "admin_step_submit"
	CallbackAdminSave   = "admin_save_submit"
)

// The fields of those modals: each is the action id of its input, and its block id, or what that begins with.
const (
	FieldAdmin       = "admin_field"
	FieldAdminSearch = "admin_search"
	FieldAdminReason = "admin_reason"
)

// The screens of the administration.
const (
	AdminAtStart     = ""
	AdminAtList      = "list"
	AdminAtObject    = "object"
	AdminAtForm      = "form"
	AdminAtSteps     = "steps"
	AdminAtStep      = "step"
	AdminAtReview    = "review"
	AdminAtDirectory = "directory"
	AdminAtLonely    = "lonely"
	AdminAtGroup     = "group"
	AdminAtSystem    = "system"
)

// AdminState is where in the administration a modal stands: its private metadata. What is being written stands in a
// draft, a row that only its writer can read.
type AdminState struct {
	Screen string `json:"s,omitempty"`
	Kind   string `json:"k,omitempty"`
	Slug   string `json:"o,omitempty"` // of the object; empty is a new one
	Text   string `json:"q,omitempty"` // what the list was searched for
	Page   int    `json:"p,omitempty"` // of the list, from 0
	Draft  string `json:"d,omitempty"` // id of the draft
	Step   int    `json:"n,omitempty"` // of the chain, from 0
	Group  string `json:"g,omitempty"` // id of the directory's group that is shown
	Off    bool   `json:"f,omitempty"` // the review is about making the object inactive
	Seen   int64  `json:"r,omitempty"` // revision of the object that is shown
	Round  int    `json:"u,omitempty"` // how often a form of the draft was opened
	Notice bool   `json:"x,omitempty"` // it says something in place of the screen; Back leads to the screen
}

// Block is the block id of the field with a key. It is another one in each form that is opened: Slack goes on showing what
// was typed where the id is the same.
func (s AdminState) Block(key string) string {
	return fmt.Sprintf("%s:%s:%s.%d", FieldAdmin, key, s.Draft, s.Round)
}

// SearchBlock is the block id of the field that searches a list, and ReasonBlock that of the reason for a change.
func (s AdminState) SearchBlock() string { return FieldAdminSearch + ":" + s.Screen + s.Kind }

// ReasonBlock is the block id of the reason for a change.
func (s AdminState) ReasonBlock() string {
	return FieldAdminReason + ":" + clip(s.Draft+s.Slug, 200)
}

// maxSlug is how much of a slug or an e-mail address is carried along; none that is valid is longer.
const maxSlug = 300

// adminMetadata is the metadata of these modals. To the workflows, which open from the same modal, it is an empty state.
type adminMetadata struct {
	Version int        `json:"v"`
	Admin   AdminState `json:"admin"`
}

func (s AdminState) metadata() string {
	s.Text, s.Slug = clip(visible(s.Text), 100), clip(visible(s.Slug), maxSlug)
	text, err := json.Marshal(adminMetadata{Version: metadataVersion, Admin: s})
	if err != nil {
		panic(fmt.Sprintf("views: metadata of the administration cannot be written: %v", err)) // all its fields are texts and numbers
	}
	return string(text)
}

// ReadAdminState reads the state back from a modal as Slack sends it; another journey's modal is the start. An error
// means that the modal was not made by this version.
func ReadAdminState(view slack.View) (AdminState, error) {
	var read adminMetadata
	if view.PrivateMetadata == "" {
		return read.Admin, nil
	}
	if err := json.Unmarshal([]byte(view.PrivateMetadata), &read); err != nil {
		return read.Admin, fmt.Errorf("read metadata of the administration's modal: %w", err)
	}
	if read.Version != metadataVersion || read.Admin.Page < 0 || read.Admin.Step < 0 || len(view.PrivateMetadata) > maxText {
		return read.Admin, fmt.Errorf("read the administration's modal: metadata of version %d", read.Version)
	}
	return read.Admin, nil
}

// adminForm is an empty modal of the administration.
func adminForm(state AdminState, heading, submit, callback string) slack.ModalViewRequest {
	modal := form(heading, submit, callback, state.metadata())
	modal.Close = plain("Close", maxTitle)
	return modal
}

func adminBack() *slack.ButtonBlockElement { return button(ActionAdminBack, "", "Back", "") }

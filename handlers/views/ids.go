package views

// The action ids of buttons and fields. They are stored in messages that people may press years later, so they never
// change. A button's value is the id of the row that is named behind it.
const (
	ActionRequestOpen    = "request_open"    // no value
	ActionRequestApprove = "request_approve" // approval step
	ActionRequestDeny    = "request_deny"    // approval step
	ActionRequestChange  = "request_change"  // approval step
	ActionRequestCancel  = "request_cancel"  // request
	ActionRequestAdd     = "request_add"     // no value
	ActionRequestRemove  = "request_remove"  // number of the pick in the form
	ActionGrantExtend    = "grant_extend"    // grant
	ActionGrantReturn    = "grant_return"    // grant
	ActionScriptRetry    = "script_retry"    // script of an action flow
	ActionScriptSkip     = "script_skip"     // script of an action flow
	ActionScriptByHand   = "script_by_hand"  // script of an action flow
	ActionScriptCancel   = "script_cancel"   // script of an action flow
	ActionRequestMore    = "request_more"    // of a menu: one of the More… words, ":" and the approval step
	ActionRequestNudge   = "request_nudge"   // request
	ActionQuestionAnswer = "question_answer" // question about a request

	// The words of the menu of an open step.
	MoreQuestion = "question"
	MoreHandOver = "hand_over"
	MoreWhy      = "why"

	// The request modal's fields. Further picks add "_2" … "_5"; see Pick.
	ActionRequestEntitlement = "request_entitlement"
	ActionRequestSubject     = "request_subject"
	ActionRequestDuration    = "request_duration"
	ActionRequestStart       = "request_start"
	ActionRequestReason      = "request_reason"
	ActionRequestEmergency   = "request_emergency"
)

// The callback ids of modals, which name the journey that a submission ends.
const (
	CallbackRequest      = "request_submit"
	CallbackDeny         = "request_deny_submit"
	CallbackChange       = "request_change_submit"
	CallbackApprove      = "request_approve_submit"
	CallbackHandOver     = "request_hand_over_submit"
	CallbackQuestion     = "question_ask_submit"
	CallbackAnswer       = "question_answer_submit"
	CallbackCancel       = "request_cancel_submit"
	CallbackExtend       = "grant_extend_submit"
	CallbackRevoke       = "grant_revoke_submit"
	CallbackScriptByHand = "script_by_hand_submit"
	CallbackScriptSkip   = "script_skip_submit"
	CallbackScriptCancel = "script_cancel_submit"
	CallbackMessage      = "message_read" // nothing to submit
)

// The fields of the small modals: each is the block id and the action id of its input.
const (
	FieldReason   = "reason"
	FieldDuration = "duration"
	FieldComment  = "comment"
	FieldEvidence = "evidence"
	FieldCode     = "code"     // of a second factor
	FieldPerson   = "person"   // to whom a decision is handed
	FieldQuestion = "question" // about a request
	FieldAnswer   = "answer"
	FieldAtOnce   = "at_once" // approve with the changed duration
)

package views

import "strconv"

// The action ids of the card about several changes of a directory. Each button's value is the request.
const (
	ActionHeldApproveAll = "held_approve_all"
	ActionHeldDenyAll    = "held_deny_all"
	ActionHeldChoose     = "held_choose"
	ActionHeldShow       = "held_show"
	ActionHeldBefore     = "held_before" // its value is the page, from 0
	ActionHeldAfter      = "held_after"
)

// The callback ids of its modals. The private metadata of each is the request.
const (
	CallbackHeldApprove = "held_approve_submit"
	CallbackHeldDeny    = "held_deny_submit"
	CallbackHeldChoose  = "held_choose_submit"
)

// FieldHeldOthers says what becomes of the changes that were not chosen: HeldLeave or HeldDeny.
const (
	FieldHeldOthers = "held_others"
	HeldLeave       = "leave"
	HeldDeny        = "deny"
)

// HeldBox is the field of the n-th group of changes to choose from, counted from 0.
func HeldBox(n int) string { return "held_box_" + strconv.Itoa(n+1) }

// HeldBoxes is how many groups there are at most.
const HeldBoxes = 5

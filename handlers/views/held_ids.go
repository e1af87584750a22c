package views

// The action ids of the card about several changes of a directory. Each button's value is the request.
const (
	ActionHeldApproveAll = "held_approve_all"
	ActionHeldDenyAll    = "held_deny_all"
	ActionHeldChoose     = "held_choose"
	ActionHeldShow       = "held_show"
)

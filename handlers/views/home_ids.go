package views

// The action ids of Home. A button that opens or turns pages says where to: the section's name or the page's number.
const (
	ActionHomeOpen   = "home_open"        // a section's name
	ActionHomeBefore = "home_page_before" // a page of the section that is open, from 0
	ActionHomeAfter  = "home_page_after"  // the same
	ActionHomeBack   = "home_back"        // no value

	ActionAwayOpen     = "away_open"     // no value
	ActionAwayEnd      = "away_end"      // delegation
	ActionFactorSetUp  = "factor_set_up" // no value
	ActionFactorRemove = "factor_remove" // no value
	ActionFactorReset  = "factor_reset"  // no value; the modal shows whose

	CallbackAway         = "away_submit"
	CallbackFactorSetUp  = "factor_set_up_submit"
	CallbackFactorRemove = "factor_remove_submit"
)

// The fields of the form for being away: each is the block id and the action id of its input.
const (
	FieldAwayFor   = "away_for" // for admins: who is away
	FieldAwayFrom  = "away_from"
	FieldAwayUntil = "away_until"
	FieldAwayTo    = "away_to"
	FieldAwayNote  = "away_note"
)

// The sections of Home that can be opened and paged. The names are kept with each person's Home, so they never change.
const (
	HomeWaiting    = "waiting"
	HomeAccess     = "access"
	HomeRequests   = "requests"
	HomeAway       = "away"
	HomeFailed     = "failed"
	HomeOverdue    = "overdue"
	HomeUnattended = "unattended"
	HomeProviders  = "providers"
	HomeDiffering  = "differing"
)

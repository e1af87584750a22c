package views

// The action ids of access reviews. A button's value is the id of the row that is named behind it.
const (
	ActionReviewKeep      = "access_review_keep"      // item
	ActionReviewRemove    = "access_review_remove"    // item
	ActionReviewNoRenewal = "access_review_norenewal" // item
	ActionReviewAsk       = "access_review_ask"       // item
	ActionReviewAnswer    = "access_review_answer"    // item
	ActionReviewNotNeeded = "access_review_notneeded" // item
	ActionReviewList      = "access_review_list"      // no value: opens the list of reviews
	ActionReviewBefore    = "access_review_before"    // number of a page
	ActionReviewAfter     = "access_review_after"     // number of a page
	ActionReviewShow      = "access_review_show"      // review
	ActionReviewStart     = "access_review_start"     // no value: opens the form
	ActionReviewExport    = "access_review_export"    // review
	ActionReviewCancel    = "access_review_cancel"    // review
)

// The callback ids of the modals of access reviews.
const (
	CallbackReviewRemove    = "access_review_remove_submit"
	CallbackReviewNoRenewal = "access_review_norenewal_submit"
	CallbackReviewAsk       = "access_review_ask_submit"
	CallbackReviewAnswer    = "access_review_answer_submit"
	CallbackReviewStart     = "access_review_start_submit"
)

// The fields of the modals of access reviews: each is the block id and the action id of its input.
const (
	FieldReviewAgain        = "again"
	FieldReviewQuestion     = "question"
	FieldReviewAnswer       = "answer"
	FieldReviewTitle        = "title"
	FieldReviewEntitlements = "entitlements"
	FieldReviewProviders    = "providers"
	FieldReviewPeople       = "people"
	FieldReviewRisks        = "risks"
	FieldReviewReviewers    = "reviewers"
	FieldReviewOthers       = "others"
	FieldReviewDue          = "due"
	FieldReviewOverdue      = "overdue"
	FieldReviewChannel      = "channel"
)

package views

import (
	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// holding is the row of buttons of a grant that is held.
func holding(grant db.Grant) slack.Block {
	subject := title(grant.Entitlement)
	back := button(ActionGrantReturn, grant.ID, "Give back", "Give back "+subject).WithConfirm(slack.NewConfirmationBlockObject(
		plain("Give back access", maxTitle), plain("This takes "+subject+" from you now. To have it again, you ask again.", maxConfirm),
		plain("Give back", maxChoice), plain("Keep it", maxChoice)))
	switch {
	case grant.Status != db.Active, grant.Birthright != "" && grant.LostAt.IsZero(): // a rule gives it for as long as it holds
		return actions(back)
	case !grant.LostAt.IsZero():
		return actions(keeping(grant), back)
	}
	return actions(button(ActionGrantExtend, grant.ID, "Extend", "Extend "+subject), back)
}

// returnable says that the holder can still give the grant back.
func returnable(grant db.Grant) bool {
	return grant.Status == db.Active || grant.Status == db.Scheduled || grant.Status == db.Provisioning
}

// ExtendModal asks for more time on a grant: a new request that is decided anew. Its private metadata is the grant's
// id.
func ExtendModal(grant db.Grant, entitlement db.Entitlement) slack.ModalViewRequest {
	modal := form("Extend access", "Request", CallbackExtend, grant.ID)
	text := "More time on " + at(&entitlement) + "."
	if !grant.ExpiresAt.IsZero() {
		text += " It ends " + on(grant.ExpiresAt) + "; what you ask for here is added to that."
	}
	return with(modal, section(text),
		durationInput(FieldDuration, FieldDuration, "Duration", choices(&entitlement), entitlement.Durations.Default),
		reasonInput("Whoever decides reads this."))
}

// RevokeModal asks why a grant is ended by somebody else. Its private metadata is the grant's id.
func RevokeModal(grant db.Grant) slack.ModalViewRequest {
	modal := form("Revoke access", "Revoke", CallbackRevoke, grant.ID)
	return with(modal, section("This takes "+at(grant.Entitlement)+" from "+person(grant.Subject)+" now."),
		reasonInput("It stands in the request's thread and in the audit log."))
}

// CancelModal asks the requester whether to withdraw a request. Its private metadata is the request's id.
func CancelModal(sheet db.Sheet) slack.ModalViewRequest {
	modal := form("Cancel request", "Cancel request", CallbackCancel, sheet.Request.ID)
	return with(modal, section(wish(sheet)), section("Nobody can approve it any more after this."))
}

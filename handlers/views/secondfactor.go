package views

import (
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// Factor is what a person's Home says about his second factor.
type Factor struct {
	Enrolled    bool
	EnrolledAt  time.Time
	UsableAt    time.Time // from when on it counts
	LockedUntil time.Time // after too many wrong codes
	CanEnrol    bool      // an authenticator app can be set up here
	SignIn      bool      // the company's sign-in can be used
}

// factorBlocks is the section about the second factor: one block.
func factorBlocks(factor *Factor, now time.Time) []slack.Block {
	if factor == nil || !factor.Enrolled && !factor.SignIn && !factor.CanEnrol {
		return nil // there is nothing that the person could do
	}
	lines := []string{"*Second factor*"}
	var offer *slack.ButtonBlockElement
	switch {
	case factor.Enrolled:
		lines = append(lines, "Your authenticator app was set up "+on(factor.EnrolledAt)+"."+factorWaits(*factor, now))
		offer = button(ActionFactorRemove, "", "Remove", "Remove the authenticator app")
	case factor.SignIn:
		lines = append(lines, "Where an approval asks you to prove who you are, you sign in at your company's identity provider. There is nothing to set up.")
	default:
		lines = append(lines, "Some approvals ask for a code of an authenticator app, to be sure that it is you. You have none set up."+factorWaits(*factor, now))
		offer = button(ActionFactorSetUp, "", "Set up", "Set up an authenticator app")
	}
	row := section(lines...)
	if offer != nil {
		row.Accessory = slack.NewAccessory(offer)
	}
	return []slack.Block{slack.NewDividerBlock(), row}
}

func factorWaits(factor Factor, now time.Time) string {
	text := ""
	if factor.LockedUntil.After(now) {
		text += " *It is locked* until " + on(factor.LockedUntil) + ", because too many codes were wrong."
	}
	if factor.UsableAt.After(now) {
		text += " It counts for approvals from " + on(factor.UsableAt) + "."
	}
	if factor.SignIn {
		text += " Your company's sign-in can be used instead."
	}
	return text
}

// FactorSetUpModal shows the secret of a new authenticator app, and asks for a first code of it. The secret stands in
// this view only: never in a message and never in its metadata.
func FactorSetUpModal(secret, uri string) slack.ModalViewRequest {
	modal := form("Second factor", "Set up", CallbackFactorSetUp, "")
	return with(modal,
		section("*1.* In your authenticator app, add an account by typing in a key:"),
		slack.NewSectionBlock(plain(inFours(secret), maxText), nil, nil),
		footnote("On this phone you can also open this address in the app:"),
		slack.NewSectionBlock(plain(uri, maxText), nil, nil),
		section("*2.* Type the code that the app shows now. Show the key to nobody: whoever has it can pass for you."),
		codeInput())
}

// FactorRemoveModal asks for a code before an authenticator app is taken away.
func FactorRemoveModal() slack.ModalViewRequest {
	modal := form("Second factor", "Remove", CallbackFactorRemove, "")
	return with(modal, section("Approvals that ask for a code can't be given by you afterwards, until you set an app up again. If you have lost the app, ask an admin."),
		codeInput())
}

func codeInput() slack.Block {
	digits := slack.NewPlainTextInputBlockElement(plain("123456", maxPlaceholder), FieldCode).WithMaxLength(12)
	return input(FieldCode, "Code", "Six digits, from your authenticator app.", digits)
}

// inFours writes a secret in groups of four, as people type it.
func inFours(secret string) string {
	var groups []string
	for len(secret) > 4 {
		groups, secret = append(groups, secret[:4]), secret[4:]
	}
	return strings.Join(append(groups, secret), " ")
}

// resetFactor takes somebody's authenticator app away who can't use it any more.
func resetFactor(name string) *slack.ButtonBlockElement {
	return danger(button(ActionFactorReset, "", "Reset second factor", "Reset the second factor of "+name)).WithConfirm(
		slack.NewConfirmationBlockObject(plain("Reset second factor?", maxTitle),
			plain("Make sure that it is "+name+" who asks you for it. The authenticator app is removed, and another has to be set up.", maxConfirm),
			plain("Reset", maxChoice), plain("Keep it", maxChoice)))
}

package views

import (
	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// The action id of the button that asks to keep an access, whose value is the grant, and the callback id of its modal.
const (
	ActionBirthrightKeep   = "birthright_keep"
	CallbackBirthrightKeep = "birthright_keep_submit"
)

// movedLosses is how many accesses that end one message shows, each with its button.
const movedLosses = 15

// Moved is what rules give somebody and take from him at once, because something about him changed.
type Moved struct {
	Of     *db.Person
	Self   bool     // he reads it himself; otherwise his manager
	Gained []string // names
	Losses []Loss
}

// Loss is an access which no rule gives any more.
type Loss struct {
	db.Grant
	Asked bool // somebody asked to keep it, and that is not decided
}

// MovedNote tells somebody, or his manager, what he gets and what he loses, with a button to keep each.
func MovedNote(moved Moved) Message {
	gets, loses, heading := "You get ", "You lose ", "Your access changes"
	if !moved.Self {
		gets, loses, heading = person(moved.Of)+" gets ", person(moved.Of)+" loses ", clip(oneLine(name(moved.Of)), 80)+"'s access changes"
	}
	text := ""
	blocks := []slack.Block{header(heading)}
	if where := whoNow(moved); where != "" {
		blocks = append(blocks, section(where))
		text = where + " "
	}
	if len(moved.Gained) > 0 {
		names := make([]string, 0, len(moved.Gained))
		for _, one := range moved.Gained {
			names = append(names, "*"+escape(one, 120)+"*")
		}
		line := gets + enumerate(names, 12, "and") + "." + firstDay(moved)
		blocks, text = append(blocks, section(line)), text+line+" "
	}
	for n, loss := range moved.Losses {
		if n == movedLosses {
			blocks = append(blocks, section("… and "+plural(len(moved.Losses)-n, "more access", "more accesses")+". /access mine lists all."))
			break
		}
		line := lossLine(loss, loses)
		row := section(line)
		if keepable(loss) {
			row.Accessory = slack.NewAccessory(keeping(loss.Grant))
		}
		blocks, text = append(blocks, row), text+line+" "
	}
	return message(text, append(blocks, footnote("By the rules that give access because of who somebody is."))...)
}

// whoNow is who somebody is now, as far as his directory tells.
func whoNow(moved Moved) string {
	what := "*" + escape(moved.Of.Department, 120) + "*"
	switch {
	case blank(moved.Of.Department) && blank(moved.Of.Title):
		return ""
	case blank(moved.Of.Department):
		what = "*" + escape(moved.Of.Title, 120) + "*"
	case !blank(moved.Of.Title):
		what = "*" + escape(moved.Of.Title, 120) + "* in " + what
	}
	if moved.Self {
		return "You are " + what + " now."
	}
	return person(moved.Of) + " is " + what + " now."
}

// firstDay says from when on somebody has it who has not begun.
func firstDay(moved Moved) string {
	if moved.Of.StartsAt.IsZero() || !moved.Of.CreatedAt.Before(moved.Of.StartsAt) {
		return ""
	}
	return " It begins in the morning of the first day, which is " + on(moved.Of.StartsAt) + "."
}

// keeping asks to keep an access which no rule gives any more.
func keeping(grant db.Grant) *slack.ButtonBlockElement {
	return button(ActionBirthrightKeep, grant.ID, "Keep…", "Ask to keep "+title(grant.Entitlement))
}

func keepable(loss Loss) bool {
	return !loss.Asked && !loss.LostAt.IsZero() && loss.Status != db.Ending && loss.Status != db.Ended
}

// lossLine says what becomes of an access which no rule gives any more.
func lossLine(loss Loss, loses string) string {
	access := at(loss.Entitlement)
	switch {
	case loss.Status == db.Ending:
		return access + " is being taken back."
	case loss.Status == db.Ended:
		return access + " has ended " + on(loss.EndedAt) + "."
	case !loss.LostAt.IsZero() && loss.Asked:
		return loses + access + ": it ends " + on(loss.ExpiresAt) + ". Somebody asked to keep it, and that waits for a decision."
	case !loss.LostAt.IsZero():
		return loses + access + ": it ends " + on(loss.ExpiresAt) + "."
	case loss.Birthright != "":
		return access + " stays: a rule gives it."
	}
	return access + " is kept" + lasting(loss.Grant) + "."
}

// KeepModal asks why an access is to be kept that no rule gives any more. Its private metadata is the grant's id.
func KeepModal(grant db.Grant) slack.ModalViewRequest {
	modal := form("Keep access", "Ask to keep", CallbackBirthrightKeep, grant.ID)
	return with(modal, section("You ask that "+person(grant.Subject)+" keeps "+at(grant.Entitlement)+". Whoever decides on this access decides on that too. Until then it ends "+
		on(grant.ExpiresAt)+"."), reasonInput("Those who decide read it."))
}

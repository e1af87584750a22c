package views

import (
	"slices"
	"strings"

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
	Self   bool // he reads it himself; otherwise his manager
	Joins  bool // he is new
	Gains  []Gain
	Losses []Loss
}

// Gain is an access which a rule gives.
type Gain struct {
	Name  string
	Asked *db.SheetItem // what asks for it, if it is known
}

// Loss is an access which no rule gives any more.
type Loss struct {
	db.Grant
	Asked bool // somebody asked to keep it, and that is not decided
}

// MovedNote tells somebody, or his manager, what he gets and what he loses, with a button to keep each.
func MovedNote(moved Moved) Message {
	text := whoNow(moved)
	blocks := []slack.Block{header(movedHeading(moved))}
	if text != "" {
		blocks = append(blocks, section(text))
		text += " "
	}
	if lines := gainLines(moved); len(lines) > 0 {
		blocks, text = append(blocks, section(lines...)), text+strings.Join(lines, " ")+" "
	}
	loses := "You lose "
	if !moved.Self {
		loses = person(moved.Of) + " loses "
	}
	for n, loss := range moved.Losses {
		if n == movedLosses {
			blocks = append(blocks, section("… and "+plural(len(moved.Losses)-n, "more access", "more accesses")+"."+listedBy(moved)))
			break
		}
		line := lossLine(loss, loses)
		row := section(line)
		if keepable(loss) {
			row.Accessory = slack.NewAccessory(keeping(loss.Grant))
		}
		blocks, text = append(blocks, row), text+line+" "
	}
	foot := "This follows from rules about roles and departments: nobody had to ask for it."
	if slices.ContainsFunc(moved.Losses, keepable) {
		foot += " Keep asks those who decide on the access, and nothing ends sooner by asking."
	}
	return message(text, append(blocks, footnote(foot))...)
}

// listedBy is where somebody finds all that he holds.
func listedBy(moved Moved) string {
	if !moved.Self {
		return ""
	}
	return " /access mine lists all."
}

func movedHeading(moved Moved) string {
	who := clip(oneLine(name(moved.Of)), 80)
	switch {
	case moved.Joins && moved.Self:
		return "Welcome: your access"
	case moved.Joins:
		return who + " joins"
	case moved.Self:
		return "Your access changes"
	}
	return who + "'s access changes"
}

// gainLines say what somebody gets, and what of it waits for somebody's approval or did not come to be.
func gainLines(moved Moved) []string {
	gets := "You get "
	if !moved.Self {
		gets = person(moved.Of) + " gets "
	}
	var names, lines []string
	for _, gain := range moved.Gains {
		access := "*" + escape(gain.Name, 120) + "*"
		switch {
		case gain.Asked == nil || gain.Asked.Flow.Status == db.Approved:
			names = append(names, access)
		case gain.Asked.Current() != nil:
			lines = append(lines, access+" waits for approval by "+quorum(*gain.Asked.Current())+".")
		default:
			lines = append(lines, access+": "+state(*gain.Asked))
		}
	}
	if len(names) > 0 {
		lines = append([]string{gets + enumerate(names, 12, "and") + "." + firstDay(moved)}, lines...)
	}
	return lines
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
	now := " now."
	if moved.Joins {
		now = "."
	}
	if moved.Self {
		return "You are " + what + now
	}
	return person(moved.Of) + " is " + what + now
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

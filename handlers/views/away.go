package views

import (
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// Away is when a person is away and who decides in his place, and for whom he stands in himself. All with their people.
type Away struct {
	Mine []db.Delegation // not over, those that begin first in front
	To   []db.Delegation // the same
}

// current is by which the person is away now, or nil: the one that began last.
func (a Away) current(now time.Time) *db.Delegation {
	var found *db.Delegation
	for n := range a.Mine {
		if !a.Mine[n].StartsAt.After(now) {
			found = &a.Mine[n]
		}
	}
	return found
}

// awayNow stands at the top while the person is away, so that he notices when he is back.
func awayNow(away *Away, now time.Time) []slack.Block {
	if away == nil {
		return nil
	}
	current := away.current(now)
	if current == nil {
		return nil
	}
	row := section("*You are away* until "+on(current.EndsAt)+". "+inPlace(*current), note(*current))
	row.Accessory = slack.NewAccessory(button(ActionAwayEnd, current.ID, "I'm back", "I'm back: end being away now"))
	return []slack.Block{slack.NewDividerBlock(), row}
}

func inPlace(row db.Delegation) string {
	if row.ToID == "" {
		return "Nobody decides in your place; what has no other approver goes to the owner."
	}
	return person(row.To) + " decides in your place."
}

func note(row db.Delegation) string {
	if blank(row.Note) {
		return ""
	}
	return "“" + escape(row.Note, 300) + "”"
}

// awayBlocks is the section of the overview about being away.
func awayBlocks(data HomeData, now time.Time) []slack.Block {
	if data.Away == nil {
		return nil
	}
	rows := awayRows(*data.Away, now)
	heading := section("*When I'm away*")
	if len(rows) == 0 {
		heading = section("*When I'm away*", "Say when you will be away, and who decides in your place meanwhile.")
	}
	heading.Accessory = slack.NewAccessory(button(ActionAwayOpen, "", "I'll be away…", ""))
	blocks := []slack.Block{slack.NewDividerBlock(), heading}
	blocks = append(blocks, rows[:min(len(rows), HomeFew)]...)
	if len(rows) > HomeFew {
		blocks = append(blocks, showAll(HomeAway, len(rows), "When I'm away"))
	}
	return blocks
}

func openedAway(data HomeData, now time.Time) []slack.Block {
	if data.Away == nil {
		return nil
	}
	rows := awayRows(*data.Away, now)
	state := data.State.Clamp(len(rows))
	first := min(state.Page*HomePage, len(rows))
	return onePage(state, "When I'm away", len(rows), "You have said nothing about being away.", rows[first:min(first+HomePage, len(rows))])
}

// awayRows is one block for each time that is not over: the person's own, then those in which he stands in.
func awayRows(away Away, now time.Time) []slack.Block {
	var rows []slack.Block
	current := away.current(now)
	for _, one := range away.Mine {
		if current != nil && one.ID == current.ID {
			continue // it stands at the top
		}
		row := section("From "+on(one.StartsAt)+" until "+on(one.EndsAt)+". "+inPlace(one), note(one))
		row.Accessory = slack.NewAccessory(button(ActionAwayEnd, one.ID, "End", "End this time of being away"))
		rows = append(rows, row)
	}
	for _, one := range away.To {
		text := "You stand in for " + person(one.Person) + " from " + on(one.StartsAt) + " until " + on(one.EndsAt) + "."
		if !one.StartsAt.After(now) {
			text = "*You stand in for " + person(one.Person) + "* until " + on(one.EndsAt) + ". What waits for them waits for you too."
		}
		rows = append(rows, section(text, note(one)))
	}
	return rows
}

// AwayModal asks from when until when somebody is away and who decides meanwhile. An admin may say it for others.
func AwayModal(from, until time.Time, forOthers bool) slack.ModalViewRequest {
	modal := form("I'll be away", "Save", CallbackAway, "")
	modal = with(modal, section("Requests that would wait for you go to whoever you name. That person can't decide on requests of their own or of yours."))
	if forOthers {
		who := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plain("Yourself", maxPlaceholder), FieldAwayFor)
		modal = with(modal, input(FieldAwayFor, "For", "As an admin you can say it for somebody else too.", who).WithOptional(true))
	}
	to := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plain("Nobody", maxPlaceholder), FieldAwayTo)
	words := slack.NewPlainTextInputBlockElement(plain("Parental leave, back in March", maxPlaceholder), FieldAwayNote).WithMaxLength(200)
	return with(modal,
		input(FieldAwayFrom, "From", "", dateTime(FieldAwayFrom, from)), input(FieldAwayUntil, "Until", "", dateTime(FieldAwayUntil, until)),
		input(FieldAwayTo, "Who decides in your place", "Leave it empty if nobody does: then the others who may decide are asked, else the owner.", to).WithOptional(true),
		input(FieldAwayNote, "Note", "Whoever stands in for you reads it.", words).WithOptional(true))
}

func dateTime(action string, at time.Time) *slack.DateTimePickerBlockElement {
	element := slack.NewDateTimePickerBlockElement(action)
	element.InitialDateTime = at.Unix()
	return element
}

// Absence is what a message about somebody's absence tells.
type Absence struct {
	Of          *db.Person // who is away
	By          *db.Person // who said so, or nil
	From, Until time.Time
	Note        string
	Waiting     int // how many decisions wait for the reader
}

// StandIn tells somebody that he decides in another's place from now on.
func StandIn(absence Absence) Message {
	text := "You stand in for " + person(absence.Of) + " until " + on(absence.Until) + "."
	more := "Nothing waits for them now. You are asked when something does."
	if absence.Waiting > 0 {
		more = "What waits for them waits for you too: see Usher's Home tab, or " + code("/access approvals", 40) + "."
	}
	return message(text+" "+more, noted(section(text, more), absence.Note)...)
}

// IsBack tells somebody that he decides in another's place no more.
func IsBack(absence Absence) Message {
	text := person(absence.Of) + " is back: you stand in for them no more."
	return message(text, section(text))
}

// SentAway tells somebody what another said about his absence.
func SentAway(absence Absence, begins bool) Message {
	text := person(absence.By) + " noted that you are away from " + on(absence.From) + " until " + on(absence.Until) + "."
	if !begins {
		text = person(absence.By) + " noted that you are back. You are asked again."
	}
	return message(text, noted(section(text), absence.Note)...)
}

func noted(first slack.Block, note string) []slack.Block {
	if blank(note) {
		return []slack.Block{first}
	}
	return []slack.Block{first, quote(note, "")}
}

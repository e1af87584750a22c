package views

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// attributes are the attributes of SCIM that people look for first, in that order, with what they are called. What has no name
// says nothing that another does not.
var attributes = [][2]string{
	{"displayName", "Name"},
	{"active", "Active"},
	{"title", "Title"},
	{"department", "Department"},
	{"manager.displayName", "Manager"},
	{"manager.value", "Manager"},
	{"manager", "Manager"},
	{"userType", "Employment"},
	{"emails[work]", "E-mail"},
	{"emails", "E-mail"},
	{"userName", "User name"},
	{"externalId", "Id at the source"},
	{"name.givenName", "First name"},
	{"name.familyName", "Last name"},
	{"nickName", "Nickname"},
	{"name.formatted", "Full name"},
	{"name.middleName", "Middle name"},
	{"employeeNumber", "Employee number"},
	{"costCenter", "Cost centre"},
	{"organization", "Organisation"},
	{"division", "Division"},
	{"startDate", "First day"},
	{"endDate", "Last day"},
	{"timezone", "Time zone"},
	{"locale", "Region"},
	{"preferredLanguage", "Language"},
	{"profileUrl", "Profile page"},
	{"emails[work].primary", ""},
	{"emails.primary", ""},
	{"schemas", ""},
}

// difference is one attribute that a change would change. What it is called is empty where it says nothing to people.
type difference struct{ path, called, before, after string }

type whatDiffers []difference

// differences are the attributes that a change would change: those that people look for first, and last those that say nothing.
func differences(held *db.HeldChange) whatDiffers {
	if held == nil {
		return nil
	}
	paths := map[string]bool{}
	for path := range held.Before {
		paths[path] = true
	}
	for path := range held.After {
		paths[path] = true
	}
	all := make(whatDiffers, 0, len(paths))
	for path := range paths {
		all = append(all, difference{path, called(path), worth(held.Before[path]), worth(held.After[path])})
	}
	slices.SortFunc(all, func(a, b difference) int {
		return cmp.Or(cmp.Compare(silence(a), silence(b)), cmp.Compare(place(a.path), place(b.path)), cmp.Compare(a.path, b.path))
	})
	return all
}

// silence is 1 of a difference that says nothing to people.
func silence(one difference) int {
	if one.called == "" {
		return 1
	}
	return 0
}

// telling are the differences that say something to people, or all where none does.
func telling(held *db.HeldChange) whatDiffers {
	all := differences(held)
	some := slices.DeleteFunc(slices.Clone(all), func(one difference) bool { return one.called == "" })
	if len(some) == 0 {
		return all
	}
	return some
}

// heldValuesOf are the attributes that a change would change, before and after, as far as a card has room for them, with a
// button that shows all where it has not.
func heldValuesOf(sheet db.Sheet, held *db.HeldChange) []slack.Block {
	all := telling(held)
	if len(all) == 0 {
		return nil
	}
	lines, cut := []string{"*What changes*"}, len(all) > heldValues
	for _, one := range all[:min(len(all), heldValues)] {
		lines = append(lines, one.line(heldValue))
		cut = cut || size(oneLine(one.before)) > heldValue || size(oneLine(one.after)) > heldValue
	}
	if more := len(all) - heldValues; more > 0 {
		lines = append(lines, fmt.Sprintf("… and %d more", more))
	}
	shown := section(lines...)
	if cut || size(strings.Join(lines, "\n")) > maxText {
		shown.Accessory = slack.NewAccessory(button(ActionHeldShow, sheet.Request.ID, "Show all", "Show all that changes, in full"))
	}
	return []slack.Block{shown}
}

// line writes a difference on a line, each value cut to a length.
func (d difference) line(limit int) string { return "• " + d.text(limit) }

// text is a difference in a phrase; what was nothing is left out.
func (d difference) text(limit int) string {
	text := written(d.after, limit)
	if !blank(d.before) {
		text = written(d.before, limit) + " → " + text
	}
	return "*" + d.name() + "*: " + text
}

func (d difference) name() string {
	if strings.HasSuffix(d.path, ".primary") && d.called == "" {
		return "Main e-mail address"
	}
	return escape(cmp.Or(d.called, attribute(d.path)), 80)
}

// whole writes a difference with nothing left out, on as many lines as it takes.
func (d difference) whole() []string {
	if size(oneLine(d.before))+size(oneLine(d.after)) <= heldPiece {
		return []string{d.line(heldPiece)}
	}
	if blank(d.before) {
		return append([]string{"• *" + d.name() + "*:"}, pieces(d.after)...)
	}
	lines := append([]string{"• *" + d.name() + "*, before:"}, pieces(d.before)...)
	return append(append(lines, "• *"+d.name()+"*, after:"), pieces(d.after)...)
}

// together writes differences with nothing left out, as many on a line as have room: for lists of many changes.
func (d whatDiffers) together() []string {
	var lines []string
	for _, one := range d {
		whole := one.whole()
		last := len(lines) - 1
		if len(whole) == 1 && last >= 0 && size(lines[last])+size(whole[0]) < maxText/2 {
			lines[last] += " · " + one.text(heldPiece)
			continue
		}
		lines = append(lines, whole...)
	}
	return lines
}

// pieces are a value in pieces of which each has room on a line.
func pieces(value string) []string {
	value = oneLine(value)
	if blank(value) {
		return []string{written(value, heldPiece)}
	}
	var lines []string
	first, units := 0, 0
	for at, r := range value {
		width := len(utf16.AppendRune(nil, r))
		if units+width > heldPiece {
			lines = append(lines, code(value[first:at], heldPiece))
			first, units = at, 0
		}
		units += width
	}
	return append(lines, code(value[first:], heldPiece))
}

// changing says in a few words what changes of somebody who stays, for lists: "Title: Trainee → Engineer, and 1 more".
func changing(held *db.HeldChange) string {
	if held == nil || held.Kind != db.UserUpdated && held.Kind != db.GroupUpdated {
		return ""
	}
	all := telling(held)
	if len(all) == 0 {
		return ""
	}
	text := cmp.Or(all[0].called, attribute(all[0].path)) + ": "
	if !blank(all[0].before) {
		text += clip(oneLine(all[0].before), 40) + " → "
	}
	if blank(all[0].after) {
		text += "nothing"
	}
	text += clip(oneLine(all[0].after), 40)
	if more := len(all) - 1; more > 0 {
		text += fmt.Sprintf(", and %d more", more)
	}
	return text
}

// attribute is a SCIM attribute without the URN in front of it, which says nothing to people.
func attribute(path string) string {
	if strings.HasPrefix(path, "urn:") {
		return path[strings.LastIndex(path, ":")+1:]
	}
	return path
}

func place(path string) int {
	n := slices.IndexFunc(attributes, func(one [2]string) bool { return one[0] == attribute(path) })
	if n < 0 {
		return len(attributes)
	}
	return n
}

// called is what people call an attribute; empty is one that is not shown.
func called(path string) string {
	if n := place(path); n < len(attributes) {
		return attributes[n][1]
	}
	return attribute(path)
}

// worth is one value of an attribute as people write it.
func worth(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return value
	case bool:
		if value {
			return "yes"
		}
		return "no"
	case []any:
		parts := make([]string, 0, len(value))
		for _, one := range value {
			parts = append(parts, worth(one))
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		if inner, is := value["value"]; is {
			return worth(inner)
		}
	}
	return fmt.Sprint(value)
}

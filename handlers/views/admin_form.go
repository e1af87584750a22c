package views

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"
)

// AdminForm is a form for one object, filled in.
type AdminForm struct {
	State  AdminState
	Fields []AdminField
	Typed  map[string]string     // what a field holds, by key; of AsChoice the value
	Chosen map[string][]AdminRow // what AsOne and AsMany hold, by key
	Flags  map[string]bool       // by the key of the flag
	Only   []string              // keys that this person may change; nil is all
	Notice string                // above everything, a sentence
	Room   AdminRoom
}

// AdminFormModal is the form that makes or changes an object. Nothing is saved by it: what it holds is shown for review.
func AdminFormModal(f AdminForm) slack.ModalViewRequest {
	kind := adminKinds[f.State.Kind]
	heading := "Edit " + kind.one
	if f.State.Slug == "" {
		heading = "New " + kind.one
	}
	modal := adminForm(f.State, heading, "Review", CallbackAdminForm)
	modal = with(modal, adminFormHead(f)...)
	modal = with(modal, adminInputs(f)...)
	buttons := []*slack.ButtonBlockElement{adminBack()}
	if f.State.Kind == "entitlement" {
		buttons = append(moreButtons(f), buttons...)
	}
	return with(modal, actions(buttons...))
}

func adminFormHead(f AdminForm) []slack.Block {
	var blocks []slack.Block
	if f.State.Slug != "" && f.State.Slug != f.State.Kind {
		blocks = append(blocks, section("*"+escape(f.State.Slug, 120)+"*"))
	}
	if !blank(f.Notice) {
		blocks = append(blocks, section("⚠ "+sentence(escape(f.Notice, 1000))))
	}
	return blocks
}

func moreButtons(f AdminForm) []*slack.ButtonBlockElement {
	var buttons []*slack.ButtonBlockElement
	if f.Room.Rules < AdminMostRules {
		buttons = append(buttons, button(ActionAdminRule, "", "Add an approval chain", ""))
	}
	if !f.Room.Emergency {
		return append(buttons, button(ActionAdminEmergency, "on", "Add an emergency path", ""))
	}
	return append(buttons, button(ActionAdminEmergency, "off", "Remove the emergency path", ""))
}

// adminInputs are the inputs of a form that this person may fill in.
func adminInputs(f AdminForm) []slack.Block {
	var blocks []slack.Block
	for _, field := range f.Fields {
		top, _, _ := strings.Cut(field.Key, ".")
		if (field.Fixed && f.State.Slug != "") || (f.Only != nil && !slices.Contains(f.Only, top)) {
			continue
		}
		block := input(f.State.Block(field.Key), field.Label, field.Hint, f.element(field)).WithOptional(!field.Needed)
		blocks = append(blocks, block.WithDispatchAction(field.Turns))
	}
	return blocks
}

// AdminAction is the action id of a field: of one that chooses from a list, or changes the form, one of its own.
func AdminAction(field AdminField) string {
	switch {
	case field.Of != "":
		return FieldAdmin + "_" + field.Of
	case field.Turns:
		return ActionAdminMore
	}
	return FieldAdmin
}

func (f AdminForm) element(field AdminField) slack.BlockElement {
	action := AdminAction(field)
	switch field.As {
	case AsChoice:
		return f.choice(field, action)
	case AsFlags:
		return f.flags(field, action)
	case AsOne:
		one := externalSelect(action, "Type a name")
		if chosen := adminOptions(f.Chosen[field.Key]); len(chosen) > 0 {
			one.InitialOption = chosen[0]
		}
		return one
	case AsMany:
		none := 0
		many := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeExternal, plain("Type a name", maxPlaceholder), action)
		many.MinQueryLength, many.InitialOptions = &none, adminOptions(f.Chosen[field.Key])
		return many
	case AsText, AsYAML:
		element := typed(action, "", "", maxText).WithMultiline(true)
		if !blank(f.Typed[field.Key]) {
			element.InitialValue = clip(visible(f.Typed[field.Key]), maxText)
		}
		return element
	}
	return typed(action, f.Typed[field.Key], "", adminMost(field))
}

// adminMost is how much may be typed into one line.
func adminMost(field AdminField) int {
	switch {
	case field.Most > 0:
		return field.Most
	case field.As == AsRule || field.As == AsWords:
		return 1000
	case field.As == AsLength || field.As == AsNumber:
		return 20
	}
	return 200
}

// AdminFits says whether a text can be changed in a form.
func AdminFits(text string) bool { return size(visible(text)) <= maxText }

func (f AdminForm) choice(field AdminField, action string) slack.BlockElement {
	element := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("Choose", maxPlaceholder), action)
	for _, choice := range field.Choices {
		option := slack.NewOptionBlockObject(choice[0], plain(choice[1], maxOption), nil)
		if element.Options = append(element.Options, option); choice[0] == f.Typed[field.Key] {
			element.InitialOption = option
		}
	}
	return element
}

func (f AdminForm) flags(field AdminField, action string) slack.BlockElement {
	element := slack.NewCheckboxGroupsBlockElement(action)
	for _, choice := range field.Choices {
		option := slack.NewOptionBlockObject(choice[0], plain(choice[1], maxOption), nil)
		if element.Options = append(element.Options, option); f.Flags[choice[0]] {
			element.InitialOptions = append(element.InitialOptions, option)
		}
	}
	return element
}

// adminOptions are rows as options of a select, as many as it takes.
func adminOptions(rows []AdminRow) []*slack.OptionBlockObject {
	var options []*slack.OptionBlockObject
	for _, row := range rows {
		if len(options) == maxOptions || blank(row.Slug) || size(row.Slug) > maxValue {
			continue
		}
		var below *slack.TextBlockObject
		if !blank(row.Note) {
			below = plain(oneLine(row.Note), maxOption)
		}
		options = append(options, slack.NewOptionBlockObject(row.Slug, plain(oneLine(row.Title), maxOption), below))
	}
	return options
}

// AdminOptions answers a field that chooses from a list.
func AdminOptions(rows []AdminRow) []*slack.OptionBlockObject { return adminOptions(rows) }

// AdminStepModal is the form of one step of an approval chain.
func AdminStepModal(f AdminForm) slack.ModalViewRequest {
	modal := adminForm(f.State, fmt.Sprintf("Step %d", f.State.Step+1), "Done", CallbackAdminStep)
	modal = with(modal, adminFormHead(f)...)
	modal = with(modal, adminInputs(f)...)
	return with(modal, actions(adminBack()))
}

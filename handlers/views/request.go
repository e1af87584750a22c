package views

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// RequestModal is the form that asks for access. Only Access, Duration and Reason are required. A block keeps its ids
// when the modal is drawn anew, so Slack keeps what was typed.
func RequestModal(request RequestForm) slack.ModalViewRequest {
	if len(request.Picks) == 0 {
		request.Picks = NewRequestForm().Picks
	}
	request.Picks = request.Picks[:min(len(request.Picks), MaxPicks)]
	modal := form("Request access", "Request", CallbackRequest, request.metadata())
	modal.Close = plain("Cancel", maxTitle)
	for n, pick := range request.Picks {
		modal = with(modal, pickBlocks(request, n, pick)...)
	}
	if len(request.Picks) < MaxPicks {
		modal = with(modal, actions(button(ActionRequestAdd, "", "Add another", "Add another entitlement")))
	}
	modal = with(modal, subjectInput(request), startInput(request), reasonField(request))
	return with(modal, emergencyInput(request)...)
}

func pickBlocks(request RequestForm, n int, pick Pick) []slack.Block {
	suffix := ""
	if n > 0 {
		suffix = " " + strconv.Itoa(n+1)
	}
	blocks := []slack.Block{accessInput(pick, "Access"+suffix)}
	offered, chosen := general(request.Choices), pick.Duration
	if pick.Applies != nil {
		blocks = append(blocks, appliesBlocks(*pick.Applies)...)
		offered = choices(&pick.Applies.Entitlement)
		if !slices.Contains(offered, chosen) {
			chosen = pick.Applies.Entitlement.Durations.Default
		}
	}
	blocks = append(blocks, durationInput(pick.DurationBlock(), pick.id(ActionRequestDuration), "Duration"+suffix, offered, chosen))
	if len(request.Picks) > 1 {
		remove := button(ActionRequestRemove, strconv.Itoa(pick.Number), "Remove", fmt.Sprintf("Remove entitlement %d", n+1))
		blocks = append(blocks, actions(remove), slack.NewDividerBlock())
	}
	return blocks
}

func accessInput(pick Pick, label string) slack.Block {
	none := 0
	element := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, plain("Type a name", maxPlaceholder),
		pick.id(ActionRequestEntitlement))
	element.MinQueryLength = &none
	if pick.Applies != nil && pick.Applies.Entitlement.ID == pick.EntitlementID {
		element.InitialOption = entitlementOption(pick.Applies.Entitlement)
	}
	return input(pick.EntitlementBlock(), label, "", element).WithDispatchAction(true)
}

func subjectInput(request RequestForm) slack.Block {
	element := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plain("Yourself", maxPlaceholder), ActionRequestSubject)
	if slackUser.MatchString(request.Subject) {
		element.InitialUser = request.Subject
	}
	return input(ActionRequestSubject, "For", "Leave it empty to ask for yourself.", element).
		WithOptional(true).WithDispatchAction(true) // who decides depends on whom it is for
}

func startInput(request RequestForm) slack.Block {
	element := slack.NewDateTimePickerBlockElement(ActionRequestStart)
	if unix := request.Start.Unix(); !request.Start.IsZero() && unix >= 1e9 && unix < 1e10 {
		element.InitialDateTime = unix
	}
	return input(ActionRequestStart, "Start", "Leave it empty to start at once.", element).WithOptional(true)
}

func reasonField(request RequestForm) slack.Block {
	element := multiline(ActionRequestReason, request.Reason)
	return input(ActionRequestReason, "Reason", "Whoever decides reads this.", element)
}

// EntitlementOptions answers the Access field, with the entitlement's id as the value. At most 100
// are offered, which is all that Slack takes.
func EntitlementOptions(rows []db.Entitlement) []*slack.OptionBlockObject {
	options := make([]*slack.OptionBlockObject, 0, min(len(rows), maxOptions))
	for _, row := range rows[:min(len(rows), maxOptions)] {
		options = append(options, entitlementOption(row))
	}
	return options
}

// entitlementOption shows the entitlement by its very name, which is what people type and look for, with the provider
// and what it is for below.
func entitlementOption(row db.Entitlement) *slack.OptionBlockObject {
	var below []string
	if row.Provider != nil && !blank(row.Provider.Name) {
		below = append(below, oneLine(row.Provider.Name))
	}
	if !blank(row.Description) {
		below = append(below, oneLine(row.Description))
	}
	var description *slack.TextBlockObject
	if len(below) > 0 {
		description = plain(strings.Join(below, ": "), maxOption)
	}
	return slack.NewOptionBlockObject(clip(row.ID, maxValue), plain(oneLine(row.Name), maxOption), description)
}

package views

import (
	"slices"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// MessageModal says something in a modal, for refusals where a modal is open: there is nothing to submit.
func MessageModal(heading, text string) slack.ModalViewRequest {
	modal := form(heading, "", CallbackMessage, "")
	return with(modal, slack.NewSectionBlock(plain(text, maxText), nil, nil))
}

// form is an empty modal. Metadata is the id of the row that the modal is about.
func form(heading, submit, callback, metadata string) slack.ModalViewRequest {
	modal := slack.ModalViewRequest{
		Type: slack.VTModal, Title: plain(heading, maxTitle), Close: plain("Close", maxTitle),
		CallbackID: callback, PrivateMetadata: metadata,
	}
	if submit != "" {
		modal.Submit, modal.Close = plain(submit, maxTitle), plain("Back", maxTitle)
	}
	return modal
}

func with(modal slack.ModalViewRequest, blocks ...slack.Block) slack.ModalViewRequest {
	modal.Blocks.BlockSet = append(modal.Blocks.BlockSet, blocks...)
	return modal
}

func input(block, label, hint string, element slack.BlockElement) *slack.InputBlock {
	var help *slack.TextBlockObject
	if hint != "" {
		help = plain(hint, 2000)
	}
	return slack.NewInputBlock(block, plain(label, 2000), help, element)
}

// maxTyped is how much may be typed into a field, in characters.
const maxTyped = 1000

func multiline(action, value string) *slack.PlainTextInputBlockElement {
	return slack.NewPlainTextInputBlockElement(nil, action).WithMultiline(true).WithMaxLength(maxTyped).
		WithInitialValue(clip(visible(value), maxTyped))
}

func reasonInput(hint string) slack.Block {
	return input(FieldReason, "Reason", hint, multiline(FieldReason, ""))
}

// durationInput is a select of durations whose values are such as "8h". It starts with the choice given, if it is one
// of them.
func durationInput(block, action, label string, from []db.Duration, chosen db.Duration) *slack.InputBlock {
	var options []*slack.OptionBlockObject
	var initial *slack.OptionBlockObject
	for _, choice := range from {
		option := slack.NewOptionBlockObject(choice.String(), plain(choice.Words(), maxOption), nil)
		if options = append(options, option); choice == chosen {
			initial = option
		}
	}
	element := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("How long?", maxPlaceholder), action, options...)
	element.InitialOption = initial
	return input(block, label, "", element)
}

// choices are the durations that an entitlement offers: those of its policy, else its default and its maximum. There
// is always at least one, because Slack takes no empty select.
func choices(row *db.Entitlement) []db.Duration {
	if row == nil {
		return general(nil)
	}
	offered := usable(row.Durations.Choices)
	if len(offered) == 0 {
		offered = usable([]db.Duration{row.Durations.Default, row.Durations.Max})
	}
	return general(offered)
}

// general is the list itself, or what is commonly asked for when it is empty.
func general(offered []db.Duration) []db.Duration {
	if offered = usable(offered); len(offered) > 0 {
		return offered
	}
	var common []db.Duration
	for _, text := range []string{"1h", "8h", "1d", "7d", "30d"} {
		if length, err := db.ParseDuration(text); err == nil {
			common = append(common, length)
		}
	}
	return common
}

func usable(offered []db.Duration) []db.Duration {
	var out []db.Duration
	for _, length := range offered {
		if length > 0 && len(out) < maxOptions && !slices.Contains(out, length) {
			out = append(out, length)
		}
	}
	return out
}

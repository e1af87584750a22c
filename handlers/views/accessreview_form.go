package views

import (
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// AccessReviewForm begins an access review. Its private metadata is what marks a submission that is delivered twice.
func AccessReviewForm(mark string, providers []db.Provider, now time.Time) slack.ModalViewRequest {
	modal := form("Start a review", "Start", CallbackReviewStart, mark)
	title := slack.NewPlainTextInputBlockElement(plain("Autumn review", maxPlaceholder), FieldReviewTitle).WithMaxLength(80)
	access := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeExternal, plain("All access", maxPlaceholder), FieldReviewEntitlements)
	least := 0
	access.MinQueryLength = &least
	due := slack.NewDateTimePickerBlockElement(FieldReviewDue)
	due.InitialDateTime = now.AddDate(0, 0, 14).Truncate(time.Hour).Unix()
	modal = with(modal, input(FieldReviewTitle, "Title", "", title),
		optional(input(FieldReviewEntitlements, "Access", "Leave these four empty to review all that is held.", access)))
	if len(providers) > 0 {
		modal = with(modal, optional(input(FieldReviewProviders, "Providers", "", slack.NewOptionsMultiSelectBlockElement(
			slack.MultiOptTypeStatic, plain("All providers", maxPlaceholder), FieldReviewProviders, providerOptions(providers)...))))
	}
	return with(modal,
		optional(input(FieldReviewPeople, "People", "", slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeUser, plain("Everybody", maxPlaceholder), FieldReviewPeople))),
		optional(input(FieldReviewRisks, "Risk", "", slack.NewCheckboxGroupsBlockElement(FieldReviewRisks, option("low", "Low"), option("medium", "Medium"), option("high", "High")))),
		optional(input(FieldReviewReviewers, "Reviewers", "Nobody reviews what he holds himself; then the owner is asked, and admins where there is none.", reviewerSelect())),
		optional(input(FieldReviewOthers, "Other reviewers", "@usergroup, group:handle or e-mail addresses, with commas between them.", slack.NewPlainTextInputBlockElement(nil, FieldReviewOthers))),
		input(FieldReviewDue, "Due", "", due),
		input(FieldReviewOverdue, "What nobody decides in time", "", overdueChoice()),
		optional(input(FieldReviewChannel, "Tell a channel", "Its beginning and its end are told there.",
			slack.NewOptionsSelectBlockElement(slack.OptTypeChannels, plain("No channel", maxPlaceholder), FieldReviewChannel))),
	)
}

func optional(block *slack.InputBlock) *slack.InputBlock {
	block.Optional = true
	return block
}

func option(value, text string) *slack.OptionBlockObject {
	return slack.NewOptionBlockObject(value, plain(text, maxOption), nil)
}

func providerOptions(providers []db.Provider) []*slack.OptionBlockObject {
	options := make([]*slack.OptionBlockObject, 0, len(providers))
	for _, provider := range providers[:min(len(providers), maxOptions)] {
		options = append(options, option(provider.Slug, provider.Name))
	}
	return options
}

func reviewerSelect() *slack.MultiSelectBlockElement {
	manager := option("manager", "The holder's manager")
	element := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, plain("Who decides?", maxPlaceholder), FieldReviewReviewers,
		manager, option("managers_manager", "The manager's manager"), option("owner", "The owner of the access"), option("provider_owner", "The owner of the provider"))
	element.InitialOptions = []*slack.OptionBlockObject{manager}
	return element
}

func overdueChoice() *slack.RadioButtonsBlockElement {
	keep := option(db.OverdueKeep, "Keep it")
	element := slack.NewRadioButtonsBlockElement(FieldReviewOverdue, keep, option(db.OverdueRemove, "Remove it"))
	element.InitialOption = keep
	return element
}

package blockkit

// The block elements of https://docs.slack.dev/reference/block-kit/block-elements, selects apart.
var (
	button = typed("button",
		req("text", limited(plainText, 75)),
		opt("action_id", actionID),
		opt("url", formatted(formatLink, 3000)),
		opt("value", str(1, 2000)),
		opt("style", style),
		opt("confirm", confirm),
		opt("accessibility_label", str(1, 75)),
		opt("visible_to_user_ids", list(0, unbounded, userID)),
	)
	workflowButton = typed("workflow_button",
		req("text", limited(plainText, 75)),
		req("workflow", workflow),
		req("action_id", actionID),
		opt("style", style),
		opt("accessibility_label", str(1, 75)),
	)
	checkboxes = typed("checkboxes", interactive(
		req("options", list(1, 10, richOption)),
		opt("initial_options", list(0, 10, richOption)),
		opt("visible_to_user_ids", list(0, unbounded, userID)),
	)...)
	radioButtons = typed("radio_buttons", interactive(
		req("options", list(1, 10, richOption)),
		opt("initial_option", richOption),
	)...)
	overflow = typed("overflow",
		opt("action_id", actionID),
		req("options", list(1, 5, linkOption)),
		opt("confirm", confirm),
	)
	datepicker = typed("datepicker", interactive(
		opt("initial_date", formatted(formatDate, unbounded)),
		opt("placeholder", placeholder),
	)...)
	timepicker = typed("timepicker", interactive(
		opt("initial_time", formatted(formatTime, unbounded)),
		opt("timezone", str(1, unbounded)),
		opt("placeholder", placeholder),
	)...)
	// datetimepicker takes Unix seconds of ten digits.
	datetimepicker = typed("datetimepicker", interactive(
		opt("initial_date_time", whole(1_000_000_000, 9_999_999_999)),
	)...)
	imageElement = typed("image",
		opt("image_url", formatted(formatWeb, 3000)),
		opt("slack_file", slackFile),
		req("alt_text", str(1, 2000)),
	).exactlyOne("image_url", "slack_file")

	plainTextInput = typed("plain_text_input", typing(
		opt("initial_value", str(0, 3000)),
		opt("multiline", flag),
		opt("min_length", whole(0, 3000)),
		opt("max_length", whole(1, 3000)),
	)...)
	emailInput = typed("email_text_input", typing(
		opt("initial_value", formatted(formatEmail, unbounded)),
	)...)
	urlInput = typed("url_text_input", typing(
		opt("initial_value", formatted(formatLink, unbounded)),
	)...)
	numberInput = typed("number_input", typing(
		req("is_decimal_allowed", flag),
		opt("initial_value", decimal),
		opt("min_value", decimal),
		opt("max_value", decimal),
	)...)
	richTextInput = typed("rich_text_input", typing(
		opt("initial_value", richText),
		opt("min_lines", whole(1, unbounded)),
		opt("max_lines", whole(1, unbounded)),
	)...)
	fileInput = typed("file_input",
		opt("action_id", actionID),
		opt("filetypes", list(1, unbounded, str(1, unbounded))),
		opt("max_files", whole(1, 10)),
	)
	decimal = matching(`^-?[0-9]+(\.[0-9]+)?$`)
)

// interactive adds what pickers and choices share.
func interactive(fields ...field) []field {
	return append(fields,
		opt("action_id", actionID),
		opt("confirm", confirm),
		opt("focus_on_load", flag),
	)
}

// typing adds what the inputs a person types into share.
func typing(fields ...field) []field {
	return append(fields,
		opt("action_id", actionID),
		opt("dispatch_action_config", dispatchConfig),
		opt("focus_on_load", flag),
		opt("placeholder", placeholder),
	)
}

package blockkit

// The composition objects of https://docs.slack.dev/reference/block-kit/composition-objects.
var (
	plainText = typed("plain_text", req("text", str(1, unbounded)), opt("emoji", flag))
	mrkdwn    = typed("mrkdwn", req("text", str(1, unbounded)), opt("verbatim", flag))
	anyText   = oneOf(plainText, mrkdwn)

	blockID  = str(1, 255)
	actionID = str(1, 255)

	confirm = plain(
		req("title", limited(plainText, 100)),
		req("text", limited(anyText, 300)),
		req("confirm", limited(plainText, 30)),
		req("deny", limited(plainText, 30)),
		opt("style", style),
	)
	style       = choice("primary", "danger")
	placeholder = limited(plainText, 150)

	// menuOption stands in selects: plain text only.
	menuOption = plain(optionFields(plainText)...)
	// richOption stands in radio buttons and checkboxes, which also take mrkdwn.
	richOption = plain(optionFields(anyText)...)
	// linkOption stands in overflow menus, the only place that takes a url.
	linkOption = plain(append(optionFields(plainText), opt("url", formatted(formatLink, 3000)))...)

	optionGroup = plain(
		req("label", limited(plainText, 75)),
		req("options", list(1, 100, menuOption)),
	)
	dispatchConfig = plain(
		opt("trigger_actions_on", list(1, 2, choice("on_enter_pressed", "on_character_entered"))),
	)
	conversationFilter = plain(
		opt("include", list(1, 4, choice("im", "mpim", "private", "public"))),
		opt("exclude_external_shared_channels", flag),
		opt("exclude_bot_users", flag),
	)
	slackFile = plain(
		opt("id", matching(`^[F][A-Z0-9]{8,}$`)),
		opt("url", formatted(formatWeb, unbounded)),
	).exactlyOne("id", "url")
	workflow = plain(req("trigger", plain(
		req("url", formatted(formatWeb, unbounded)),
		opt("customizable_input_parameters", list(0, unbounded, plain(
			req("name", str(1, unbounded)),
			req("value", loose),
		))),
	)))
	userID    = matching(`^[UW][A-Z0-9]+$`)
	channelID = matching(`^[CG][A-Z0-9]+$`)
)

func optionFields(text *shape) []field {
	return []field{
		req("text", limited(text, 75)),
		req("value", str(1, 150)),
		opt("description", limited(text, 75)),
	}
}

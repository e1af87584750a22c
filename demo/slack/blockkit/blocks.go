package blockkit

// The layout blocks of https://docs.slack.dev/reference/block-kit/blocks that an app builds its screens from.
var (
	header = block("header",
		req("text", limited(plainText, 150)),
		opt("level", whole(1, 4)),
	)
	// section needs text or fields; that rule is in blockRules because Slack reports it apart.
	section = block("section",
		opt("text", limited(anyText, 3000)),
		opt("fields", list(1, 10, limited(anyText, 2000))),
		opt("accessory", oneOf(accessories...)),
		opt("expand", flag),
	)
	context = block("context", req("elements", list(1, 10, oneOf(
		imageElement, limitedText("plain_text", "emoji"), limitedText("mrkdwn", "verbatim"),
	))))
	actions = block("actions", req("elements", list(1, 25, oneOf(actionElements...))))
	divider = block("divider")
	image   = block("image",
		opt("image_url", formatted(formatWeb, 3000)),
		opt("slack_file", slackFile),
		req("alt_text", str(1, 2000)),
		opt("title", limited(plainText, 2000)),
	).exactlyOne("image_url", "slack_file")
	input      = inputBlock(inputElements...)
	modalInput = inputBlock(append([]*shape{fileInput}, inputElements...)...)

	pressable = []*shape{
		button, checkboxes, datepicker, timepicker, overflow, radioButtons, workflowButton,
	}
	accessories    = join(pressable, []*shape{imageElement}, selects)
	actionElements = join(pressable, []*shape{datetimepicker, richTextInput}, selects)
	// inputElements may stand in an input block everywhere; file_input joins them in modals.
	inputElements = join([]*shape{
		checkboxes, datepicker, timepicker, datetimepicker, radioButtons,
		emailInput, urlInput, numberInput, plainTextInput, richTextInput,
	}, selects)
)

func block(name string, fields ...field) *shape {
	return typed(name, append(fields, opt("block_id", blockID))...)
}

func inputBlock(elements ...*shape) *shape {
	return block("input",
		req("label", limited(plainText, 2000)),
		req("element", oneOf(elements...)),
		opt("hint", limited(plainText, 2000)),
		opt("optional", flag),
		opt("dispatch_action", flag),
	)
}

// limitedText is a text object with its limit inside, for places where the "type" already tells it from others.
func limitedText(name, option string) *shape {
	return typed(name, req("text", str(1, 3000)), opt(option, flag))
}

func join(lists ...[]*shape) []*shape {
	var all []*shape
	for _, shapes := range lists {
		all = append(all, shapes...)
	}
	return all
}

package blockkit

// The rich_text block of https://docs.slack.dev/reference/block-kit/blocks/rich-text-block. A list holds
// sections only: Slack has no nested lists, it indents.
var (
	richText = typed("rich_text", opt("block_id", blockID), req("elements", richParts))

	richParts   = list(0, unbounded, oneOf(richSection, richList, richPreformatted, richQuote))
	richSection = typed("rich_text_section", req("elements", richLeaves))
	richList    = typed("rich_text_list",
		req("style", choice("bullet", "ordered")),
		req("elements", list(1, unbounded, oneOf(richSection))),
		opt("indent", whole(0, 8)),
		opt("offset", whole(0, unbounded)),
		opt("border", whole(0, 1)),
	)
	richPreformatted = typed("rich_text_preformatted",
		req("elements", richLeaves),
		opt("border", whole(0, 1)),
		opt("language", str(1, unbounded)),
	)
	richQuote = typed("rich_text_quote", req("elements", richLeaves), opt("border", whole(0, 1)))

	richLeaves = list(0, unbounded, oneOf(
		leaf("text", req("text", str(1, unbounded))),
		leaf("link", req("url", formatted(formatLink, unbounded)), opt("text", str(0, unbounded)), opt("unsafe", flag)),
		leaf("user", req("user_id", userID)),
		leaf("usergroup", req("usergroup_id", matching(`^S[A-Z0-9]+$`))),
		leaf("team", req("team_id", matching(`^T[A-Z0-9]+$`))),
		leaf("channel", req("channel_id", channelID)),
		leaf("emoji", req("name", str(1, unbounded)), opt("skin_tone", whole(1, 6)), opt("unicode", str(1, unbounded))),
		leaf("broadcast", req("range", choice("here", "channel", "everyone"))),
		leaf("color", req("value", str(1, unbounded))),
		leaf("date",
			req("timestamp", whole(0, unbounded)), req("format", str(1, unbounded)),
			opt("url", formatted(formatLink, unbounded)), opt("fallback", str(0, unbounded))),
	))
	richStyle = plain(
		opt("bold", flag), opt("italic", flag), opt("strike", flag), opt("underline", flag), opt("code", flag),
		opt("highlight", flag), opt("client_highlight", flag), opt("unlink", flag),
	)
)

func leaf(name string, fields ...field) *shape {
	return typed(name, append(fields, opt("style", richStyle))...)
}

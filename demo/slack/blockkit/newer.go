package blockkit

// The blocks that came later or stand only in messages. Their places, required fields and limits are checked;
// the inside of charts is not.
var (
	alert = block("alert",
		req("text", limited(anyText, 3000)),
		opt("level", choice("default", "info", "warning", "error", "success")),
	)
	markdown = block("markdown", req("text", str(1, 12000)))
	video    = block("video",
		req("alt_text", str(1, 2000)),
		req("title", limited(plainText, 199)),
		req("thumbnail_url", formatted(formatWeb, 3000)),
		req("video_url", formatted(formatSecure, 3000)),
		opt("title_url", formatted(formatSecure, 3000)),
		opt("description", limited(plainText, 199)),
		opt("author_name", str(1, 49)),
		opt("provider_name", str(1, unbounded)),
		opt("provider_icon_url", formatted(formatWeb, 3000)),
	)
	table = block("table",
		req("rows", list(1, 100, list(1, 20, oneOf(rawText, rawNumber, richCell)))),
		opt("column_settings", list(0, 20, nullable(plain(
			opt("align", choice("left", "center", "right")),
			opt("is_wrapped", flag),
		)))),
	)
	dataTable = block("data_table",
		req("caption", str(1, unbounded)),
		req("rows", list(2, 101, list(1, 20, loose))),
		opt("page_size", whole(1, 100)),
		opt("row_header_column_index", whole(0, 19)),
	)
	rawText   = typed("raw_text", req("text", str(0, unbounded)))
	rawNumber = typed("raw_number", req("value", number), opt("text", str(1, unbounded)))
	richCell  = typed("rich_text", req("elements", richParts))

	contextActions = block("context_actions", req("elements", list(1, 5, oneOf(feedbackButtons, iconButton))))
	iconButton     = typed("icon_button",
		req("icon", choice("trash")),
		req("text", limited(plainText, 75)),
		opt("action_id", actionID),
		opt("value", str(1, 2000)),
		opt("confirm", confirm),
		opt("accessibility_label", str(1, 75)),
		opt("visible_to_user_ids", list(0, unbounded, userID)),
	)
	feedbackButtons = typed("feedback_buttons",
		req("positive_button", feedbackButton),
		req("negative_button", feedbackButton),
		opt("action_id", actionID),
	)
	feedbackButton = plain(
		req("text", limited(plainText, 75)),
		req("value", str(1, 2000)),
		opt("accessibility_label", str(1, 75)),
	)

	card = block("card",
		opt("hero_image", imageElement),
		opt("icon", imageElement),
		opt("slack_icon", plain(opt("type", choice("icon")), req("name", str(1, unbounded)))),
		opt("title", limited(anyText, 150)),
		opt("subtitle", limited(anyText, 150)),
		opt("body", limited(anyText, 200)),
		opt("subtext", limited(anyText, 200)),
		opt("actions", list(1, 25, oneOf(button))),
	)
	carousel = block("carousel", req("elements", list(1, 10, oneOf(card))))

	taskCard = block("task_card", taskFields()...)
	plan     = block("plan",
		req("title", str(1, unbounded)),
		opt("tasks", list(0, unbounded, plain(
			append(taskFields(), opt("type", choice("task_card")), opt("block_id", blockID))...,
		))),
	)
	dataVisualization = block("data_visualization", req("title", str(1, 50)), req("chart", loose))

	container = block("container",
		opt("title", limited(plainText, 150)),
		opt("rich_text_title", richText),
		opt("subtitle", limited(anyText, 150)),
		opt("icon", imageElement),
		opt("width", choice("narrow", "standard", "wide", "full")),
		opt("is_collapsible", flag),
		opt("default_collapsed", flag),
		opt("has_header_divider", flag),
		req("child_blocks", list(1, 10, oneOf(
			actions, context, divider, header, image, input, richText, section, table, video,
		))),
	)
)

func taskFields() []field {
	return []field{
		req("task_id", str(1, unbounded)),
		req("title", str(1, unbounded)),
		opt("status", choice("pending", "in_progress", "complete", "error")),
		opt("details", richText),
		opt("output", richText),
		opt("sources", list(0, unbounded, typed("url",
			req("url", formatted(formatWeb, unbounded)), req("text", str(1, unbounded)),
		))),
		opt("hide_title", flag),
	}
}

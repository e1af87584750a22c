package blockkit

// surface is where blocks are shown. It decides which blocks are taken.
type surface int

const (
	surfaceMessage surface = iota
	surfaceModal
	surfaceHome
	// surfaceUnknown is blocks without a place, as blocks.validate takes them.
	surfaceUnknown
)

// Blocks of the three surfaces. file is never sendable; card and carousel are listed for modals in Slack's
// documents and refused there in practice. Where two sources differ (container, table and data_table in Home
// tabs), the stricter one holds.
var (
	basicBlocks = []*shape{header, section, context, actions, divider, image, richText, video}
	inMessages  = join(basicBlocks, []*shape{
		input, markdown, table, dataTable, contextActions, card, carousel, plan, taskCard, dataVisualization, container,
	})
	inModals = join(basicBlocks, []*shape{modalInput, alert})
	inHome   = join(basicBlocks, []*shape{input, card, carousel})
	anywhere = join(basicBlocks, []*shape{
		modalInput, markdown, table, dataTable, contextActions, card, carousel, plan, taskCard, dataVisualization,
		container, alert,
	})

	messageBlocks = list(0, 50, oneOf(inMessages...))
	anyBlocks     = list(0, 100, oneOf(anywhere...))
)

// The views of https://docs.slack.dev/reference/views.
var (
	anyView = oneOf(modal, home)
	modal   = typed("modal", append([]field{req("title", limited(plainText, 24))}, view(inModals,
		opt("submit", limited(plainText, 24)),
		opt("close", limited(plainText, 24)),
		opt("clear_on_close", flag),
		opt("notify_on_close", flag),
	)...)...)
	home = typed("home", view(inHome)...)
)

// view puts the blocks before what else a view holds, the order in which Slack reports.
func view(blocks []*shape, fields ...field) []field {
	return append([]field{
		req("blocks", list(0, 100, oneOf(blocks...))),
		opt("private_metadata", str(0, 3000)),
		opt("callback_id", str(0, 255)),
		opt("external_id", str(0, 255)),
	}, fields...)
}

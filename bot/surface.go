package bot

// SurfaceKind is where in Slack something happened.
type SurfaceKind string

// The kinds of surface. They are also the kinds of delivery in the log.
const (
	SurfaceCommand    SurfaceKind = "command"
	SurfaceAction     SurfaceKind = "action"
	SurfaceSubmission SurfaceKind = "submission"
	SurfaceClosed     SurfaceKind = "closed"
	SurfaceSuggestion SurfaceKind = "suggestion"
	SurfaceShortcut   SurfaceKind = "shortcut"
	SurfaceEvent      SurfaceKind = "event"
)

// Surface is where an error happened, for the function that puts it into words.
type Surface struct {
	Kind SurfaceKind
	// Name is the command, action ID, callback ID or event type.
	Name string
	// Reference is what the log line of this error carries; tell it with a neutral sentence.
	Reference string

	ChannelID   string
	MessageTS   string
	ResponseURL string
	TriggerID   string
	ViewID      string

	words *string
}

// Say tells the person who acted, privately and in the way that fits the surface: the answer of a
// command, an inline error of a modal, an ephemeral message or a direct message. It is delivered when
// the error function returns. The text is Slack's mrkdwn, except in modals, where it is plain; escape
// what people typed.
func (s Surface) Say(text string) {
	if s.words != nil {
		*s.words = text
	}
}

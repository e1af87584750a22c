package bot

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

// Options of a Router. The zero value of each field means its default.
type Options struct {
	// Concurrency is how many deliveries are handled at once; 64 by default.
	Concurrency int
	// AckAfter is when a delivery whose handler is still at work is acknowledged anyway; 2.5 s by
	// default. Slack gives up after 3 s.
	AckAfter time.Duration
	// HandlerDeadline is when a handler's context ends; 30 s by default.
	HandlerDeadline time.Duration
}

// Router sends each delivery to the function registered for it. Registering twice panics, because
// it happens while wiring. Register everything before Run.
type Router struct {
	log     *slog.Logger
	options Options
	slots   chan struct{}

	commands    map[string]CommandHandler
	actions     map[string]ActionHandler
	submissions map[string]SubmissionHandler
	closed      map[string]ClosedHandler
	suggestions map[string]SuggestionHandler
	shortcuts   map[string]ShortcutHandler
	events      map[string]EventHandler

	seen     func(ctx context.Context, eventID string) (bool, error)
	handled  func(ctx context.Context, eventID string) error
	expected func(err error) bool
	onError  func(ctx context.Context, by Person, where Surface, err error)
}

// NewRouter returns a router with nothing registered.
func NewRouter(log *slog.Logger, options Options) *Router {
	options = withDefaults(options)
	return &Router{
		log: log, options: options, slots: make(chan struct{}, options.Concurrency),
		commands:    map[string]CommandHandler{},
		actions:     map[string]ActionHandler{},
		submissions: map[string]SubmissionHandler{},
		closed:      map[string]ClosedHandler{},
		suggestions: map[string]SuggestionHandler{},
		shortcuts:   map[string]ShortcutHandler{},
		events:      map[string]EventHandler{},
		seen:        func(context.Context, string) (bool, error) { return false, nil },
		handled:     func(context.Context, string) error { return nil },
		expected:    func(error) bool { return false },
		onError:     neutral,
	}
}

func withDefaults(options Options) Options {
	if options.Concurrency == 0 {
		options.Concurrency = 64
	}
	if options.AckAfter == 0 {
		options.AckAfter = 2500 * time.Millisecond
	}
	if options.HandlerDeadline == 0 {
		options.HandlerDeadline = 30 * time.Second
	}
	return options
}

// Command registers the function for a slash command, such as "/access".
func (r *Router) Command(name string, handle CommandHandler) {
	register(r.commands, SurfaceCommand, name, handle)
}

// Action registers the function for the element with this action_id, exactly.
func (r *Router) Action(actionID string, handle ActionHandler) {
	register(r.actions, SurfaceAction, actionID, handle)
}

// Submission registers the function for the modal with this callback_id.
func (r *Router) Submission(callbackID string, handle SubmissionHandler) {
	register(r.submissions, SurfaceSubmission, callbackID, handle)
}

// Closed registers the function for a modal that asked for notify_on_close and was closed.
func (r *Router) Closed(callbackID string, handle ClosedHandler) {
	register(r.closed, SurfaceClosed, callbackID, handle)
}

// Suggestion registers the function that offers options for an external select.
func (r *Router) Suggestion(actionID string, handle SuggestionHandler) {
	register(r.suggestions, SurfaceSuggestion, actionID, handle)
}

// Shortcut registers the function for a global or message shortcut.
func (r *Router) Shortcut(callbackID string, handle ShortcutHandler) {
	register(r.shortcuts, SurfaceShortcut, callbackID, handle)
}

// Event registers the function for an event type of the Events API, such as "app_home_opened".
func (r *Router) Event(eventType string, handle EventHandler) {
	register(r.events, SurfaceEvent, eventType, handle)
}

// Seen sets the function that reports whether an event was handled before. It only asks: an event counts as
// handled when Handled noted it, after its handler succeeded. An event that failed, or was being handled
// when the process died, is then handled when Slack sends it again, one and five minutes later; two
// copies at the same moment may both be handled.
func (r *Router) Seen(seen func(ctx context.Context, eventID string) (bool, error)) { r.seen = seen }

// Handled sets the function that notes an event as handled. Notes are needed for two hours at most.
func (r *Router) Handled(handled func(ctx context.Context, eventID string) error) {
	r.handled = handled
}

// Expected sets the function that knows the errors which are an answer to a person rather than a
// fault. They are logged as refused, at the level of information.
func (r *Router) Expected(expected func(err error) bool) { r.expected = expected }

// OnError sets the one function that turns an error into words for the person who acted, with
// Surface.Say. If it says nothing, a command or modal still gets the neutral sentence.
func (r *Router) OnError(tell func(ctx context.Context, by Person, where Surface, err error)) {
	r.onError = tell
}

func register[H any](handlers map[string]H, kind SurfaceKind, name string, handle H) {
	if name == "" {
		panic(fmt.Sprintf("bot: a %s needs a name", kind))
	}
	if _, twice := handlers[name]; twice {
		panic(fmt.Sprintf("bot: %s %q is registered twice", kind, name))
	}
	handlers[name] = handle
}

func neutral(_ context.Context, _ Person, where Surface, _ error) {
	where.Say(neutralSentence(where.Reference))
}

func neutralSentence(reference string) string {
	return "Something went wrong and it was not your doing. Please try again; if it stays, give your " +
		"administrators the reference " + reference + "."
}

package bot

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

// maxInline is the longest error shown below an input; a longer one gets a view of its own.
const maxInline = 300

// ack is the answer to a view_submission on the wire.
type ack struct {
	action string
	view   *slack.ModalViewRequest
	errors map[string]string
}

func (a ack) payload() any {
	return slack.ViewSubmissionResponse{
		ResponseAction: slack.ViewResponseAction(a.action), View: a.view, Errors: a.errors,
	}
}

// submissionReply puts the answer into the acknowledgement. When that has gone already the modal shows
// "working" and is changed by views.update instead, which is also the way for views too large for
// an acknowledgement.
func submissionReply(view slack.View, answer ViewAnswer) reply {
	switch {
	case len(answer.Errors) > 0:
		return reply{
			payload: ack{action: "errors", errors: known(view, answer.Errors)}.payload(),
			follow:  show(view, problem(view, joined(answer.Errors))),
		}
	case answer.Update != nil:
		return viewReply(view, "update", answer.Update)
	case answer.Push != nil:
		return viewReply(view, "push", answer.Push)
	case answer.Clear:
		return reply{payload: ack{action: "clear"}.payload(), follow: show(view, done(view))}
	}
	return reply{follow: show(view, done(view))}
}

func viewReply(view slack.View, action string, next *slack.ModalViewRequest) reply {
	return reply{
		payload: ack{action: action, view: next}.payload(),
		instead: ack{action: "update", view: working(view)}.payload(),
		follow:  show(view, next),
	}
}

func show(view slack.View, next *slack.ModalViewRequest) func(context.Context, door) error {
	return func(ctx context.Context, slackSide door) error {
		_, err := slackSide.UpdateView(ctx, view.ID, "", *next)
		return err
	}
}

// failure is how a modal shows an error: at the last input, above the button that was pressed, so that
// what was entered stays; or as a view where there is no input or the text is long.
func failure(view slack.View, text string) ViewAnswer {
	inputs := inputBlocks(view)
	if len(inputs) == 0 || utf8.RuneCountInString(text) > maxInline {
		return ViewAnswer{Update: problem(view, text)}
	}
	return ViewAnswer{Errors: map[string]string{inputs[len(inputs)-1]: text}}
}

// known moves errors whose block is not an input of the view to the last input: Slack shows a
// connection error for a key that it does not know.
func known(view slack.View, errors map[string]string) map[string]string {
	inputs := inputBlocks(view)
	if len(inputs) == 0 {
		return errors
	}
	last := inputs[len(inputs)-1]
	shown := make(map[string]string, len(errors))
	for _, block := range sortedKeys(errors) {
		target := block
		if !slices.Contains(inputs, block) {
			target = last
		}
		shown[target] = strings.TrimSpace(shown[target] + " " + errors[block])
	}
	return shown
}

func inputBlocks(view slack.View) []string {
	var ids []string
	for _, block := range view.Blocks.BlockSet {
		if input, ok := block.(*slack.InputBlock); ok && input.BlockID != "" {
			ids = append(ids, input.BlockID)
		}
	}
	return ids
}

func joined(errors map[string]string) string {
	lines := make([]string, 0, len(errors))
	for _, block := range sortedKeys(errors) {
		lines = append(lines, errors[block])
	}
	return strings.Join(lines, "\n")
}

func sortedKeys(values map[string]string) []string {
	keys := make([]string, 0, len(values))
	for key := range values {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func working(view slack.View) *slack.ModalViewRequest {
	return notice(view, "Working on it. This window will say when it is done.")
}

func done(view slack.View) *slack.ModalViewRequest {
	return notice(view, "Done. You can close this window.")
}

func problem(view slack.View, text string) *slack.ModalViewRequest {
	return notice(view, text)
}

// notice is a modal with one plain sentence under the title of the view it replaces.
func notice(view slack.View, text string) *slack.ModalViewRequest {
	title := "Usher"
	if view.Title != nil {
		title = cmp.Or(view.Title.Text, title)
	}
	return &slack.ModalViewRequest{
		Type:  slack.VTModal,
		Title: slack.NewTextBlockObject(slack.PlainTextType, title, true, false),
		Close: slack.NewTextBlockObject(slack.PlainTextType, "Close", true, false),
		Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewSectionBlock(
			slack.NewTextBlockObject(slack.PlainTextType, clip(text, 3000), false, false), nil, nil,
		)}},
	}
}

// clip shortens the text to at most limit runes.
func clip(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return string([]rune(text)[:limit-1]) + "…"
}

package scripts

import (
	"errors"
	"fmt"
	"strings"
)

// The styles of buttons.
const (
	Green = "green"
	Red   = "red"
	Plain = "plain"
)

// mostButtons is how many buttons an approval may have: one message shows them in a row.
const mostButtons = 5

// Button is one answer to an approval script. A red one means no: the script is refused with it.
type Button struct {
	Text, Style, Value string
}

// ReadButtons reads the argument buttons; absent is Approve and Deny. A value that is left out is the text in lower case.
func ReadButtons(value any) ([]Button, error) {
	if value == nil {
		return []Button{{"Approve", Green, "approve"}, {"Deny", Red, "deny"}}, nil
	}
	items, isList := value.([]any)
	if !isList || len(items) == 0 || len(items) > mostButtons {
		return nil, fmt.Errorf("must be a list of 1 to %d buttons, each {text, style, value}", mostButtons)
	}
	buttons := make([]Button, 0, len(items))
	for n, item := range items {
		button, err := readButton(item)
		if err != nil {
			return nil, fmt.Errorf("button %d %w", n+1, err)
		}
		for _, other := range buttons {
			if other.Value == button.Value {
				return nil, fmt.Errorf("button %d answers %q, as another one does", n+1, button.Value)
			}
		}
		buttons = append(buttons, button)
	}
	return buttons, nil
}

func readButton(item any) (Button, error) {
	written, isMap := item.(map[string]any)
	if !isMap {
		return Button{}, errors.New("must be a map of text, style and value")
	}
	b := Button{Style: Plain}
	for key, value := range written {
		text, isText := value.(string)
		if !isText {
			return b, fmt.Errorf("has a %s that is not a text", key)
		}
		switch key {
		case "text":
			b.Text = strings.TrimSpace(text)
		case "style":
			b.Style = text
		case "value":
			b.Value = text
		default:
			return b, fmt.Errorf("has no key %q; known are text, style, value", key)
		}
	}
	switch {
	case b.Text == "" || len([]rune(b.Text)) > 75:
		return b, errors.New("needs a text of at most 75 characters")
	case b.Style != Green && b.Style != Red && b.Style != Plain:
		return b, fmt.Errorf("has the style %q; known are green, red, plain", b.Style)
	}
	if b.Value == "" {
		b.Value = strings.ToLower(b.Text)
	}
	return b, nil
}

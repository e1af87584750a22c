package slack

import "strings"

// text is all that a person can read in the blocks, a line for each piece.
func (bs blocks) text() string {
	var lines []string
	for _, b := range bs {
		lines = append(lines, readable(b)...)
	}
	return strings.Join(lines, "\n")
}

// readableKeys are the fields of Block Kit that hold something to read, in the order in which it is shown.
var readableKeys = []string{"title", "label", "text", "fields", "elements", "accessory", "element", "hint", "placeholder"}

// readable collects the texts of a block or an element.
func readable(o object) []string {
	if text, ok := o["text"].(string); ok {
		return []string{text}
	}
	var lines []string
	for _, key := range readableKeys {
		if inner := obj(o, key); inner != nil {
			lines = append(lines, readable(inner)...)
		}
		for _, inner := range list(o, key) {
			lines = append(lines, readable(inner)...)
		}
	}
	if kind := str(o, "type"); kind == "markdown" {
		lines = append(lines, str(o, "text"))
	}
	return lines
}

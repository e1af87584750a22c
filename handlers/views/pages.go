package views

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/slack-go/slack"
)

// What of a list one page of a modal shows.
const (
	pageText  = 9000 // UTF-16 units
	pageLines = 60
)

// ListAt is which page of what is open in a modal, as it stands in its metadata.
type ListAt struct {
	Of   string `json:"of"` // the id or slug of what is listed
	Page int    `json:"p,omitempty"`
}

// ReadListAt reads what stands in a modal's metadata. What can't be read is of nothing.
func ReadListAt(text string) ListAt {
	var at ListAt
	if err := json.Unmarshal([]byte(text), &at); err != nil {
		return ListAt{}
	}
	return at
}

// listing is a list that is shown in a modal, a page at a time.
type listing struct {
	heading       string
	above         []slack.Block
	lines         []string
	of            string // the id of what is listed
	page          int    // from 0; the last one stands for what is behind it
	before, after string // the actions that turn the pages
}

// pagesOf is the modal with one page of a list.
func pagesOf(list listing) (slack.ModalViewRequest, error) {
	pages := [][]string{nil}
	filled := 0
	for _, line := range list.lines {
		last := len(pages) - 1
		if filled += size(line) + 1; filled > pageText || len(pages[last]) == pageLines {
			pages = append(pages, nil)
			last, filled = last+1, size(line)+1
		}
		pages[last] = append(pages[last], line)
	}
	page := max(0, min(list.page, len(pages)-1))
	modal, err := listForm(list.heading, ListAt{Of: list.of, Page: page})
	modal = with(modal, list.above...)
	if len(pages[page]) > 0 {
		modal = with(modal, sections(pages[page], 20)...)
	}
	return with(modal, turning(list.before, list.after, page, len(pages))...), err
}

// listForm is an empty modal that shows a page of a list.
func listForm(heading string, at ListAt) (slack.ModalViewRequest, error) {
	metadata, err := json.Marshal(at)
	if err != nil {
		return slack.ModalViewRequest{}, fmt.Errorf("write where the list is open: %w", err)
	}
	return form(heading, "", CallbackMessage, string(metadata)), nil
}

// turning are the buttons that turn the pages of a list, and which page is shown; nothing where there is but one.
func turning(before, after string, page, pages int) []slack.Block {
	if pages < 2 {
		return nil
	}
	var turn []*slack.ButtonBlockElement
	if page > 0 {
		turn = append(turn, button(before, strconv.Itoa(page-1), "Previous", "Previous page"))
	}
	if page+1 < pages {
		turn = append(turn, button(after, strconv.Itoa(page+1), "Next", "Next page"))
	}
	return []slack.Block{actions(turn...), footnote(fmt.Sprintf("Page %d of %d", page+1, pages))}
}

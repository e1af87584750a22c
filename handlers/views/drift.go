package views

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// ActionDriftShow opens the list of what a directory says and what is not so; its value is the directory's slug. The others turn
// its pages: the value is the page, from 0.
const (
	ActionDriftShow   = "drift_show"
	ActionDriftBefore = "drift_before"
	ActionDriftAfter  = "drift_after"
)

// DriftPage is a page of what a directory says and what is not so.
type DriftPage struct {
	Directory          db.Directory
	Rows               []db.Drift
	Page, Pages, Total int // Page counts from 0
}

// DriftAt is which page of whose list is open, as it stands in the modal's metadata.
type DriftAt struct {
	Slug string `json:"d"`
	Page int    `json:"p,omitempty"`
}

// ReadDriftAt reads what stands in a modal's metadata. What can't be read is no directory.
func ReadDriftAt(text string) DriftAt {
	var at DriftAt
	if err := json.Unmarshal([]byte(text), &at); err != nil {
		return DriftAt{}
	}
	return at
}

// DriftModal lists what a directory says and what is not so, the oldest first.
func DriftModal(page DriftPage) (slack.ModalViewRequest, error) {
	at, err := json.Marshal(DriftAt{Slug: page.Directory.Slug, Page: page.Page})
	if err != nil {
		return slack.ModalViewRequest{}, fmt.Errorf("write where the list is open: %w", err)
	}
	modal := form("Differences", "", CallbackMessage, string(at))
	if page.Total == 0 {
		return with(modal, section("What "+escape(page.Directory.Name, 80)+" says is so. Nothing differs.")), nil
	}
	modal = with(modal, section(counted("What "+escape(page.Directory.Name, 80)+" says and what is not so", page.Total)))
	for _, row := range page.Rows {
		modal = with(modal, section(sentence(escape(row.Words, 500))+"\nSince "+on(row.Since)+" · "+escape(strings.ReplaceAll(row.Kind, "_", " "), 40)))
	}
	var turn []*slack.ButtonBlockElement
	if page.Page > 0 {
		turn = append(turn, button(ActionDriftBefore, strconv.Itoa(page.Page-1), "Previous", "Previous page"))
	}
	if page.Page+1 < page.Pages {
		turn = append(turn, button(ActionDriftAfter, strconv.Itoa(page.Page+1), "Next", "Next page"))
	}
	if len(turn) > 0 {
		modal = with(modal, actions(turn...))
	}
	return with(modal, footnote(fmt.Sprintf("Page %d of %d. A difference is gone when the directory writes what is so, or what it wrote is made so.", page.Page+1, page.Pages))), nil
}

// directoryFew is how many directories the state of the system shows.
const directoryFew = 6

// directoryBlocks are the directories with how each does, and the way to what differs; nothing where there is none. A message
// has no buttons for it.
func directoryBlocks(data HomeData) []slack.Block {
	all := data.System.Directories
	if len(all) == 0 {
		return nil
	}
	blocks := []slack.Block{section(counted("Directories", len(all)))}
	for n, one := range all {
		if n == directoryFew {
			return append(blocks, footnote(fmt.Sprintf("… and %d more", len(all)-n)))
		}
		row := section(directoryLine(one))
		if one.Drifts > 0 && data.Me != "" {
			row.Accessory = slack.NewAccessory(button(ActionDriftShow, one.Slug, "Differences", "Show the differences of "+one.Name))
		}
		blocks = append(blocks, row)
	}
	return blocks
}

// directoryLine says how a directory does.
func directoryLine(state db.DirectoryState) string {
	text := "*" + escape(state.Name, 80) + "*: has never written"
	if !state.WroteAt.IsZero() {
		text = "*" + escape(state.Name, 80) + "*: wrote last " + on(state.WroteAt)
	}
	if state.Waiting > 0 {
		text += " · " + plural(state.Waiting, "change waits", "changes wait") + " for a decision"
	}
	if state.Drifts > 0 {
		text += " · " + plural(state.Drifts, "difference", "differences")
	}
	if state.Stop != nil {
		text = "⚠ " + text + " · *stopped* since " + on(state.Stop.CreatedAt)
	}
	if !blank(state.PollError) {
		text = "⚠ " + text + " · " + sentence(escape(state.PollError, 200))
	}
	return text
}

package views

import (
	"fmt"

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

// DriftModal lists what a directory says and what is not so, the oldest first.
func DriftModal(page DriftPage) (slack.ModalViewRequest, error) {
	modal, err := listForm("Differences", ListAt{Of: page.Directory.Slug, Page: page.Page})
	if err != nil || page.Total == 0 {
		return with(modal, section("What "+escape(page.Directory.Name, 80)+" says is so. Nothing differs.")), err
	}
	modal = with(modal, section(counted("What "+escape(page.Directory.Name, 80)+" says and what is not so", page.Total)))
	for _, row := range page.Rows {
		modal = with(modal, section(sentence(escape(row.Words, 500))+"\nSince "+on(row.Since)))
	}
	modal = with(modal, turning(ActionDriftBefore, ActionDriftAfter, page.Page, page.Pages)...)
	return with(modal, footnote("A difference is gone when the directory writes what is so, or what it wrote is made so.")), nil
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

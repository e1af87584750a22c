package views

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/slack-go/slack"
)

// Rows are some rows of a list, from the present page on, and how many the list has.
type Rows[T any] struct {
	Rows  []T
	Total int
}

// All are the rows of a list of which none is left out.
func All[T any](rows []T) Rows[T] { return Rows[T]{Rows: rows, Total: len(rows)} }

func (r Rows[T]) first(most int) Rows[T] {
	r.Rows = r.Rows[:min(len(r.Rows), most)]
	return r
}

// HomeState is which section of Home is open, and its page, from 0. No section is the overview.
type HomeState struct {
	Section string `json:"section,omitempty"`
	Page    int    `json:"page,omitempty"`
}

// Clamp keeps the page within a list: its rows may have become fewer since it was opened.
func (s HomeState) Clamp(total int) HomeState {
	s.Page = max(0, min(s.Page, (total-1)/HomePage))
	return s
}

// Text is the state as it stands in a Home's metadata and in its row.
func (s HomeState) Text() string {
	text, err := json.Marshal(s)
	if err != nil {
		return "" // a text and a number can always be written
	}
	return string(text)
}

// ReadHomeState reads what Text wrote. What can't be read is the overview.
func ReadHomeState(text string) HomeState {
	var state HomeState
	if err := json.Unmarshal([]byte(text), &state); err != nil || state.Page < 0 {
		return HomeState{}
	}
	return state
}

// openSection is a page of the section that is open, or nil for the overview and for what the person may not see.
func openSection(data HomeData, now time.Time) []slack.Block {
	switch data.State.Section {
	case HomeWaiting:
		return onePage(data.State, "Waiting on me", data.Waiting.Total, nothingWaits, waitingBlocks(data))
	case HomeAccess:
		return onePage(data.State, "My access", data.Grants.Total, holdsNothing, accessBlocks(data, false, now))
	case HomeRequests:
		return onePage(data.State, "My requests", data.Requests.Total, askedNothing, requestBlocks(data, false))
	case HomeAway:
		return openedAway(data, now)
	}
	return openedSystem(data, now)
}

// onePage is a page of a section with the way to its other pages and back.
func onePage(state HomeState, heading string, total int, empty string, rows []slack.Block) []slack.Block {
	blocks := []slack.Block{actions(backButton()), header(heading)}
	if total == 0 {
		return append(blocks, section(empty))
	}
	first := state.Page*HomePage + 1
	if total > HomePage {
		blocks = append(blocks, footnote(fmt.Sprintf("%d to %d of %d", first, min(first+HomePage-1, total), total)))
	}
	blocks = append(blocks, rows...)
	if turn := turnPages(state, total); len(turn) > 0 {
		blocks = append(blocks, actions(append(turn, backButton())...)) // a page is longer than a screen
	}
	return blocks
}

func turnPages(state HomeState, total int) []*slack.ButtonBlockElement {
	var turn []*slack.ButtonBlockElement
	if state.Page > 0 {
		turn = append(turn, button(ActionHomeBefore, strconv.Itoa(state.Page-1), "Previous", "Previous page"))
	}
	if (state.Page+1)*HomePage < total {
		turn = append(turn, button(ActionHomeAfter, strconv.Itoa(state.Page+1), "Next", "Next page"))
	}
	return turn
}

func backButton() *slack.ButtonBlockElement {
	return button(ActionHomeBack, "", "Back to the overview", "")
}

package views

import (
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// HomeFew is how many rows of a section stand on Home, and HomePage how many on a page of the section when it is open:
// Home has at most 100 blocks, and a row has at most three.
const (
	HomeFew  = 5
	HomePage = 15
)

// HomeData is what one person's App Home, /access mine and /access approvals show.
type HomeData struct {
	Me       string // the person's id
	State    HomeState
	Waiting  Rows[Waiting]     // open steps on which the person may decide and has not, questions, work by hand, reviews
	Grants   Rows[db.Grant]    // held and not ended, with Entitlement and Provider
	Requests Rows[db.Sheet]    // made by the person: those that wait first, then the newest
	Away     *Away             // nil for those who can't decide anything
	Factor   *Factor           // the same
	Links    map[string]string // request id to the permalink of its card, as far as known
	Manages  bool              // the person sees something of the administration
	System   *System           // for admins and auditors only
}

// Home is a person's App Home: the overview, or the section that is open.
func Home(data HomeData, now time.Time) slack.HomeTabViewRequest {
	blocks := overview(data, now)
	if open := openSection(data, now); open != nil {
		blocks = open
	}
	return slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: blocks}, PrivateMetadata: data.State.Text()}
}

// overview shows the first rows of each section: what needs the person before what he has.
func overview(data HomeData, now time.Time) []slack.Block {
	top := []*slack.ButtonBlockElement{requestButton()}
	if data.Manages {
		top = append(top, manageButton())
	}
	blocks := append([]slack.Block{header("Access")}, lead(data, now)...)
	blocks = append(append(blocks, actions(top...)), awayNow(data.Away, now)...)
	blocks = append(blocks, few(HomeWaiting, "Waiting on me", data.Waiting.Total, nothingWaits, waitingBlocks(data))...)
	ill := data.System != nil && data.System.ill()
	if ill { // next to what needs the person himself
		blocks = append(blocks, systemOverview(data, now)...)
	}
	blocks = append(blocks, few(HomeAccess, "My access", data.Grants.Total, holdsNothing, accessBlocks(data, false, now))...)
	blocks = append(blocks, few(HomeRequests, "My requests", data.Requests.Total, askedNothing, requestBlocks(data, false))...)
	blocks = append(append(blocks, awayBlocks(data, now)...), factorBlocks(data.Factor, now)...)
	if data.System != nil && !ill {
		blocks = append(blocks, systemOverview(data, now)...)
	}
	return blocks
}

// What stands in place of a list that is empty.
const (
	nothingWaits = "Nothing waits for your decision."
	holdsNothing = "You hold no access through Usher."
	askedNothing = "You have asked for nothing yet."
)

// lead says in one line how things stand, or to somebody new what there is.
func lead(data HomeData, now time.Time) []slack.Block {
	if data.Waiting.Total+data.Grants.Total+data.Requests.Total == 0 {
		return []slack.Block{section("Press *Request access* to ask for access, for yourself or for a colleague. The form finds what there is and says who decides.")}
	}
	var parts []string
	if n := data.Waiting.Total; n > 0 {
		parts = append(parts, "*"+plural(n, "thing waits for you", "things wait for you")+"*")
	}
	if n := data.Grants.Total; n > 0 {
		parts = append(parts, "you hold "+plural(n, "entitlement", "entitlements")+firstEnd(data.Grants, now))
	}
	if len(parts) == 0 {
		return nil
	}
	return []slack.Block{footnote(strings.Join(parts, " · "))}
}

// firstEnd says when the next access ends; grants are sorted by that.
func firstEnd(grants Rows[db.Grant], now time.Time) string {
	if len(grants.Rows) == 0 || grants.Rows[0].Status != db.Active || !grants.Rows[0].ExpiresAt.After(now) {
		return ""
	}
	if grants.Total == 1 {
		return ", which ends " + on(grants.Rows[0].ExpiresAt)
	}
	return ", the next ends " + on(grants.Rows[0].ExpiresAt)
}

// few is a section of the overview: its heading, its first rows and the way to the others.
func few(name, heading string, total int, empty string, rows []slack.Block) []slack.Block {
	blocks := []slack.Block{slack.NewDividerBlock()}
	if total == 0 {
		return append(blocks, section("*"+heading+"*", empty))
	}
	blocks = append(append(blocks, section(counted(heading, total))), rows...)
	if total > HomeFew {
		blocks = append(blocks, showAll(name, total, heading))
	}
	return blocks
}

func showAll(name string, total int, heading string) slack.Block {
	return actions(button(ActionHomeOpen, name, fmt.Sprintf("Show all (%d)", total), fmt.Sprintf("Show all %d: %s", total, heading)))
}

func counted(heading string, total int) string { return fmt.Sprintf("*%s* · %d", heading, total) }

func manageButton() *slack.ButtonBlockElement {
	return button(ActionAdminStart, "", "Administration", "Open the administration")
}

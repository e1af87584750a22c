package views

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/usherhq/usher/db"
)

// MaxPicks is how many entitlements one request may ask for.
const MaxPicks = 5

// metadataVersion is written into every request modal. A modal of another version is refused, because its person has
// had it open since before an upgrade.
const metadataVersion = 1

// maxID is the longest id of a row that a form carries, in bytes: five of them have to fit into the metadata.
const maxID = 60

// RequestForm is the state of the request modal: what the person has filled in, and what the views need to draw it.
type RequestForm struct {
	Picks   []Pick    // 1 to MaxPicks, in the order shown
	Subject string    // Slack id of whom it is for; empty is oneself
	Start   time.Time // zero is at once
	Reason  string    // as typed

	Emergency bool          // the emergency path is ticked
	Choices   []db.Duration // offered before an entitlement is chosen; empty is a common list
	Channel   string        // where the person asked, for private answers; kept in the metadata
}

// Pick is one entitlement of a request form.
type Pick struct {
	Number        int         // 1 to MaxPicks; part of the block ids, so that the others keep their input when one is removed
	EntitlementID string      // empty until chosen
	Duration      db.Duration // zero until chosen
	Applies       *Applies    // what applies to the choice; nil until chosen. It is looked up for each drawing, not kept
}

// Applies is what a person should know of an entitlement before asking for it.
type Applies struct {
	Entitlement db.Entitlement // with Provider
	Deciders    []Decider      // in order; empty is approved by rule
	Rule        string         // the condition that chose the chain; empty is the default
	Plan        []string       // what will be run, one sentence a script
	HeldUntil   time.Time      // set when the person holds it: this asks for more time
	Refusal     string         // why the person may not ask for it; empty when he may

	Ruled     string        // name of the approval rule that approves at once
	Denied    string        // why an approval rule denies at once
	Conflicts []db.Conflict // separations of duties, on which a further step decides
	Emergency *db.Emergency // the emergency path that the person may take
}

// Decider is one approval step as it would be opened.
type Decider struct {
	Spec    db.Step
	Need    int
	People  []db.Person // who was found
	Hops    []db.Hop    // how far the search went beyond whom the step names
	Skipped string      // why it would be passed over
}

// NewRequestForm is an empty form with one pick.
func NewRequestForm() RequestForm { return RequestForm{Picks: []Pick{{Number: 1}}} }

// EntitlementBlock is the block id of the pick's Access field, which inline errors name.
func (p Pick) EntitlementBlock() string { return p.id(ActionRequestEntitlement) }

// DurationBlock is the block id of the pick's Duration field. It holds the entitlement's id, so that another choice
// starts with its own default and Slack does not keep what was chosen before.
func (p Pick) DurationBlock() string {
	if p.EntitlementID == "" {
		return p.id(ActionRequestDuration)
	}
	return p.id(ActionRequestDuration) + ":" + p.EntitlementID
}

func (p Pick) id(action string) string {
	if p.Number <= 1 {
		return action
	}
	return action + "_" + strconv.Itoa(p.Number)
}

// Add is the form with one more pick, or the same form when it is full.
func (f RequestForm) Add() RequestForm {
	for number := 1; number <= MaxPicks && len(f.Picks) < MaxPicks; number++ {
		if !slices.ContainsFunc(f.Picks, func(p Pick) bool { return p.Number == number }) {
			f.Picks = append(slices.Clone(f.Picks), Pick{Number: number})
			break
		}
	}
	return f
}

// Remove is the form without the pick of the number, which is a Remove button's value. The last pick stays.
func (f RequestForm) Remove(number string) RequestForm {
	kept := slices.DeleteFunc(slices.Clone(f.Picks), func(p Pick) bool { return strconv.Itoa(p.Number) == number })
	if len(kept) > 0 {
		f.Picks = kept
	}
	return f
}

// metadata is what the modal carries besides its fields.
type metadata struct {
	Version int            `json:"v"`
	Picks   []pickMetadata `json:"picks"`
	Choices []db.Duration  `json:"choices,omitempty"`
	Channel string         `json:"channel,omitempty"`
}

type pickMetadata struct {
	Number        int    `json:"n"`
	EntitlementID string `json:"e,omitempty"`
}

func (f RequestForm) metadata() string {
	kept := metadata{Version: metadataVersion, Channel: clip(f.Channel, 40)}
	kept.Choices = f.Choices[:min(len(f.Choices), 20)]
	for _, pick := range f.Picks {
		kept.Picks = append(kept.Picks, pickMetadata{Number: pick.Number, EntitlementID: pick.EntitlementID})
	}
	text, err := json.Marshal(kept)
	if err != nil {
		panic(fmt.Sprintf("views: form metadata cannot be written: %v", err)) // all its fields are texts and numbers
	}
	return string(text)
}

package flows

import (
	"context"
	"time"

	"github.com/usherhq/usher/db"
)

// Explanation says why a request stands as it stands, found by the rules that decide.
type Explanation struct {
	Sheet db.Sheet
	Items []ExplainedItem
}

// ExplainedItem is one item of the request. Texts are whole sentences, in which what people wrote is not escaped.
type ExplainedItem struct {
	Item   db.SheetItem
	Why    string // which chain or rule decides, and by which condition
	Steps  []ExplainedStep
	Next   string    // what comes next
	Will   []string  // what will be run behind the last approval
	Lapses time.Time // when it ends by itself; zero when it is decided
	Not    string    // why the person who asks can't decide now; empty when he can
}

// ExplainedStep is one approval step. People are those who can decide now, or would be asked were it the step's turn.
type ExplainedStep struct {
	Step   db.SheetStep
	Stands string // how it stands: skipped because, approved by whom, open since when, later
	People []Decider
	Barred []Decider // whom the step names and who can't decide
	Hops   []db.Hop  // how far the search for approvers went
}

// Decider is somebody who can decide on a step, or can't, and why.
type Decider struct {
	Person db.Person
	Source string     // as in the chain: manager, owner, "@usergroup", …
	For    *db.Person // in whose place a delegate stands
	Why    string     // a sentence
}

// Explain says why a request stands as it stands: which chain and rule, what became of each step, who can decide now
// and why, what comes next, and why the person who asks can't decide. Whoever may see the request may ask.
func (f *Flows) Explain(ctx context.Context, requestID, personID string) (Explanation, error) {
	sheet, err := f.SheetFor(ctx, requestID, personID)
	if err != nil {
		return Explanation{}, err
	}
	return Explanation{Sheet: sheet}, nil
}

package flows

import (
	"context"
	"time"

	"github.com/uptrace/bun"

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
// and why, what comes next, and why the person who asks can't decide. Whoever may see the request may ask. It looks by
// the rules that decide, and changes nothing.
func (f *Flows) Explain(ctx context.Context, requestID, personID string) (Explanation, error) {
	sheet, err := f.SheetFor(ctx, requestID, personID)
	if err != nil {
		return Explanation{}, err
	}
	p, err := db.PersonByID(ctx, f.store, personID)
	if err != nil {
		return Explanation{}, err
	}
	told := Explanation{Sheet: sheet}
	for _, item := range sheet.Items {
		one, err := f.explainItem(ctx, f.store, sheet, item, p)
		if err != nil {
			return Explanation{}, err
		}
		told.Items = append(told.Items, one)
	}
	return told, nil
}

func (f *Flows) explainItem(ctx context.Context, q bun.IDB, sheet db.Sheet, item db.SheetItem, p db.Person) (ExplainedItem, error) {
	one := ExplainedItem{Item: item, Will: item.Plan}
	var err error
	if one.Why, err = f.whyDecidedSo(ctx, q, sheet.Request, item); err != nil {
		return one, err
	}
	d := desk{request: sheet.Request, flow: item.Flow, item: item.RequestItem}
	for _, step := range item.Steps {
		d.steps = append(d.steps, step.ApprovalStep)
	}
	for _, step := range item.Steps {
		d.step = step.ApprovalStep
		explained, err := f.explainStep(ctx, q, d, step)
		if err != nil {
			return one, err
		}
		one.Steps = append(one.Steps, explained)
	}
	one.Next = next(one)
	if item.Status != db.Pending {
		return one, nil
	}
	one.Lapses = sheet.Request.LapsesAt
	current := item.Current()
	if current == nil {
		return one, nil
	}
	d.step = current.ApprovalStep
	_, err = f.checkDecider(ctx, q, d, p)
	refusal, refused := Refusal(err)
	if refused {
		one.Not = refusal.Text
		return one, nil
	}
	return one, err
}

// explainStep says how a step stands and, if it is not over, who can decide on it now, or would were it its turn.
func (f *Flows) explainStep(ctx context.Context, q bun.IDB, d desk, step db.SheetStep) (ExplainedStep, error) {
	one := ExplainedStep{Step: step, Hops: step.Hops}
	if step.Status != db.Deciding && step.Status != db.Waiting {
		one.Stands = stoodWords(step)
		return one, nil
	}
	if step.Status == db.Waiting {
		skipped, _, err := f.whySkipped(ctx, q, d.matter())
		if err != nil {
			return one, err
		}
		if skipped != "" && mayPass(d, false) {
			one.Stands = "It would be passed over. " + skipped
			return one, nil
		}
	}
	who, err := f.findApprovers(ctx, q, d.matter())
	if err != nil {
		return one, err
	}
	one.Hops, one.Stands = who.hops, "Its turn comes later."
	if step.Status == db.Deciding {
		one.Stands = openWords(who)
	}
	one.People = f.deciders(d, who)
	one.Barred, err = f.barred(ctx, q, d, who)
	return one, err
}

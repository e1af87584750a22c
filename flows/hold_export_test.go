package flows

import "context"

// DirectoryWork and the others do what their job does, in all of its turns.
func (f *Flows) DirectoryWork(ctx context.Context, id string) error {
	return inTurns(func() (bool, error) { return f.directoryStep(ctx, id) })
}

func (f *Flows) HeldAsk(ctx context.Context, id string) error   { return f.heldAsk(ctx, id) }
func (f *Flows) HeldBegin(ctx context.Context, id string) error { return f.heldBegin(ctx, id) }

// inTurns takes all steps.
func inTurns(step func() (more bool, err error)) error {
	for {
		if more, err := step(); err != nil || !more {
			return err
		}
	}
}

// TakeEffect works out the effects of the next few changes and stops, as a process does that is killed then.
func (f *Flows) TakeEffect(ctx context.Context, id string) (int, error) { return f.takeEffect(ctx, id) }

// InLanes are the flows whose turn it is in lanes in which none runs.
func (f *Flows) InLanes(ctx context.Context) ([]string, error) {
	due, err := f.dueInLanes(ctx)
	var ids []string
	for _, one := range due {
		if start, is := one.args.(FlowStart); is {
			ids = append(ids, start.FlowID)
		}
	}
	return ids, err
}

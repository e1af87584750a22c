package flows

import "context"

// HandOver hands the decision on a step from one person who may decide to another.
func (f *Flows) HandOver(ctx context.Context, stepID, personID, toPersonID, reason string) error {
	return nil
}

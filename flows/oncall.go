package flows

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/usherhq/usher/db"
)

// How patiently it is asked who is on call.
const (
	onCallTimeout = 30 * time.Second
	onCallLost    = 2 * time.Minute // an answer that did not come by then is asked for anew: its job may be lost
	onCallRetry   = 5 * time.Minute // after an answer that could not be had
	onCallMost    = 20              // people of one answer
)

// onCallOf are the sources of a step that name who is on call.
func onCallOf(step db.ApprovalStep) []string {
	specs, _ := specsOf(step)
	return slices.DeleteFunc(slices.Clone(specs), func(spec string) bool { return !strings.HasPrefix(spec, onCall) })
}

// askOnCall has jobs ask who is on call, each in its provider's pool, and says when to ask again if they are lost. It is
// never asked within a transaction: a provider that hangs would hold the request.
func (c *change) askOnCall(step db.ApprovalStep) time.Time {
	var again time.Time
	for _, source := range onCallOf(step) {
		c.enqueue(OnCallAsk{StepID: step.ID, Source: source}, onCallQueue(source), 0)
		again = c.now.Add(onCallLost)
	}
	return again
}

func onCallQueue(source string) string {
	return queueOf(db.FlowScript{Type: strings.TrimPrefix(source, onCall)})
}

// onCallAsk asks who is on call for one source of a step, stores the answer and asks those people. An empty answer and
// one that can't be had go down the fallback; the latter is asked for again.
func (f *Flows) onCallAsk(ctx context.Context, stepID, source string) error {
	step, err := db.StepByID(ctx, f.store, stepID)
	if err != nil {
		return err
	}
	if step.Status != db.Deciding || !slices.Contains(onCallOf(step), source) {
		return errNothing
	}
	emails, problem := f.whoIsOnCall(ctx, step, source)
	return f.answeredOnCall(ctx, stepID, source, emails, problem)
}

// answeredOnCall stores an answer, unless the step was decided or went to others meanwhile.
func (f *Flows) answeredOnCall(ctx context.Context, stepID, source string, emails []string, problem error) error {
	return f.change(ctx, func(ctx context.Context, c *change) error {
		d, err := readDesk(ctx, c, stepID)
		if err != nil || d.step.Status != db.Deciding || !slices.Contains(onCallOf(d.step), source) {
			return err
		}
		return c.answerOnCall(ctx, d, source, emails, problem)
	})
}

// answerOnCall stores who is on call. The last answer holds for as long as a newer one can't be had.
func (c *change) answerOnCall(ctx context.Context, d desk, source string, emails []string, problem error) error {
	before, answered := d.step.OnCall[source]
	if problem != nil && answered {
		emails = before
	}
	answers := map[string][]string{source: emails}
	for other, people := range d.step.OnCall {
		if other != source {
			answers[other] = people
		}
	}
	d.step.OnCall, d.step.OnCallAt = answers, time.Time{}
	switch {
	case problem != nil:
		d.step.OnCallAt = c.now.Add(onCallRetry)
	case len(answers) < len(onCallOf(d.step)):
		d.step.OnCallAt = c.now.Add(onCallLost)
	}
	if err := db.SetOnCall(ctx, c, d.step); err != nil {
		return err
	}
	if answered && slices.Equal(before, emails) {
		return nil
	}
	return c.tellOnCall(ctx, d, source, answered, problem)
}

// tellOnCall asks those who are on call.
func (c *change) tellOnCall(ctx context.Context, d desk, source string, answered bool, problem error) error {
	who, fresh, err := c.search(ctx, d)
	if err != nil {
		return err
	}
	if d.step.Spec.All && !answered {
		for _, one := range fresh {
			d.step.Must = append(d.step.Must, seat{person: *one.Person, stands: one.For}.id())
		}
		if err := db.SetMust(ctx, c, d.step); err != nil {
			return err
		}
	}
	details := db.Details{Step: d.step.ID, StepName: d.step.Spec.Name, Approvers: labelsOf(fresh), Need: who.need, Summary: source}
	if problem != nil {
		details.Error = problem.Error()
	}
	if err := c.record(system, "step.on_call", d.request.ID, &d.item, details); err != nil {
		return err
	}
	return c.countApprovals(ctx, d)
}

// whoIsOnCall reads the e-mail addresses that a provider's endpoint answers with, as email or emails of its output.
// emailsIn reads the addresses of an answer.

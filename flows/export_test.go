package flows

import "context"

// What the jobs do, one at a time, so that a test can put them in any order and stop between any two.

// RunScript makes one attempt at a script.
func (f *Flows) RunScript(ctx context.Context, id string) error { return f.runScript(ctx, id) }

// ClaimScript claims a script and stops, as a process does that is killed before it calls the target.
func (f *Flows) ClaimScript(ctx context.Context, id string) error {
	_, err := f.claimScript(ctx, id)
	return err
}

// PerformScript claims a script and calls the target. The answer is settled when the returned function is called;
// never, when the process is killed behind the call.
func (f *Flows) PerformScript(ctx context.Context, id string) (settle func() error, err error) {
	w, err := f.claimScript(ctx, id)
	if err != nil {
		return nil, err
	}
	result := f.perform(ctx, w)
	return func() error { return f.settleScript(ctx, w, result) }, nil
}

// StartDue begins a scheduled grant; the others do what their job does.
func (f *Flows) StartDue(ctx context.Context, id string) error   { return f.startDue(ctx, id) }
func (f *Flows) ExpireDue(ctx context.Context, id string) error  { return f.expireDue(ctx, id) }
func (f *Flows) StepDue(ctx context.Context, id string) error    { return f.stepDue(ctx, id) }
func (f *Flows) RequestDue(ctx context.Context, id string) error { return f.requestDue(ctx, id) }
func (f *Flows) ScriptDue(ctx context.Context, id string) error  { return f.scriptDue(ctx, id) }
func (f *Flows) FlowDue(ctx context.Context, id string) error    { return f.flowDue(ctx, id) }
func (f *Flows) FlowRetry(ctx context.Context, id string) error  { return f.flowRetry(ctx, id) }

// StepAgain and the others do what their job does.
func (f *Flows) StepAgain(ctx context.Context, id string) error { return f.stepAgain(ctx, id) }

func (f *Flows) DelegationBegin(ctx context.Context, id string) error {
	return f.delegationBegin(ctx, id)
}

func (f *Flows) DelegationsEnd(ctx context.Context) error { return f.delegationsEnd(ctx) }

func (f *Flows) OnCallAsk(ctx context.Context, id, source string) error {
	return f.onCallAsk(ctx, id, source)
}

// AnswerOnCall stores an answer to who is on call for an open step, as the job does that asked.
func (f *Flows) AnswerOnCall(ctx context.Context, stepID, source string, emails []string, problem error) error {
	return f.answeredOnCall(ctx, stepID, source, emails, problem)
}

// LookAgain is how long who may decide on an open step is taken as it was found.
const LookAgain = lookAgain

// ClaimFor is how long a claim lasts that nobody renews.
const ClaimFor = claimFor

// RetryDeprovision is how long a failed deprovisioning waits.
const RetryDeprovision = retryDeprovision

package connectors

import "time"

// Evidence is one step of a run, for the audit log. Secrets are taken out.
type Evidence struct {
	// Step is "before", "write" or "after".
	Step string `json:"step"`
	// Summary says in words what was read or answered.
	Summary string `json:"summary"`
	// Facts is the output of the read, if there was one.
	Facts map[string]any `json:"facts,omitempty"`
}

// Result is what a run came to. Summary is one plain sentence for people. Output is what later scripts may use.
// RetryAfter is how long the target asked us to wait; zero if it did not say. Err is set unless the outcome is Applied
// or Already.
type Result struct {
	Outcome    Outcome
	Summary    string
	Output     map[string]any
	Evidence   []Evidence
	RetryAfter time.Duration
	Err        error
}

// finish is a run that reached the wanted state.
func (r *run) finish(outcome Outcome, summary string, found State) Result {
	return Result{Outcome: outcome, Summary: summary, Output: Redact(found.Output), Evidence: r.evidence}
}

// stopped is a run in which this attempt wrote nothing. While an earlier attempt is being settled, whatever is not a
// final no leaves that attempt's outcome as unknown as it was.
func (r *run) stopped(err error) Result {
	said := markOf(err)
	result := Result{Outcome: Transient, Err: err, Evidence: r.evidence, RetryAfter: said.after}
	switch {
	case said.outcome == Refused:
		result.Outcome, result.Summary = Refused, "Refused: "+err.Error()
	case r.call.Settle && r.endpoint.Effect != Reads:
		result.Outcome, result.Summary = Unknown, "Still not clear whether the change was made: "+err.Error()
	default:
		result.Summary = "Nothing was changed yet, worth another try: " + err.Error()
	}
	return result
}

// unknown is a run whose write may or may not have been made.
func (r *run) unknown(found State, err error) Result {
	return Result{
		Outcome: Unknown, Summary: "Not clear whether the change was made: " + err.Error(),
		Output: Redact(found.Output), Evidence: r.evidence, RetryAfter: markOf(err).after, Err: Unsure(err),
	}
}

// did is the sentence about the change that was made.
func (r *run) did() string {
	if r.endpoint.Did == nil {
		return "Done: " + r.endpoint.Name
	}
	return r.endpoint.Did(r.call)
}

func (r *run) note(step string, found State, err error) {
	if err != nil {
		r.noteText(step, err.Error())
		return
	}
	r.evidence = append(r.evidence, Evidence{Step: step, Summary: found.Summary, Facts: Redact(found.Output)})
}

func (r *run) noteText(step, text string) {
	r.evidence = append(r.evidence, Evidence{Step: step, Summary: text})
}

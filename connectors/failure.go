package connectors

// MayRetry says whether trying again makes sense after an error before which nothing was written: the target was busy
// or away, or the error says nothing about its kind.
func MayRetry(err error) bool {
	outcome := markOf(err).outcome
	return outcome == Transient || outcome == ""
}

// Failure is what an attempt came to that ended with an error and was not run by [Run]. An error that says nothing of
// its kind counts as Transient.
func Failure(err error) Result {
	if err == nil {
		return Result{Outcome: Applied}
	}
	marked := markOf(err)
	if marked.outcome == "" {
		marked.outcome = Transient
	}
	return Result{Outcome: marked.outcome, Summary: err.Error(), RetryAfter: marked.after, Err: err}
}

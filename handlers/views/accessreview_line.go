package views

// The lines of a request's thread that tell of access reviews. What is true by default of many requests at once is told
// on the reviewers' cards and in the log alone, unless access ends by it.

// review names the access review that an entry is about.
func (e entry) review() string {
	if blank(e.Summary) {
		return " in an access review"
	}
	return " in the access review “" + escape(e.Summary, 120) + "”"
}

func reviewStarted(e entry) string {
	text := "This access is to be looked at afterwards" + e.review()
	if names := e.approvers(); names != "" {
		text += ", by " + names
	}
	return text + moment(", until ", e.Until) + "."
}

func reviewKept(e entry) string {
	if e.ByDefault {
		return ""
	}
	text := e.who() + e.inPlace() + " kept " + e.access() + " of " + e.whom() + e.review()
	if e.DoNotRenew {
		return text + "; it is not to be given longer." + e.because()
	}
	return text + "."
}

// reviewRemoved adds what the line of the revocation behind it does not say.
func reviewRemoved(e entry) string {
	if !e.DoNotRenew {
		return ""
	}
	return e.who() + e.inPlace() + " said" + e.review() + " that " + e.access() + " is not to be given to " + e.whom() + " again."
}

package flows

// Consent is what somebody gives with an approval, as far as the step asks for it.
type Consent struct {
	Comment string // why; required where the step says so
	Code    string // a time-based code, or
	SignIn  string // the id of a sign-in that was proven; one of both where the step asks for a second factor
}

package flows

// ReplayDays is how far back a replay looks.
const ReplayDays = 90

// ReplayResult is what past requests would have met with other steps of an approval chain, beside what they met.
type ReplayResult struct {
	Requests int // items that were asked for and would go through the chain now
	Of       int // how many there are; more than Requests when only the newest were looked at
	Now, New ReplayCount
	Sample   []ReplayItem // some for which the steps would find too few people
}

// ReplayCount sums up how the items fared.
type ReplayCount struct {
	ByRule  int // approved at once: no step was to be asked
	Skipped int // steps that were passed over
	Nobody  int // items with a step for which the chain itself found nobody, so that others stood in
	Asked   int // people who were asked, summed over the items
	Most    int // people who were asked for one item at most
}

// ReplayItem is one past item for which the steps would find too few people.
type ReplayItem struct {
	RequestID, Entitlement, Subject string // the last two are what people call them
	Step                            string // its name
}

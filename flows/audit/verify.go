package audit

import (
	"fmt"

	"github.com/usherhq/usher/db"
)

// Result says what a check could prove. Complete means every entry from number 1 to Last was there, in order and
// unchanged. When it is false, the entries are part of a log, and only runs of consecutive ones could be checked
// against each other: that something is missing between two runs, or before the first, cannot be seen, nor can a
// change to an entry whose predecessor is not there (Unproven counts these).
//
// Nothing here proves that entries newer than Last were not cut off, nor that not the whole log was written anew:
// for that, compare LastHash with a copy that was kept elsewhere.
type Result struct {
	Entries  int64 // entries read
	First    int64 // number of the first entry, 0 when there is none
	Last     int64
	LastHash string // hash of the last entry: it stands for all before it
	Complete bool
	Runs     int64 // stretches of consecutive entries
	Unproven int64 // entries whose own hash could not be checked
}

// BrokenError is the first entry that is not as it was written.
type BrokenError struct {
	Seq    int64
	Reason string
}

// Error implements error.
func (b *BrokenError) Error() string { return fmt.Sprintf("audit entry %d: %s", b.Seq, b.Reason) }

// checker follows a chain of entries.
type checker struct {
	result  Result
	request string       // of all entries so far, while mixed is false
	mixed   bool         // entries of more than one request, or of none, were seen
	hole    *BrokenError // the first hole, excused as long as one request was exported
}

// add checks the next entry against the one before.
func (c *checker) add(event db.AuditEvent) error {
	if c.holed() {
		if event.Seq == c.hole.Seq {
			return &BrokenError{event.Seq, "out of order: it stands after later entries"}
		}
		return nil // only looking whether the missing entry stands further on
	}
	if err := c.place(event); err != nil {
		return c.first(err)
	}
	follows := event.Seq == c.result.Last+1
	if follows && Hash(c.result.LastHash, event) != event.Hash {
		return c.first(&BrokenError{event.Seq, "changed: its hash does not follow from its columns and the entry before it"})
	}
	if !follows {
		c.skip(event.Seq)
	}
	if c.result.Entries == 0 {
		c.result.First, c.request, c.mixed = event.Seq, event.Request, event.Request == ""
	}
	if c.result.Entries == 0 || !follows {
		c.result.Runs++
	}
	c.mixed = c.mixed || event.Request != c.request
	c.result.Entries++
	c.result.Last, c.result.LastHash = event.Seq, event.Hash
	return nil
}

// place refuses an entry that stands where it cannot.
func (c *checker) place(event db.AuditEvent) *BrokenError {
	switch {
	case event.Seq < 1:
		return &BrokenError{event.Seq, "inserted: entries are numbered from 1"}
	case event.Seq > c.result.Last:
		return nil
	case event.Seq == c.result.Last && event.Hash == c.result.LastHash:
		return &BrokenError{event.Seq, "duplicated: it stands here twice"}
	case event.Seq == c.result.Last:
		return &BrokenError{event.Seq, "inserted: two different entries have this number"}
	}
	return &BrokenError{event.Seq, fmt.Sprintf("out of order: it stands after entry %d", c.result.Last)}
}

// skip notes that the entries before seq are not there, and that its own hash can thus not be checked.
func (c *checker) skip(seq int64) {
	c.result.Unproven++
	if c.result.Entries > 0 && c.hole == nil {
		missing := c.result.Last + 1
		c.hole = &BrokenError{missing, fmt.Sprintf("missing: entry %d follows entry %d", seq, c.result.Last)}
	}
}

// holed says that there is a hole that no filter explains.
func (c *checker) holed() bool { return c.mixed && c.hole != nil }

// first returns what went wrong first: a hole that came before, if entries of the file show that it was no export of
// one request, or else what was found now. An entry that stands too late explains the hole that it left.
func (c *checker) first(found *BrokenError) error {
	if c.holed() && c.hole.Seq < found.Seq {
		return c.hole
	}
	return found
}

// done is the result after the last entry.
func (c *checker) done() (Result, error) {
	if c.holed() {
		return c.result, c.hole
	}
	c.result.Complete = c.result.First == 1 && c.result.Runs == 1
	return c.result, nil
}

package audit

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// VerifyStore checks the whole log in the database: that every entry from number 1 on is there and unchanged, and
// that the head, which is moved together with each entry, agrees. Entries may be added meanwhile. The error is a
// *BrokenError if the log is not as it was written.
func VerifyStore(ctx context.Context, q bun.IDB) (Result, error) {
	check := &checker{}
	for {
		head, err := readHead(ctx, q)
		if err != nil {
			return Result{}, err
		}
		if err := check.upTo(ctx, q, head); err != nil {
			return check.result, err
		}
		behind, err := db.AuditPage(ctx, q, db.AuditFilter{After: head.Seq}, 1)
		if err != nil {
			return Result{}, err
		}
		if len(behind) == 0 {
			result, err := check.done()
			result.Complete = err == nil // an empty log is whole, too
			return result, err
		}
		now, err := readHead(ctx, q)
		if err != nil {
			return Result{}, err
		}
		if now.Seq <= head.Seq {
			return check.result, &BrokenError{behind[0].Seq, fmt.Sprintf("inserted: the head of the log is at entry %d", now.Seq)}
		}
	}
}

// upTo reads on to the head and compares the two.
func (c *checker) upTo(ctx context.Context, q bun.IDB, head db.AuditHead) error {
	rows := &pages{filter: db.AuditFilter{After: c.result.Last}, last: head.Seq}
	if c.result.Entries == 0 {
		rows.filter.After = minSeq
	}
	for {
		events, err := rows.next(ctx, q)
		if err != nil {
			return err
		}
		for _, event := range events {
			if event.Seq > c.result.Last+1 {
				return &BrokenError{c.result.Last + 1, fmt.Sprintf("missing: the next entry is %d", event.Seq)}
			}
			if err := c.add(event); err != nil {
				return err
			}
		}
		if len(events) == 0 {
			break
		}
	}
	return c.matches(head)
}

// minSeq lies before every number, also those that nobody should have given.
const minSeq = -1 << 63

func (c *checker) matches(head db.AuditHead) error {
	switch {
	case c.result.Last < head.Seq:
		return &BrokenError{c.result.Last + 1, fmt.Sprintf("missing: the head of the log is at entry %d", head.Seq)}
	case c.result.LastHash != head.Hash:
		return &BrokenError{head.Seq, "changed: the head of the log has another hash"}
	}
	return nil
}

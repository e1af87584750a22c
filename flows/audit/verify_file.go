package audit

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/usherhq/usher/db"
)

// longestLine is how much of a JSONL file is read in search of a line's end, in bytes.
const longestLine = 64 << 20

// errNothing says that a file cannot vouch for anything.
var errNothing = errors.New("nothing to verify: the file holds no entries")

// VerifyFile checks an export in CSV or JSONL, which it tells apart by its first character. See Result for what a
// filtered export can prove. A hole between entries is excused only if all entries are of one request (an export
// with --request); every other export has none. The error is a *BrokenError if the file is not as it was written.
func VerifyFile(r io.Reader) (Result, error) {
	in := bufio.NewReader(r)
	if mark, err := in.Peek(3); err == nil && string(mark) == "\uFEFF" {
		if _, err := in.Discard(len(mark)); err != nil {
			return Result{}, fmt.Errorf("read the export: %w", err)
		}
	}
	begin, err := in.Peek(1)
	if errors.Is(err, io.EOF) {
		return Result{}, errNothing
	}
	if err != nil {
		return Result{}, fmt.Errorf("read the export: %w", err)
	}
	check := &checker{}
	if begin[0] == '{' {
		err = readLines(in, check)
	} else {
		err = readCSV(in, check)
	}
	if err == nil && check.result.Entries == 0 {
		err = errNothing
	}
	if err != nil {
		return check.result, err
	}
	return check.done()
}

func readCSV(r io.Reader, check *checker) error {
	in := csv.NewReader(r)
	in.ReuseRecord = true
	in.FieldsPerRecord = -1
	header, err := in.Read()
	if err != nil || !slices.Equal(header, columns) {
		return errors.New("not an audit export that can be verified: it is neither the CSV nor the JSONL of `usher audit export`")
	}
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var parse *csv.ParseError
		if errors.As(err, &parse) || err == nil && len(row) != len(columns) {
			return check.unreadable()
		}
		if err != nil {
			return fmt.Errorf("read the export: %w", err)
		}
		event, ok := fromCells(row)
		if !ok {
			return check.unreadable()
		}
		if err := check.add(event); err != nil {
			return err
		}
	}
}

// fromCells reads a row whose cells are written as guard writes them.
func fromCells(row []string) (db.AuditEvent, bool) {
	for i, cell := range row {
		row[i] = unguard(cell)
		if Guard(row[i]) != cell {
			return db.AuditEvent{}, false
		}
	}
	return fromValues(row)
}

func readLines(r io.Reader, check *checker) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, longestLine)
	for lines.Scan() {
		text := bytes.TrimSuffix(lines.Bytes(), []byte("\r"))
		if len(text) == 0 {
			continue
		}
		event, ok := fromLine(text)
		if !ok {
			return check.unreadable()
		}
		if err := check.add(event); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read the export: %w", err)
	}
	return nil
}

// unreadable is the error for what stands in the place of the next entry.
func (c *checker) unreadable() error {
	return c.first(&BrokenError{c.result.Last + 1, "changed: what stands in its place is not written as an export writes it"})
}

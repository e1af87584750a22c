package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"github.com/usherhq/usher/db"
)

// domain names what is hashed and in which form; another form would get another number.
const domain = "usher audit 1"

// Hash is the lower-case hexadecimal SHA-256 of an entry and the hash before it, which is empty for the first entry.
// What is hashed is a row of fields, each written as its length in bytes, a colon, its bytes and a comma: the domain
// string, the previous hash, then the entry's columns from seq to details in the order of the export. The lengths
// make it impossible to move text from one field into the next without changing the hash.
func Hash(previous string, event db.AuditEvent) string {
	form := make([]byte, 0, 512+len(event.Details))
	form = field(form, domain)
	form = field(form, previous)
	form = field(form, strconv.FormatInt(event.Seq, 10))
	form = field(form, event.At)
	for _, text := range texts(&event) {
		form = field(form, *text)
	}
	form = field(form, event.Details)
	sum := sha256.Sum256(form)
	return hex.EncodeToString(sum[:])
}

// field appends one text so that its end is known before it is read.
func field(form []byte, text string) []byte {
	form = strconv.AppendInt(form, int64(len(text)), 10)
	form = append(form, ':')
	form = append(form, text...)
	return append(form, ',')
}

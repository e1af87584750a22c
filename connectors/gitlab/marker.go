package gitlab

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/usherhq/usher/connectors"
)

// marker is the word by which an issue or comment of ours is found again: the same for every attempt at one step, and
// nobody who does not know the step's key can guess it.
func marker(call connectors.Call) string {
	sum := sha256.Sum256([]byte("usher:" + call.IdempotencyKey))
	return "usher1x" + hex.EncodeToString(sum[:16])
}

// hide writes a marker so that readers do not see it: as a link definition that nothing refers to. It must be found by
// GitLab's search, which is PostgreSQL's text search. That is why it is no HTML comment, which PostgreSQL's parser
// leaves out, and why it is one word of letters and digits below 50 characters.
func hide(marker string) string { return "[//]: # (" + marker + ")" }

// marked ends a text with its hidden marker. At the end nothing that was typed can swallow it: search reads the text
// itself and not what Markdown makes of it.
func (m *markdown) marked(call connectors.Call) string {
	m.paragraph()
	m.out.WriteString(hide(marker(call)))
	return m.out.String()
}

package connectors

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// errLiteral is why a secret written out is refused. It does not repeat the secret.
var errLiteral = errors.New(`must not stand here in full; write "env:NAME" or "file:PATH" instead`)

// ResolveSecret looks up a secret by its reference: "env:NAME" reads the environment, "file:PATH" reads a file and
// drops the line end. Errors name the reference, never the value; a literal secret is refused.
func ResolveSecret(ref string) (string, error) {
	if err := checkReference(ref); err != nil {
		return "", err
	}
	kind, name, _ := strings.Cut(ref, ":")
	var value string
	if kind == "env" {
		value = os.Getenv(name)
	} else {
		content, err := os.ReadFile(name)
		if err != nil {
			return "", fmt.Errorf("read secret: %w", err)
		}
		value = string(content)
	}
	value = strings.TrimRight(value, "\r\n")
	if value == "" {
		return "", fmt.Errorf("secret %s is empty: set it, then start again", ref)
	}
	return value, nil
}

func checkReference(ref string) error {
	kind, name, found := strings.Cut(ref, ":")
	if !found || name == "" || (kind != "env" && kind != "file") {
		return errLiteral
	}
	return nil
}

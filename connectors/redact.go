package connectors

import (
	"slices"
	"strings"
)

// Redacted stands where a secret was.
const Redacted = "[redacted]"

// secretWords are parts of names whose values are not for logs.
var secretWords = []string{"password", "passwd", "secret", "token", "authorization", "credential", "private_key", "privatekey", "api_key", "apikey"}

// Redact copies facts without the values whose names sound secret, at any depth.
func Redact(facts map[string]any) map[string]any {
	if facts == nil {
		return nil
	}
	clean := make(map[string]any, len(facts))
	for name, value := range facts {
		clean[name] = redactValue(name, value)
	}
	return clean
}

func redactValue(name string, value any) any {
	if soundsSecret(name) {
		return Redacted
	}
	switch v := value.(type) {
	case map[string]any:
		return Redact(v)
	case []any:
		clean := make([]any, len(v))
		for i, element := range v {
			clean[i] = redactValue(name, element)
		}
		return clean
	}
	return value
}

// soundsSecret reports whether what has this name is not for logs.
func soundsSecret(name string) bool {
	lower := strings.ToLower(name)
	return slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(lower, word) })
}

// scrub takes the given secrets out of text that a stranger wrote, such as an error body.
func scrub(text string, secrets []string) string {
	for _, secret := range secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, Redacted)
		}
	}
	return text
}

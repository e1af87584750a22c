package workflow

import (
	"strings"

	"github.com/usherhq/usher/flows/scripts"
)

// given reads the arguments of a call.
func (c *compiler) given(t scripts.Type, words []word) (map[string]any, *unclear) {
	args := map[string]any{}
	for n := 0; n < len(words); {
		if words[n].is("and", "the", "a", "an", "with") || words[n].shape == comma {
			n++
			continue
		}
		name, used := argumentAt(t, words[n:])
		if used == 0 {
			return nil, cannot("%s takes no argument %q; it takes %s.", t.Name, words[n].raw, listed(argumentNames(t)))
		}
		n += used
		if n < len(words) && (words[n].shape == colon || words[n].is("is", "=", "as", "of")) {
			n++
		}
		if n >= len(words) {
			return nil, cannot("The argument %q has no value.", name)
		}
		value, used := valueAt(words[n:])
		if used == 0 || args[name] != nil {
			return nil, cannot("Put the value of %q in quotation marks.", name)
		}
		args[name] = value
		n += used
	}
	for _, arg := range t.Args {
		if arg.Required && args[arg.Name] == nil {
			return nil, cannot("%s needs the argument %q: write for example: with %s \"…\".", t.Name, arg.Name, strings.ReplaceAll(arg.Name, "_", " "))
		}
	}
	return args, nil
}

func argumentNames(t scripts.Type) []string {
	var names []string
	for _, arg := range t.Args {
		names = append(names, arg.Name)
	}
	return names
}

// argumentAt is the argument that words name at their beginning.
func argumentAt(t scripts.Type, words []word) (string, int) {
	for _, arg := range t.Args {
		parts := strings.Split(arg.Name, "_")
		if len(words) >= len(parts) && words[0].shape == plain && strings.EqualFold(words[0].raw, arg.Name) {
			return arg.Name, 1
		}
		fits := len(words) >= len(parts)
		for n := 0; fits && n < len(parts); n++ {
			fits = words[n].shape == plain && strings.EqualFold(words[n].raw, parts[n])
		}
		if fits {
			return arg.Name, len(parts)
		}
	}
	return "", 0
}

// valueAt is the value that words give at their beginning.
func valueAt(words []word) (any, int) {
	for n := min(longestPerson, len(words)); n > 0; n-- {
		if who, is := readPerson(words[:n]); is && !(n == 1 && words[0].in(articles)) {
			return who.to, n
		}
	}
	switch w := words[0]; w.shape {
	case quoted, placeholder:
		return w.text, 1
	case plain:
		if isDigits(w.text) || strings.ContainsAny(w.raw, "-_/") {
			return w.raw, 1
		}
	case channel, handle, address, comma, stop, colon:
	}
	return nil, 0
}

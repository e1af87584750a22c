package workflow

import (
	"fmt"
	"slices"
	"strings"
)

// unclear is why words could not be placed, and what they could have meant.
type unclear struct {
	reason  string   // a sentence
	options []string // each an instruction
	vague   bool     // nothing better is known than that the words say nothing
}

// cannot is a reason for not placing words.
func cannot(format string, args ...any) *unclear {
	return &unclear{reason: fmt.Sprintf(format, args...)}
}

// or adds what the words could have meant.
func (u *unclear) or(options ...string) *unclear {
	u.options = append(u.options, options...)
	return u
}

// notUnderstood names the words that have no place in an instruction.
func notUnderstood(words []word) *unclear {
	for _, w := range words {
		if instead, is := vague[w.text]; is && w.shape == plain {
			return cannot("%q leaves open what is meant: write %s.", w.raw, instead)
		}
		if w.is("not", "never", "no", "without", "except", "neither", "nor") {
			return cannot("%q turns the meaning around, and it is not clear what is to be done then: write what is to be done.", w.raw)
		}
	}
	u := cannot("%s not understood here.", wereNot(words))
	u.vague = true
	return u
}

func wereNot(words []word) string {
	var raws []string
	for _, w := range words {
		if quoted := fmt.Sprintf("%q", w.raw); !slices.Contains(raws, quoted) {
			raws = append(raws, quoted)
		}
	}
	switch {
	case len(raws) == 0:
		return "Something was"
	case len(raws) == 1:
		return raws[0] + " was"
	case len(raws) > 6:
		raws = append(raws[:6], "more")
	}
	return strings.Join(raws[:len(raws)-1], ", ") + " and " + raws[len(raws)-1] + " were"
}

// better answers the reason that says more; of two alike the first.
func better(a, b *unclear) *unclear {
	if a == nil || b != nil && a.vague && !b.vague {
		return b
	}
	return a
}

// listed writes names for a sentence.
func listed(names []string) string {
	switch len(names) {
	case 0:
		return "none"
	case 1:
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

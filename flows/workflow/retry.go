package workflow

import (
	"strings"
	"time"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

func isRetry(words []word) bool {
	if len(words) == 0 || !words[0].is("try", "retry", "attempt", "trying", "retrying", "with") {
		return false
	}
	body, _, reason := takeBackoff(words)
	for _, r := range retryForms {
		if f, ok := r.match(body); ok && reason == nil && len(f.words["n"]) == 1 {
			_, is := readNumber(f.words["n"][0])
			return is
		}
	}
	return false
}

func isTimeout(words []word) bool {
	f, is := firstMatch(timeoutForms, words)
	if !is {
		return false
	}
	_, is = readLength(f.words["d"])
	return is
}

// retryForms are the ways to say how often. Again says that the number is of further attempts.
var retryForms = []struct {
	pattern
	again bool
}{
	{form("try that|it|this? again up? to? at? most? <n> time|times"), true},
	{form("retry that|it|this? up? to? at? most? <n> time|times"), true},
	{form("retry that|it|this? <n>"), true},
	{form("try that|it|this? again <n>"), true},
	{form("trying|with that|it? up? to? at? most? <n> time|times|attempt"), false},
	{form("retrying that|it? up? to? at? most? <n> time|times"), true},
	{form("try|attempt that|it|this? up? to? at? most? <n> time|times in? total? all?"), false},
	{form("try that|it|this? <n>"), false},
	{form("make up? to? at? most? <n> attempt"), false},
	{form("try that|it|this? with up? to? at? most? <n> attempt"), false},
}

func (c *compiler) retry(words []word) (bool, *unclear) {
	body, backoff, reason := takeBackoff(words)
	if reason != nil {
		return true, reason
	}
	for _, r := range retryForms {
		f, ok := r.match(body)
		if !ok || len(f.words["n"]) != 1 {
			continue
		}
		n, is := readNumber(f.words["n"][0])
		if !is || n < 1 || n > mostAttempts {
			continue
		}
		m, reason := c.before("try")
		if reason != nil {
			return true, reason
		}
		if r.again {
			n++
		}
		m.script.Retry = db.Retry{Attempts: n, Backoff: backoff}
		return true, nil
	}
	if words[0].is("make", "with") {
		return false, nil
	}
	return true, cannot("How often to try was not understood.").or("Try up to 3 times", "Retry 2 times with a backoff of 30 seconds")
}

// mostAttempts is how often a script may be tried.
const mostAttempts = 100

var backoffForm = form("with|using a? backoff of? <d>")

// takeBackoff takes "with a backoff of 30 seconds" from the end.
func takeBackoff(words []word) ([]word, db.Duration, *unclear) {
	for n := range words {
		if f, ok := backoffForm.match(trimHead(words[n:])); ok {
			length, is := readLength(f.words["d"])
			if !is {
				return words, 0, cannot("%q is not a length of time: write for example 30 seconds.", textOf(f.words["d"]))
			}
			return trimTail(words[:n]), length, nil
		}
	}
	return words, 0, nil
}

func trimHead(words []word) []word {
	for len(words) > 0 && words[0].shape == comma {
		words = words[1:]
	}
	return words
}

var timeoutForms = forms(
	"with a? timeout of <d>", "allow up? to? at? most? <d> for it|that|this", "allow it|that|this up? to? at? most? <d>", "give it|that|this up? to? at? most? <d>",
	"time out after <d>", "set a|the timeout of|to <d>", "set its timeout to <d>", "wait at most <d> for it|that|this", "allow up? to? at? most? <d> for that|this|the step|script|call",
)

// timeout is how long one attempt may take.
func (c *compiler) timeout(words []word) (bool, *unclear) {
	for _, p := range timeoutForms {
		f, ok := p.match(words)
		if !ok {
			continue
		}
		length, is := readLength(f.words["d"])
		if !is {
			continue
		}
		m, reason := c.before("timeout")
		if reason != nil {
			return true, reason
		}
		if time.Duration(length) > scripts.LongestTimeout {
			return true, cannot("One attempt may take %s at most; for what takes longer write \"wait until …\" or \"try up to … times\".", strings.TrimSpace(db.Duration(scripts.LongestTimeout).Words()))
		}
		m.script.Timeout = length
		return true, nil
	}
	return false, nil
}

package flows

import (
	"regexp"

	"github.com/usherhq/usher/db"
)

// plainCondition is a condition on one well-known output of an earlier script.
var plainCondition = regexp.MustCompile(`^(!?)([a-z][a-z0-9_]*)\.(exists|active|member|held|approved)$`)

// outputWords says what such an output being so, or not so, means.
var outputWords = map[string][2]string{
	"exists": {"finds one", "finds none"}, "active": {"finds an active account", "finds no active account"},
	"member": {"finds a membership", "finds no membership"}, "held": {"finds a license", "finds no license"},
	"approved": {"is approved", "is not approved"},
}

// The plain conditions on a request.
var (
	plainDuration = regexp.MustCompile(`^duration (<=|<|>=|>) duration\('([0-9]+[smhdw])'\)$`)
	plainPerson   = regexp.MustCompile(`^(subject|requester)\.(department|title) (==|!=) '([^'\\]+)'$`)
	plainRisk     = regexp.MustCompile(`^entitlement\.risk (==|!=) '(low|medium|high)'$`)
)

// whoIs says whom a variable of conditions means.
var whoIs = map[string]string{"subject": "whoever it is for", "requester": "whoever asks"}

// isOrNot says an operator.
var isOrNot = map[string]string{"==": " is ", "!=": " is not "}

// conditionWords says a condition as people say it, where that can be done exactly; else as it is written.
func conditionWords(when string) string {
	if found := plainCondition.FindStringSubmatch(when); found != nil {
		words := outputWords[found[3]]
		if found[1] == "!" {
			return found[2] + " " + words[1]
		}
		return found[2] + " " + words[0]
	}
	if found := plainDuration.FindStringSubmatch(when); found != nil {
		if length, err := db.ParseDuration(found[2]); err == nil {
			return lengthWords(found[1], length.Words())
		}
	}
	if found := plainPerson.FindStringSubmatch(when); found != nil {
		return "the " + found[2] + " of " + whoIs[found[1]] + isOrNot[found[3]] + found[4]
	}
	if found := plainRisk.FindStringSubmatch(when); found != nil {
		return "its risk" + isOrNot[found[1]] + found[2]
	}
	return when
}

// lengthWords says a bound on how long access is asked for.
func lengthWords(operator, length string) string {
	switch operator {
	case "<=":
		return "it is for " + length + " at most"
	case "<":
		return "it is for less than " + length
	case ">=":
		return "it is for " + length + " or longer"
	}
	return "it is for longer than " + length
}

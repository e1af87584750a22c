package flows

import "regexp"

// plainCondition is a condition on one well-known output of an earlier script.
var plainCondition = regexp.MustCompile(`^(!?)([a-z][a-z0-9_]*)\.(exists|active|member|held|approved)$`)

// outputWords says what such an output being so, or not so, means.
var outputWords = map[string][2]string{
	"exists": {"finds one", "finds none"}, "active": {"finds an active account", "finds no active account"},
	"member": {"finds a membership", "finds no membership"}, "held": {"finds a license", "finds no license"},
	"approved": {"is approved", "is not approved"},
}

// conditionWords says a condition as people say it, where that can be done exactly; else as it is written.
func conditionWords(when string) string {
	found := plainCondition.FindStringSubmatch(when)
	if found == nil {
		return when
	}
	words := outputWords[found[3]]
	if found[1] == "!" {
		return found[2] + " " + words[1]
	}
	return found[2] + " " + words[0]
}

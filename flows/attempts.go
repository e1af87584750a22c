package flows

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
)

// What a script gets when its chain does not say.
const (
	defaultAttempts = 5
	defaultBackoff  = 2 * time.Second
	longestBackoff  = 5 * time.Minute
)

// attempts is how often a script is tried in all.
func attempts(spec db.Script) int {
	if spec.Retry.Attempts > 0 {
		return spec.Retry.Attempts
	}
	return defaultAttempts
}

// mayTryAgain says whether a script is tried again by itself after an outcome: one that its retry names, by default
// transient and unknown. What a target refuses is tried again only where the chain says so.
func mayTryAgain(script db.FlowScript, outcome connectors.Outcome) bool {
	on := script.Spec.Retry.On
	if len(on) == 0 {
		on = []string{string(connectors.Transient), string(connectors.Unknown)}
	}
	if isApproval(script.Type) && outcome == connectors.Refused {
		return false // somebody said no, or nobody answered
	}
	return slices.Contains(on, string(outcome)) && script.Attempts < attempts(script.Spec)
}

// backoff is how long to wait behind the given number of attempts: doubling, with up to a fifth of jitter.
func backoff(spec db.Script, made int) time.Duration {
	wait := time.Duration(spec.Retry.Backoff)
	if wait == 0 {
		wait = defaultBackoff
	}
	for range min(made, 20) - 1 {
		wait = min(wait*2, longestBackoff)
	}
	return wait + rand.N(wait/5+1) //nolint:gosec // jitter guards nothing
}

// evidence turns what a run saw into what is stored: plain JSON values.
func evidence(result connectors.Result) []any {
	out := []any{}
	for _, step := range result.Evidence {
		text, err := json.Marshal(step)
		if err != nil {
			continue // a fact that is no JSON was never ours to keep
		}
		var plain any
		if json.Unmarshal(text, &plain) == nil {
			out = append(out, plain)
		}
	}
	return out
}

func orEmpty(output map[string]any) map[string]any {
	if output == nil {
		return map[string]any{}
	}
	return output
}

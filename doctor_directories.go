package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
)

// directoryFindings says of each active directory whether it can tell of people, and whether what it holds reaches
// somebody who decides and the providers to which it is written. Reached are the answers of the active providers.
func directoryFindings(ctx context.Context, store *db.Store, chains []db.ApprovalChain, reached map[string]error) ([]bot.Finding, error) {
	states, err := db.DirectoryStates(ctx, store, time.Now())
	if err != nil {
		return nil, err
	}
	var findings []bot.Finding
	for _, state := range states {
		if state.Active {
			findings = append(findings, directoryFinding(state, chains, reached))
		}
	}
	return findings, nil
}

// directoryFinding is what is found of one directory: the first of its troubles to be mended, with all of them.
func directoryFinding(state db.DirectoryState, chains []db.ApprovalChain, reached map[string]error) bot.Finding {
	finding := bot.Finding{Name: "directory " + state.Slug, OK: true}
	var details []string
	for _, trouble := range slices.Concat(sourceTroubles(state), routeTroubles(state, chains), downstreamTroubles(state, reached)) {
		details = append(details, trouble.what)
		if finding.OK {
			finding.OK, finding.Mend = false, trouble.mend
		}
	}
	details = append(details, fmt.Sprintf("last change %s, %d waiting, %d that differ", moment(state.WroteAt), state.Waiting, state.Drifts))
	finding.Detail = strings.Join(details, "; ")
	return finding
}

// trouble is something that is wrong, and how to mend it.
type trouble struct{ what, mend string }

// sourceTroubles are those of hearing what a directory says.
func sourceTroubles(state db.DirectoryState) []trouble {
	var all []trouble
	if state.Kind == db.SCIMDirectory && state.Token.ID == "" {
		all = append(all, trouble{"no token, so nothing can be written to it", "usher directory token " + state.Slug + " makes one; docs/directory.md says where it goes."})
	}
	if state.PollError != "" {
		all = append(all, trouble{"reading it fails: " + strings.TrimSuffix(state.PollError, "."), "Check the directory's workos settings and the secrets that they refer to."})
	}
	if state.Stop != nil {
		all = append(all, trouble{
			"its breaker stopped changes on " + moment(state.Stop.CreatedAt) + ": " + strings.TrimSuffix(state.Stop.Why, "."),
			"Look at what waits, and resume or discard it on the card in Slack.",
		})
	}
	return all
}

// routeTroubles are those of finding somebody who decides.
func routeTroubles(state db.DirectoryState, chains []db.ApprovalChain) []trouble {
	var all []trouble
	for _, route := range state.Policy.Routes {
		decides := slices.ContainsFunc(chains, func(c db.ApprovalChain) bool { return c.Slug == route.Chain && c.Active && len(c.Steps) > 0 })
		if !decides {
			all = append(all, trouble{
				"approval chain " + route.Chain + " of a route is gone, or nobody decides in it",
				"Give the route another chain, or the chain a step: admins are asked until then.",
			})
		}
	}
	return all
}

// downstreamTroubles are those of writing to providers.
func downstreamTroubles(state db.DirectoryState, reached map[string]error) []trouble {
	var all []trouble
	for _, slug := range state.Policy.Downstream {
		err, active := reached[slug]
		switch {
		case !active:
			all = append(all, trouble{"provider " + slug + ", to which it is written, is not active", "Take it out of downstream, or make the provider active again."})
		case err != nil:
			all = append(all, trouble{"provider " + slug + ", to which it is written, is not reached", "See the line of the provider."})
		}
	}
	return all
}

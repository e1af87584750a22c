package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/config"
)

// tellRules writes of each birthright that a plan changes who would gain and who would lose. People and entitlements that
// the plan itself adds are not there yet.
func tellRules(ctx context.Context, w io.Writer, f *flows.Flows, plan config.Plan) error {
	for _, rule := range plan.Birthrights() {
		preview, err := f.PreviewBirthright(ctx, rule)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, ruleWords(rule.Slug, preview)); err != nil {
			return err
		}
	}
	return nil
}

// ruleWords say what a birthright would do, on a line each.
func ruleWords(slug string, p flows.BirthrightPreview) string {
	var out strings.Builder
	fmt.Fprintf(&out, "birthright %s: %d would gain, %d would lose\n", slug, p.Gain, p.Lose)
	for _, some := range []struct {
		what  string
		count int
		names []string
	}{{"gain", p.Gain, p.Gains}, {"lose", p.Lose, p.Losses}} {
		if some.count == 0 {
			continue
		}
		names := printable(strings.Join(some.names, ", "))
		if some.count > len(some.names) {
			names += ", …"
		}
		fmt.Fprintf(&out, "    %s: %s\n", some.what, names)
	}
	if len(p.NotGiven) > 0 {
		fmt.Fprintf(&out, "    not offered (yet): %s\n", strings.Join(p.NotGiven, ", "))
	}
	if p.WithoutAnAnswer > 0 {
		fmt.Fprintf(&out, "    no answer for %d, for whom it does not hold\n", p.WithoutAnAnswer)
	}
	return out.String()
}

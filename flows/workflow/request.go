package workflow

import (
	"fmt"

	"github.com/usherhq/usher/db"
)

// comparisons are the ways to compare a duration, with CEL's signs.
var comparisons = []struct {
	pattern
	sign string
}{
	{form("is? longer|greater|more|bigger|higher than <d>"), ">"},
	{form("exceeds|over|above|beyond <d>"), ">"},
	{form("is over|above <d>"), ">"},
	{form("is? at least <d>"), ">="},
	{form("is? <d> or more|longer"), ">="},
	{form("is? no|not less|shorter than <d>"), ">="},
	{form("is? shorter|less|smaller than <d>"), "<"},
	{form("is? under|below <d>"), "<"},
	{form("is? at most <d>"), "<="},
	{form("is? up to <d>"), "<="},
	{form("is? <d> or less|shorter"), "<="},
	{form("is? no|not longer|more than <d>"), "<="},
	{form("does not exceed <d>"), "<="},
	{form("is? exactly <d>"), "=="},
	{form("is <d>"), "=="},
}

// lengthSubjects is what may stand before a comparison of the duration.
var lengthSubjects = forms(
	"the? requested? duration <c>", "the? duration of the? request|access|grant <c>", "<x> duration <c>",
	"it|this|access|request|grant is requested|asked|granted|needed? for? <c>", "the|this access|request|grant is requested|asked|granted|needed? for? <c>",
	"anything|whatever <c>", "the? access|request|grant lasts|runs for? <c>", "the access|request|grant lasts|runs|is for? <c>", "it is for <c>",
	"access|request|requests|grants|it for|of? <c>", "the|this access|request|grant is for <c>", "access is for <c>", "the? user needs|wants|requests it|access for <c>",
)

var (
	reasonForm = form("the? reason|justification contains|mentions|includes <v>")
	ofRequests = setOf("the request access grant its")
	risks      = setOf("low medium high")
	riskOf     = setOf("entitlement access")
)

// ofRequest reads a condition about the request: how long, how risky, why, how it ended.
func (c *compiler) ofRequest(words []word) (*cond, *unclear) {
	for _, p := range lengthSubjects {
		f, ok := p.match(words)
		if !ok || len(f.words["x"]) > 2 {
			continue
		}
		if x := f.words["x"]; len(x) > 0 && !allIn(x, ofRequests) {
			continue
		}
		if k := compareLength(f.words["c"]); k != nil {
			return k, nil
		}
	}
	if k := ofRisk(words); k != nil {
		return k, nil
	}
	if f, ok := reasonForm.match(words); ok && len(f.words["v"]) == 1 && f.words["v"][0].shape == quoted {
		return &cond{expr: fmt.Sprintf("request.reason.contains(%s)", literal(f.words["v"][0].text))}, nil
	}
	for word, cause := range endCauses {
		for _, text := range []string{"the? grant|access|it has? " + word, "the? grant|access|it is|was " + word, "the grant|access " + word} {
			if _, ok := form(text).match(words); ok && c.kind == db.Deprovision {
				return &cond{expr: "grant.end_cause == " + literal(cause)}, nil
			}
		}
	}
	return nil, nil
}

// compareLength reads a comparison of the duration.
func compareLength(words []word) *cond {
	for _, comparison := range comparisons {
		f, ok := comparison.match(words)
		if !ok {
			continue
		}
		if length, is := readLength(f.words["d"]); is {
			return &cond{expr: fmt.Sprintf("duration %s duration('%s')", comparison.sign, length)}
		}
	}
	return nil
}

var riskForms = []struct {
	pattern
	not bool
}{
	{form("the? risk is not <v>"), true},
	{form("the? risk level? is <v>"), false},
	{form("it|this|access|entitlement is a? <v> risk"), false},
	{form("it|this|access|entitlement is not a? <v> risk"), true},
	{form("the|this access|entitlement is not <v> risk"), true},
	{form("the|this access|entitlement is <v> risk"), false},
	{form("the? risk of the|this entitlement|access is <v>"), false},
	{form("the? <w> risk level? is <v>"), false},
	{form("<v> risk access|entitlements|request|requests"), false},
	{form("<v> risk"), false},
	{form("the? entitlement access? has a? <v> risk"), false},
	{form("the? entitlement|access has a? <v> risk"), false},
}

func ofRisk(words []word) *cond {
	for _, r := range riskForms {
		f, ok := r.match(words)
		if !ok || !allIn(f.words["w"], riskOf) {
			continue
		}
		parts, plainly := alternatives(f.words["v"])
		values := make([]string, 0, len(parts))
		for _, part := range parts {
			values, plainly = append(values, part[0].text), plainly && len(part) == 1 && part[0].in(risks)
		}
		if plainly {
			return &cond{expr: comparison("entitlement.risk", values, r.not)}
		}
	}
	return nil
}

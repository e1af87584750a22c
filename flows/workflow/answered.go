package workflow

import (
	"reflect"
	"strings"

	"github.com/usherhq/usher/flows/scripts"
)

var (
	approvedForms = forms(
		"approved", "it|this|that is|was? approved|confirmed|accepted", "the? request|access is|was? approved|confirmed|accepted", "the? approval is|was given|granted|received|there", "the? answer is yes",
		"@ approves|approved|agrees|agreed|confirms|confirmed|accepts|accepted|approve|agree|confirm it|this|that?", "@ approves|approved|confirms|confirmed the request|access", "@ has approved|agreed|confirmed|accepted it|this|that?",
		"@ says|said yes", "approved by @", "it|this|that is approved by @", "everybody|all|both agree|approve|agreed|approved", "confirmed", "it|this was confirmed",
	)
	deniedForms = forms(
		"not approved", "denied|rejected|declined|refused", "it|this|that is|was not approved|confirmed|accepted", "it|this|that is|was? denied|rejected|declined|refused", "the? request is|was? denied|rejected|declined|refused",
		"@ denies|denied|deny|rejects|rejected|reject|declines|declined|decline|refuses|refused|refuse|disagrees|disagree|disagreed it|this|that?", "@ does|do|did not approve|agree|confirm|accept it|this|that?", "@ says|said no", "@ has not approved|agreed|confirmed", "@ denies|rejects|declines|deny|reject|decline the request",
		"the? answer is no", "the? approval is|was not given|granted",
	)
	answerIsForms  = forms("the? answer is <v>", "@ answers|answered|presses|pressed|chooses|chose|picks <v>")
	createdForms   = forms("<t> is|was|has|had been? newly|just? created|provisioned|added|made", "<t> had to be created|provisioned", "created|provisioned")
	createdNewOnes = setOf("a an the new it this that one account user")
)

// answered reads a condition about what an earlier script did: an approval that was given, an account that was made.
func (c *compiler) answered(words []word) (*cond, *unclear) {
	if _, is := firstMatch(deniedForms, words); is {
		return nil, afterNo()
	}
	if f, is := firstMatch(approvedForms, words); is {
		if len(f.who) > 0 && f.who[0].role == subject && !c.asksOf(f.who[0]) {
			f.who = nil // "they approve": whoever was asked
		}
		return c.approvedBy(f.who)
	}
	if f, is := firstMatch(answerIsForms, words); is && len(f.words["v"]) == 1 && f.words["v"][0].shape == quoted {
		k, reason := c.approvedBy(f.who)
		if reason != nil {
			return nil, reason
		}
		if len(k.parts) > 0 {
			return nil, cannot("Several people are asked, and it is not clear whose answer is meant.")
		}
		expr := strings.TrimSuffix(k.expr, ".approved")
		return &cond{expr: expr + ".answer == " + literal(strings.ToLower(f.words["v"][0].text))}, nil
	}
	if f, is := firstMatch(createdForms, words); is {
		return c.created(f.words["t"])
	}
	return nil, nil
}

func (c *compiler) isApproval(m made) bool {
	return m.script.Type == scripts.SlackApproval || m.script.Type == scripts.EmailApproval
}

func (c *compiler) asksOf(who person) bool {
	for _, m := range c.made {
		if c.isApproval(m) && reflect.DeepEqual(m.script.Args["to"], deciders([]person{who})) {
			return true
		}
	}
	return false
}

// approvedBy is the answer of the approval that asked these people; of nobody in particular, of the last one.
func (c *compiler) approvedBy(who []person) (*cond, *unclear) {
	for n := len(c.made) - 1; n >= 0; n-- {
		m := c.made[n]
		if !c.isApproval(m) || len(who) > 0 && !reflect.DeepEqual(m.script.Args["to"], deciders(who)) {
			continue
		}
		if len(who) == 0 && c.asked != nil && c.asked.answer {
			return c.asked, nil
		}
		expr := strings.ReplaceAll(m.script.Name, "-", "_") + ".approved"
		if m.script.When != "" {
			expr = guarded(m.script.When) + " && " + expr
		}
		return &cond{expr: expr, answer: true}, nil
	}
	if len(who) > 0 {
		return nil, cannot("No step before asks the %s.", who[0].word).or("Ask the manager to confirm", "Ask the owner to confirm")
	}
	return nil, cannot("No step before asks anybody for approval.").or("Ask the manager to confirm", "Ask the owner to confirm")
}

// created is the condition under which the last script made an account or the like.
func (c *compiler) created(what []word) (*cond, *unclear) {
	about := thing{kind: "user"}
	if !allIn(what, createdNewOnes) {
		t, reason := c.thing(withoutNew(what))
		if reason != nil {
			return nil, reason
		}
		about = t
	}
	for n := len(c.made) - 1; n >= 0; n-- {
		m := c.made[n]
		if m.verb != grants && m.verb != creates || about.kind != "" && m.about.kind != about.kind || about.provider != "" && !m.about.same(about) {
			continue
		}
		if m.script.When == "" {
			return nil, cannot("Whether %s made something new is not known, since it always runs: check first, and make it only if it is missing.", m.script.Name)
		}
		return &cond{expr: m.script.When}, nil
	}
	return nil, cannot("No step before creates that.")
}

func withoutNew(words []word) []word {
	var kept []word
	for _, w := range words {
		if !w.is("new", "newly") {
			kept = append(kept, w)
		}
	}
	return kept
}

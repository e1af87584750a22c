package views

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// appliesBlocks tells what applies to the entitlement that was chosen.
func appliesBlocks(applies Applies) []slack.Block {
	var blocks []slack.Block
	if applies.Refusal != "" {
		blocks = append(blocks, section("*You cannot ask for this*: "+sentence(escape(applies.Refusal, 400))))
	}
	if applies.Denied != "" {
		blocks = append(blocks, section("*This would be denied at once*: "+sentence(escape(applies.Denied, 400))))
	}
	if !applies.HeldUntil.IsZero() {
		blocks = append(blocks, section("*You hold this until "+on(applies.HeldUntil)+"*: this asks for more time."))
	}
	for _, conflict := range applies.Conflicts {
		blocks = append(blocks, section("⚠️ *Separation of duties*: "+apart(conflict, "this")+" One more step is asked."))
	}
	if !blank(applies.Entitlement.Description) {
		blocks = append(blocks, slack.NewSectionBlock(plain(applies.Entitlement.Description, 600), nil, nil))
	}
	lines := []string{"*Provider*: " + where(&applies.Entitlement) + " · *Risk*: " + risk(&applies.Entitlement)}
	lines = append(lines, "*Who decides*")
	lines = append(lines, previews(applies)...)
	lines = append(lines, "*What will be done*")
	return append(blocks, slack.NewContextBlock("", mrkdwn(stack(append(lines, planLines(applies.Plan)...), maxText), maxText)))
}

// apart says what a separation keeps apart from an access, which is named as it is to stand there, and why.
func apart(conflict db.Conflict, access string) string {
	held := make([]string, 0, len(conflict.Holds))
	for _, name := range conflict.Holds {
		held = append(held, "*"+escape(name, 80)+"*")
	}
	return "“" + escape(conflict.Name, 80) + "” keeps " + access + " apart from " + enumerate(held, 4, "and") + "." + told(conflict.Reason)
}

func planLines(plan []string) []string {
	if len(plan) == 0 {
		return []string{"Nothing at the provider."}
	}
	return numbered(plan)
}

func previews(applies Applies) []string {
	switch {
	case applies.Denied != "":
		return []string{"Nobody: a rule denies it."}
	case applies.Ruled != "":
		return []string{"Nobody: it is approved at once, by the rule “" + escape(applies.Ruled, 120) + "”."}
	case len(applies.Deciders) > 0:
		return previewSteps(applies.Deciders)
	case applies.Rule == "emergency":
		return []string{"Nobody: it is given at once, as an emergency."}
	case applies.Rule == "":
		return []string{"Nobody: it is approved at once by rule."}
	}
	return []string{"Nobody: it is approved at once, because this holds: " + code(applies.Rule, 300)}
}

func previewSteps(deciders []Decider) []string {
	lines := make([]string, 0, len(deciders))
	for n, decider := range deciders {
		lines = append(lines, fmt.Sprintf("%d. %s: %s", n+1, escape(decider.Spec.Name, 80), preview(decider)))
		for _, hop := range decider.Hops {
			lines = append(lines, aside(hopWords(hop)))
		}
	}
	return lines
}

func preview(decider Decider) string {
	if decider.Skipped != "" {
		return "passed over. " + sentence(escape(decider.Skipped, 240))
	}
	text := Sources(decider.Spec.Approvers, decider.Need)
	rows := make([]db.Approver, 0, len(decider.People))
	for n := range decider.People {
		rows = append(rows, db.Approver{Person: &decider.People[n]})
	}
	switch {
	case len(rows) == 0:
	case decider.Need > 1:
		text = fmt.Sprintf("%d of %d (%s)", decider.Need, len(rows), people(rows, "and"))
	default:
		text = people(rows, "or")
	}
	if wants := wanted(decider.Spec); wants != "" {
		text += ", with " + wants
	}
	return text
}

// emergencyInput is the box for the emergency path, where what was chosen has one that the person may take.
func emergencyInput(request RequestForm) []slack.Block {
	path := db.Emergency{}
	for _, pick := range request.Picks {
		if pick.Applies != nil && pick.Applies.Emergency != nil {
			path = *pick.Applies.Emergency
		}
	}
	if path.Channel == "" && !request.Emergency {
		return nil
	}
	terms := "Somebody else looks at it afterwards."
	if path.Channel != "" {
		terms = strings.Join([]string{"At most " + path.Max.Words(), path.Channel + " is told", "somebody else looks at it afterwards."}, "; ")
	}
	option := slack.NewOptionBlockObject("yes", plain("This can't wait for the usual way", maxOption), plain(terms, maxOption))
	element := slack.NewCheckboxGroupsBlockElement(ActionRequestEmergency, option)
	if request.Emergency {
		element.InitialOptions = []*slack.OptionBlockObject{option}
	}
	box := input(ActionRequestEmergency, "Emergency", "", element).WithOptional(true).WithDispatchAction(true)
	return []slack.Block{box}
}

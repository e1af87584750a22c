package views

import "fmt"

// StepFields are the fields of one step of an approval chain: keys below step, in which late and late_to stand for
// on_timeout.
func StepFields() []AdminField {
	return underKey("step.", []AdminField{
		{Key: "name", Label: "Name", As: AsLine},
		{Key: "approvers", Label: "Who decides", As: AsMany, Of: AdminApprovers, Needed: true, Hint: "Type a name, a group, manager, owner or on call."},
		{Key: "need", Label: "How many of them must approve", As: AsChoice, Choices: needed()},
		{Key: "when", Label: "Only if", As: AsRule, Hint: "The step is passed over otherwise. Such as entitlement.risk == 'high'."},
		{Key: "flags", Label: "Terms", As: AsFlags, Choices: [][2]string{
			{"comment", "Who approves has to say why"},
			{"step_up", "Who approves has to prove anew who it is"},
			{"same_person", "Who approved an earlier step may approve this one too"},
			{"self", "Who asks or benefits may decide; the card says so"},
			{"fixed", "Nobody can hand the decision to somebody else"},
		}},
		{Key: "notify", Label: "Told, without deciding", As: AsMany, Of: AdminTold, Hint: "People, groups, or a channel such as #security."},
		{Key: "ask_in", Label: "Asked in the channel", As: AsLine, Hint: "Such as #drive-approvals. Empty: each is asked in a direct message."},
		{Key: "remind", Label: "Reminded every", As: AsLength, Hint: "Such as 4h."},
		{Key: "timeout", Label: "Time limit", As: AsLength, Hint: "Such as 24h. Empty: it stays open until the request lapses."},
		{Key: "late", Label: "What happens after that", As: AsChoice, Choices: [][2]string{
			{"escalate", "others may decide too"},
			{"reassign", "others decide instead"},
			{"close", "the request lapses"},
			{"deny", "it is denied"},
			{"go_on", "the step is passed over"},
		}},
		{Key: "late_to", Label: "Who the others are", As: AsMany, Of: AdminApprovers},
	})
}

// needed are the numbers of approvals that a step may want.
func needed() [][2]string {
	choices := [][2]string{{"1", "any one"}}
	for n := 2; n <= 10; n++ {
		choices = append(choices, [2]string{fmt.Sprint(n), count(n)})
	}
	return append(choices, [2]string{"all", "all of them"})
}

// ruleFields are fields for so many approval rules, the first one with number 1.
func ruleFields(rules int) []AdminField {
	var fields []AdminField
	for n := 1; n <= min(rules, AdminMostRules); n++ {
		fields = append(fields,
			AdminField{Key: fmt.Sprintf("approval.%d.chain", n), Label: fmt.Sprintf("Approval chain %d", n), As: AsOne, Of: AdminChains},
			AdminField{Key: fmt.Sprintf("approval.%d.when", n), Label: fmt.Sprintf("Chain %d only if", n), As: AsRule, Hint: "The first chain whose condition holds is used. Empty always holds."})
	}
	return fields
}

// emergencyFields declare the emergency path of an entitlement.
var emergencyFields = []AdminField{
	{Key: "emergency.chain", Label: "Emergency: approval chain", As: AsOne, Of: AdminChains, Hint: "Empty: it is given at once."},
	{Key: "emergency.max", Label: "Emergency: how long at most", As: AsLength},
	{Key: "emergency.channel", Label: "Emergency: told in the channel", As: AsLine, Hint: "Such as #security."},
	{Key: "emergency.reviewers", Label: "Emergency: who looks at it afterwards", As: AsMany, Of: AdminApprovers},
	{Key: "emergency.review_in", Label: "Emergency: looked at within", As: AsLength, Hint: "Empty is three days."},
	{Key: "emergency.usable_by", Label: "Emergency: who may use it", As: AsRule, Hint: "Empty is whoever may ask."},
}

// underKey puts fields below a key.
func underKey(prefix string, fields []AdminField) []AdminField {
	for n := range fields {
		fields[n].Key = prefix + fields[n].Key
		if fields[n].As == AsFlags {
			for c := range fields[n].Choices {
				fields[n].Choices[c][0] = prefix + fields[n].Choices[c][0]
			}
		}
	}
	return fields
}

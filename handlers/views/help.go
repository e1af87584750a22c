package views

import "github.com/slack-go/slack"

// commands are the sub-commands of /access with what they do.
var commands = [...][2]string{
	{"request [entitlement] [duration] [because …]", "ask for access; with nothing behind it, a form opens"},
	{"mine", "the access that you hold, with Extend and Give back, and your requests"},
	{"approvals", "what waits for your decision"},
	{"status ID", "where a request stands"},
	{"extend ID", "ask for more time on a grant"},
	{"return ID", "give a grant back now"},
	{"cancel ID", "withdraw a request that is not decided"},
	{"revoke ID", "end somebody's grant now: for owners, admins and the holder's manager"},
	{"away", "say when you will be away, and who decides in your place"},
	{"who ENTITLEMENT", "who holds an entitlement"},
	{"why ID", "why a request stands as it stands: who can decide now, and what comes next"},
	{"what ENTITLEMENT [DURATION]", "what would happen if you asked"},
	{"admin", "the administration: for admins and auditors everything, for owners what they own"},
	{"reviews", "access reviews: begin one, follow it, export it; for owners, auditors and admins"},
	{"directory [NAME]", "what a directory says and what is not so: for admins, auditors and its owner"},
	{"audit", "the audit log as a file: for admins"},
	{"help", "this list"},
}

// Help lists what /access understands.
func Help() Message {
	lines := []string{"*/access* opens the request form. It also understands:"}
	for _, command := range commands {
		lines = append(lines, "• `/access "+command[0]+"`: "+command[1])
	}
	text := "With /access you ask for access. Write /access followed by request, mine, approvals, status, extend, " +
		"return, cancel, revoke, away, who, why, what, admin, reviews, directory, audit or help."
	return message(text, section(lines...), actions(requestButton()))
}

// Refusal is the private answer that says why something was not done. The text is shown as it is.
func Refusal(text string) Message {
	if blank(text) {
		text = "That did not work. Nothing was changed."
	}
	return message(escape(text, 2000), slack.NewSectionBlock(plain(text, maxText), nil, nil))
}

func requestButton() *slack.ButtonBlockElement {
	return primary(button(ActionRequestOpen, "", "Request access", ""))
}

package scripts

import "github.com/usherhq/usher/connectors"

// The script types that Usher runs itself. Stored names: they never change.
const (
	None              = "none"
	Sleep             = "sleep"
	WaitUntil         = "wait_until"
	ManualTask        = "manual_task"
	SlackNotification = "slack_notification"
	SlackApproval     = "slack_approval"
	EmailNotification = "email_notification"
	EmailApproval     = "email_approval"
)

const (
	recipientDoc = `an e-mail address, a "#channel", or a placeholder such as "{{ subject.manager }}"`
	decidersDoc  = `manager, owner, "@usergroup", "group:handle", an e-mail address, a placeholder such as "{{ subject.manager }}", or a list of these`
	workersDoc   = `a "#channel", ` + decidersDoc
	buttonsDoc   = `what can be pressed: a list of {text, style: green | red | plain, value}; Approve (green) and Deny (red) if absent`
)

// own describes Usher's own types. A new one is one more entry here, and a performer in flows.
func own() []Type {
	return []Type{
		{Name: None, Doc: "does nothing"},
		{Name: Sleep, Doc: "waits, so that a target can finish what it does later", Args: []Arg{
			required("for", Length, "how long to wait, for example 10m"),
		}, Outputs: []connectors.Field{output("until", connectors.TypeString, "when it ended, RFC 3339")}},
		{Name: WaitUntil, Doc: "reads again and again until what it reads is so", Args: []Arg{
			required("read", Reader, "a script type that only reads, for example drive_api_get_user"),
			{Field: connectors.Field{Name: "args", Type: connectors.TypeMap, Doc: "the arguments of the read"}},
			required("until", Condition, `what must be true, over result, the output of the read: for example "result.exists"`),
			optional("every", Length, "how long to wait between two reads; 30s if absent"),
			optional("within", Length, "how long to try before it has failed; 1h if absent"),
		}, Outputs: []connectors.Field{output("result", connectors.TypeMap, "what the last read found")}},
		{Name: ManualTask, Doc: "asks a person to do something by hand and waits", Args: []Arg{
			{Field: connectors.Field{Name: "to", Type: connectors.TypeAny, Doc: workersDoc, Required: true}, Format: Workers},
			required("text", FreeText, "what to do"),
			optional("due", Length, "how long there is for it, for example 2d; then the owner is asked too"),
			optional("remind", Length, "how often to remind, for example 4h"),
		}, Outputs: []connectors.Field{
			output("to", connectors.TypeString, "whom it named"), output("text", connectors.TypeString, "what was to be done"),
			output("by", connectors.TypeString, "who said that it is done"), output("evidence", connectors.TypeString, "what that person wrote"),
		}},
		{Name: SlackNotification, Doc: "tells a person or a channel something in Slack", Args: []Arg{
			required("to", Recipient, recipientDoc), required("text", FreeText, "what to say"),
		}, Outputs: told()},
		{Name: SlackApproval, Doc: "asks in Slack and waits for a button", Args: append(approvalArgs(),
			optional("remind", Length, "how often to remind, for example 4h")), Outputs: answered()},
		{Name: EmailNotification, Doc: "tells a person something by mail", Args: []Arg{
			required("to", Address, "an e-mail address or a placeholder such as \"{{ subject.email }}\""),
			optional("subject", FreeText, "the mail's subject; it names the access if absent"), required("text", FreeText, "what to say"),
		}, Outputs: append(told(), output("message_id", connectors.TypeString, "the mail's Message-ID"))},
		{
			Name: EmailApproval, Doc: "asks by mail, with links that can be used once, and waits for an answer",
			Args: append(approvalArgs(), optional("subject", FreeText, "the mail's subject")), Outputs: answered(),
		},
	}
}

func approvalArgs() []Arg {
	return []Arg{
		{Field: connectors.Field{Name: "to", Type: connectors.TypeAny, Doc: decidersDoc, Required: true}, Format: Deciders},
		required("text", FreeText, "the question"),
		{Field: connectors.Field{Name: "buttons", Type: connectors.TypeAny, Doc: buttonsDoc}, Format: Buttons},
		optional("within", Length, "how long there is to answer; 7d if absent"),
	}
}

func told() []connectors.Field {
	return []connectors.Field{output("to", connectors.TypeString, "whom it told"), output("text", connectors.TypeString, "what it said")}
}

func answered() []connectors.Field {
	return []connectors.Field{
		output("answer", connectors.TypeString, "value of the button that was pressed"),
		output("approved", connectors.TypeBool, "whether that button was not a red one"),
		output("by", connectors.TypeString, "e-mail address of who pressed it"),
	}
}

func required(name string, format Format, doc string) Arg {
	arg := optional(name, format, doc)
	arg.Required = true
	return arg
}

func optional(name string, format Format, doc string) Arg {
	return Arg{Field: connectors.Field{Name: name, Type: connectors.TypeString, Doc: doc}, Format: format}
}

func output(name, kind, doc string) connectors.Field {
	return connectors.Field{Name: name, Type: kind, Doc: doc}
}

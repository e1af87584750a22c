package workflow

// spread are words that are several.
var spread = map[string][]string{
	"don't": {"do", "not"}, "dont": {"do", "not"}, "doesn't": {"does", "not"}, "doesnt": {"does", "not"}, "didn't": {"did", "not"},
	"isn't": {"is", "not"}, "isnt": {"is", "not"}, "aren't": {"is", "not"}, "wasn't": {"was", "not"}, "weren't": {"was", "not"},
	"hasn't": {"has", "not"}, "haven't": {"has", "not"}, "hadn't": {"had", "not"}, "can't": {"can", "not"}, "cannot": {"can", "not"},
	"won't": {"will", "not"}, "shouldn't": {"should", "not"}, "mustn't": {"must", "not"}, "couldn't": {"could", "not"},
	"it's": {"it", "is"}, "that's": {"that", "is"}, "there's": {"there", "is"}, "they're": {"they", "is"}, "they've": {"they", "has"},
	"he's": {"he", "is"}, "she's": {"she", "is"}, "let's": {}, "who's": {"who", "is"}, "they'll": {"they", "will"},
	"there'll": {"there", "will"}, "we'll": {"we", "will"}, "ain't": {"is", "not"}, "high-risk": {"high", "risk"},
	"medium-risk": {"medium", "risk"}, "low-risk": {"low", "risk"}, "and/or": {"and", "or"},
}

// alike are words that mean the same as another one.
var alike = map[string]string{
	"are": "is", "have": "has", "licence": "license", "licences": "license", "licenses": "license", "seats": "seat",
	"organisation": "organization", "e-mail": "email", "e-mails": "email", "emails": "email", "mail": "email", "mails": "email",
	"requestor": "requester", "re-enable": "reenable", "re-activate": "reactivate", "re-add": "readd", "sign-off": "signoff",
	"log-in": "login", "logins": "login", "de-provision": "deprovision", "deprovisioning": "deprovision", "ok": "okay",
	"administrator": "admin", "administrators": "admin", "admins": "admin", "accounts": "account", "users": "user",
	"permissions": "permission", "privileges": "privilege", "memberships": "membership", "members": "member",
	"channels": "channel", "groups": "group", "teams": "team", "roles": "role", "tickets": "ticket", "issues": "issue",
	"usergroup": "usergroup", "user-group": "usergroup", "messages": "message", "labels": "label", "comments": "comment",
	"were": "was", "doesnot": "does", "notifications": "notification", "de-activate": "deactivate", "dept": "department",
	"mins": "minute", "min": "minute", "minutes": "minute", "hours": "hour", "hrs": "hour", "hr": "hour", "days": "day", "weeks": "week",
	"seconds": "second", "secs": "second", "sec": "second", "attempts": "attempt", "tries": "try", "retries": "retry",
	"self-service": "selfservice", "devices": "device", "units": "unit", "schemas": "schema", "signoffs": "signoff", "apis": "api", "sessions": "session", "webhooks": "webhook", "web-hook": "webhook",
}

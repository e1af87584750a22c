package bot

import "strings"

// perMinute are Slack's tiers by method (docs.slack.dev, rate limits): calls per minute of one app in
// one workspace. Methods that are not here get the third tier.
var perMinute = map[string]int{
	"apps.connections.open": 50, // the brake, not this, keeps sockets calm
	"auth.test":             600, "chat.getPermalink": 600,
	"chat.postMessage":   200,
	"chat.postEphemeral": 100, "views.open": 100, "views.push": 100, "views.update": 100,
	"views.publish": 100, "users.info": 100, "files.getUploadURLExternal": 100,
	"files.completeUploadExternal": 100,
	"users.list":                   20, "conversations.list": 20, "usergroups.list": 20, "usergroups.users.list": 20,
}

// tierThree is what other methods get, elsewhere what addresses that are not methods get: uploads and
// response addresses have no tier.
const (
	tierThree = 50
	elsewhere = 600
)

// repeatable are the methods that may be called twice without harm: reads, and writes that only
// say what shall be.
var repeatable = map[string]bool{
	"auth.test": true, "bots.info": true, "blocks.validate": true, "chat.getPermalink": true,
	"conversations.history": true, "conversations.replies": true, "conversations.list": true,
	"conversations.info": true, "conversations.open": true, "conversations.join": true, "users.info": true, "users.list": true,
	"users.lookupByEmail": true, "usergroups.list": true, "usergroups.users.list": true,
	"chat.update": true, "views.publish": true, "files.getUploadURLExternal": true,
}

func callsPerMinute(name string) int {
	if calls, known := perMinute[name]; known {
		return calls
	}
	if strings.HasPrefix(name, "https://") {
		return elsewhere
	}
	return tierThree
}

package slack

import (
	_ "embed"
	"encoding/json"
)

//go:embed methods.json
var methodsJSON []byte

// methodSpec is what Slack's method pages say of a method: the rate limit tier, the scopes of which a bot's and a
// person's token need one, the arguments that must be there, and whether it takes a JSON body.
type methodSpec struct {
	Tier       string   `json:"tier"`
	Scopes     []string `json:"scopes"`
	UserScopes []string `json:"user_scopes"`
	Required   []string `json:"required"`
	JSON       bool     `json:"json"`
}

var methodSpecs = func() map[string]methodSpec {
	specs := map[string]methodSpec{}
	if err := json.Unmarshal(methodsJSON, &specs); err != nil {
		panic("read methods.json: " + err.Error())
	}
	return specs
}()

// answer is the body of an ok answer, without the "ok".
type answer = map[string]any

// methods are the Web API methods that the workspace knows; any other is unknown_method. Each runs with the
// workspace's lock held.
var methods = map[string]func(w *Workspace, c *call) (answer, error){
	"api.test":               func(*Workspace, *call) (answer, error) { return answer{}, nil },
	"apps.connections.open":  (*Workspace).appsConnectionsOpen,
	"apps.manifest.validate": wrongToken,
	"auth.test":              (*Workspace).authTest,
	"blocks.validate":        (*Workspace).blocksValidate,
	"bots.info":              (*Workspace).botsInfo,
	"team.info":              (*Workspace).teamInfo,

	"chat.delete":          (*Workspace).chatDelete,
	"chat.getPermalink":    (*Workspace).chatGetPermalink,
	"chat.postEphemeral":   (*Workspace).chatPostEphemeral,
	"chat.postMessage":     (*Workspace).chatPostMessage,
	"chat.scheduleMessage": (*Workspace).chatScheduleMessage,
	"chat.update":          (*Workspace).chatUpdate,

	"conversations.create":  (*Workspace).conversationsCreate,
	"conversations.history": (*Workspace).conversationsHistory,
	"conversations.info":    (*Workspace).conversationsInfo,
	"conversations.invite":  (*Workspace).conversationsInvite,
	"conversations.join":    (*Workspace).conversationsJoin,
	"conversations.kick":    (*Workspace).conversationsKick,
	"conversations.list":    (*Workspace).conversationsList,
	"conversations.members": (*Workspace).conversationsMembers,
	"conversations.open":    (*Workspace).conversationsOpen,
	"conversations.replies": (*Workspace).conversationsReplies,
	"users.conversations":   (*Workspace).usersConversations,

	"files.completeUploadExternal": (*Workspace).filesComplete,
	"files.delete":                 (*Workspace).filesDelete,
	"files.getUploadURLExternal":   (*Workspace).filesUploadURL,
	"files.info":                   (*Workspace).filesInfo,

	"pins.add":         (*Workspace).pinsAdd,
	"reactions.add":    (*Workspace).reactionsAdd,
	"reactions.remove": (*Workspace).reactionsRemove,

	"usergroups.create":       (*Workspace).usergroupsCreate,
	"usergroups.disable":      (*Workspace).usergroupsDisable,
	"usergroups.enable":       (*Workspace).usergroupsEnable,
	"usergroups.list":         (*Workspace).usergroupsList,
	"usergroups.update":       (*Workspace).usergroupsUpdate,
	"usergroups.users.list":   (*Workspace).usergroupsUsersList,
	"usergroups.users.update": (*Workspace).usergroupsUsersUpdate,

	"users.info":          (*Workspace).usersInfo,
	"users.list":          (*Workspace).usersList,
	"users.lookupByEmail": (*Workspace).usersLookupByEmail,
	"users.profile.get":   (*Workspace).usersProfileGet,

	"views.open":    (*Workspace).viewsOpen,
	"views.publish": (*Workspace).viewsPublish,
	"views.push":    (*Workspace).viewsPush,
	"views.update":  (*Workspace).viewsUpdate,

	"admin.users.list":          (*Workspace).adminUsersList,
	"admin.users.remove":        (*Workspace).adminUsersRemove,
	"admin.users.session.list":  (*Workspace).adminSessionList,
	"admin.users.session.reset": (*Workspace).adminSessionReset,
	"admin.users.setAdmin":      (*Workspace).adminSetAdmin,
	"admin.users.setOwner":      (*Workspace).adminSetOwner,
	"admin.users.setRegular":    (*Workspace).adminSetRegular,
}

// wrongToken answers for methods that take none of the tokens that there are here.
func wrongToken(*Workspace, *call) (answer, error) { return nil, refuse("not_allowed_token_type") }

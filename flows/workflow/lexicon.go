package workflow

import "strings"

// set is a set of words.
type set map[string]bool

func setOf(words string) set {
	s := set{}
	for _, w := range strings.Fields(words) {
		s[w] = true
	}
	return s
}

// verb is a class of verbs: what they ask for.
type verb string

const (
	grants     verb = "grant"
	revokes    verb = "revoke"
	creates    verb = "create"
	deletes    verb = "delete"
	disables   verb = "disable"
	enables    verb = "enable"
	upgrades   verb = "upgrade"
	downgrades verb = "downgrade"
	restores   verb = "restore"
	moves      verb = "move"
	ends       verb = "end"
	checks     verb = "check"
	waits      verb = "wait"
	tells      verb = "tell"
	sends      verb = "send"
	asks       verb = "ask"
	gets       verb = "get"
	has        verb = "have"
	lets       verb = "let"
	makes      verb = "make"
	ensures    verb = "ensure"
	closes     verb = "close"
	opens      verb = "open"
	notes      verb = "comment"
	marks      verb = "label"
	calls      verb = "call"
	does       verb = "do"
	keeps      verb = "keep"
	tries      verb = "try"
	goesOn     verb = "continue"
	manually   verb = "manually"
	permits    verb = "allow"
)

// verbs are the verbs with which an instruction may begin, with their classes.
var verbs = classes(verbLists)

// verbLists are the verbs of each class; none is in two.
var verbLists = map[verb]string{
	grants:     "grant give assign provision allocate add invite enroll enrol put award hand provide supply equip include join place admit issue bring subscribe confer attach",
	revokes:    "remove revoke take withdraw kick strip rescind retract unassign deprovision expel drop deprive cancel pull eject evict uninvite free release cut detach exclude reclaim throw unsubscribe unenroll unenrol deallocate dissociate disassociate",
	creates:    "create register",
	deletes:    "delete erase purge destroy wipe",
	disables:   "disable deactivate suspend block lock freeze shut inactivate",
	enables:    "enable activate reenable reactivate unblock unlock unsuspend",
	upgrades:   "upgrade promote elevate raise",
	downgrades: "downgrade demote lower step reduce",
	restores:   "restore reinstate readd return revert",
	moves:      "move switch transfer swap replace change",
	ends:       "end terminate kill log sign stop force expire invalidate logout signout",
	checks:     "check verify look see determine find confirm test read inspect validate lookup query ascertain examine",
	waits:      "wait sleep pause hold delay",
	tells:      "notify tell inform message dm ping alert email announce post write remind mention warn advise shoot report broadcast",
	sends:      "send",
	asks:       "ask request require seek prompt solicit",
	gets:       "get obtain collect await secure",
	has:        "has",
	lets:       "let",
	makes:      "make set turn",
	ensures:    "ensure",
	closes:     "close resolve",
	opens:      "open file",
	notes:      "comment",
	marks:      "label tag unlabel untag",
	calls:      "call trigger run invoke fire execute use",
	does:       "do skip",
	keeps:      "keep leave retain preserve",
	tries:      "try retry attempt",
	goesOn:     "continue proceed ignore go carry resume",
	manually:   "manually",
	permits:    "allow permit",
}

func classes(words map[verb]string) map[string]verb {
	byWord := map[string]verb{}
	for class, list := range words {
		for w := range setOf(list) {
			byWord[w] = class
		}
	}
	return byWord
}

var (
	// fillers may stand before an instruction and say nothing but its place in the order.
	fillers = setOf("then next finally lastly first firstly second secondly third thirdly afterwards afterward subsequently and also please now so again quickly immediately automatically simply just directly promptly instantly swiftly kindly straightaway")
	// noise may stand anywhere in an instruction about access and changes nothing. A word that could is not here.
	noise = setOf("please now also first then finally immediately automatically directly simply just only straightaway promptly quickly instantly swiftly kindly again the a an")
	// thingNoise may stand where a thing is named, in conditions too.
	thingNoise = setOf("please now also first then the a an")
	// adverbs may stand in a condition and change nothing.
	adverbs = setOf("already yet currently still actually presently really now also indeed")

	// joining are prepositions that say only what belongs together.
	joining = setOf("in at on of for to within")

	articles     = setOf("the a an this that these such their his her its our your existing")
	subjects     = setOf("user employee person subject colleague holder grantee beneficiary assignee")
	subjectThey  = setOf("them they him her he she themselves")
	accessNouns  = setOf("access membership permission rights privilege entitlement")
	baseWords    = setOf("base basic")
	prepositions = setOf("to from in at on of for with via through using by as into onto within off inside over under out")
)

// kinds are the nouns for what access can be to.
var kinds = map[string]string{
	"account": "user", "user": "user", "login": "user", "profile": "user",
	"group": "group", "team": "group", "channel": "group", "usergroup": "group", "list": "group",
	"role": "role", "tenant": "entity", "workspace": "entity", "project": "entity", "organization": "entity", "schema": "entity",
	"database": "entity", "instance": "entity", "application": "entity", "app": "entity", "entity": "entity", "repository": "entity",
	"system": "entity", "server": "entity", "site": "entity", "directory": "entity", "unit": "entity", "ou": "entity",
	"license": "license", "seat": "license", "subscription": "license",
}

// knownRoles are the roles that may be named though no entitlement has them.
var knownRoles = setOf("admin member")

// vague are words that leave open what is meant, each with what to write in their place.
var vague = map[string]string{
	"later": "a length of time, such as \"wait 2 hours\"", "soon": "a length of time, such as \"wait 2 hours\"",
	"eventually": "a length of time, such as \"wait 2 hours\"", "while": "a length of time, such as \"5 minutes\"",
	"bit": "a length of time, such as \"5 minutes\"", "moment": "a length of time, such as \"5 minutes\"",
	"tomorrow": "a length of time, such as \"wait 1 day\"", "someone": "a person, such as the manager, the owner or an e-mail address",
	"somebody": "a person, such as the manager, the owner or an e-mail address", "anyone": "a person, such as the manager, the owner or an e-mail address",
	"everyone": "a person or a channel", "everybody": "a person or a channel", "it-team": "a person, a #channel or a @usergroup",
	"usual": "what is to be done", "needful": "what is to be done", "stuff": "what is meant", "things": "what is meant",
	"everything": "each thing by its name", "all": "each thing by its name", "anything": "each thing by its name",
	"appropriate": "which one by its name", "necessary": "which one by its name", "relevant": "which one by its name",
	"correct": "which one by its name", "right": "which one by its name", "proper": "which one by its name", "some": "which one by its name",
	"maybe": "a condition, or leave it out", "perhaps": "a condition, or leave it out", "possibly": "a condition, or leave it out",
	"probably": "a condition, or leave it out", "usually": "a condition, or leave it out", "sometimes": "a condition, or leave it out",
	"etc": "each thing by its name", "temporarily": "nothing of the kind: how long access lasts is chosen in each request",
	"other": "which one by its name", "others": "which ones by their names", "another": "which one by its name",
	"same": "which one by its name", "different": "which one by its name", "try": "how often, such as \"try up to 3 times\"",
}

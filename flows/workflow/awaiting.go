package workflow

import "slices"

// replyForms are the ways to wait for the answer of somebody who has just been asked or told.
var replyForms = forms(
	"wait for the|their|his|her|an|a? answer|response|reply|decision|approval|confirmation|verdict|signoff|okay|go-ahead|consent",
	"await the|their|his|her|an|a? answer|response|reply|decision|approval|confirmation|verdict|signoff|okay|go-ahead|consent",
	"wait until|till @ approve|approves|approved|agree|agrees|agreed|answer|answers|answered|respond|responds|reply|replies|decide|decides|confirm|confirms|confirmed it|this|that?",
	"wait until|till @ has approved|agreed|answered|responded|replied|decided|confirmed it|this|that?", "wait until|till approved|confirmed", "wait until|till it|this is approved|confirmed",
	"wait for @ to approve|agree|answer|respond|reply|decide|confirm it|this|that?",
)

// awaits says whether words wait for the answer of one of these people.
func awaits(words []word, asked []person) bool {
	f, is := firstMatch(replyForms, words)
	return is && (len(f.who) == 0 || f.who[0].role == subject || slices.Contains(asked, f.who[0]))
}

// toldAndAwaited reads "email the owner and wait for their approval", which is an approval.
func (r *reading) toldAndAwaited(n int, words []word) (bool, *unclear) {
	class := verbs[words[0].text]
	if n+1 >= len(r.segments) || class != tells && class != sends || r.segments[n].after != nil {
		return false, nil
	}
	next := strip(r.segments[n+1].words)
	if r.segments[n+1].joint == "or" || r.segments[n+1].after != nil || !awaits(next, nil) && !awaits(next, peopleIn(words)) {
		return false, nil
	}
	m, reason := r.message(words)
	if reason != nil {
		return true, reason
	}
	if !awaits(next, m.who) {
		return false, nil
	}
	q := question{who: m.who, mail: m.mail}
	if m.text != "" {
		q.rest = []word{{text: m.text, raw: m.text, shape: quoted}}
	}
	r.acted, r.skip = true, n+1
	return true, r.approval(q, r.scope)
}

// peopleIn are all people whom words name.
func peopleIn(words []word) []person {
	var all []person
	for n := 0; n < len(words); {
		who, length := personAt(words[n:])
		if length > 0 {
			all = append(all, who)
		}
		n += max(length, 1)
	}
	return all
}

// askedAndAwaited reads "and wait for the answer" behind an approval, which waits anyway.
func (r *reading) askedAndAwaited(n int, words []word) bool {
	if n == 0 || len(r.made) == r.compiler.first || !r.isApproval(r.made[len(r.made)-1]) {
		return false
	}
	return awaits(words, peopleIn(r.segments[n-1].words))
}

var (
	// forApproval is what somebody is written to for, where it is an approval.
	forApproval = forms(
		"to ask|request for? the|their|his|her|an? approval|confirmation|signoff|consent|permission|okay", "to get|obtain the|their|his|her|an? approval|confirmation|signoff|consent|permission|okay",
		"for the|their|his|her|an? approval|confirmation|signoff|consent|permission|okay", "to approve|confirm|agree|accept it|this|that?", "to approve|confirm the|this request|access", "to sign off",
	)
	// toldForms are the ways to write to people.
	toldForms = forms("email|message|notify|dm|ping|tell|alert|inform|prompt <p>", "send <p> an|a email|message|dm", "send an|a email|message|dm to <p>")
)

// toldToApprove compiles "email the manager to ask for approval". It answers whether the words are that.
func (c *compiler) toldToApprove(words []word, when *cond) (bool, *unclear) {
	for n := 2; n < len(words); n++ {
		f, told := firstMatch(toldForms, words[:n])
		if _, is := firstMatch(forApproval, words[n:]); !is || !told {
			continue
		}
		p, mail := takeMail(f.words["p"])
		who, oneOf, used := readPeople(p)
		if used != len(p) || used == 0 {
			continue
		}
		return true, c.approval(question{who: who, any: oneOf, mail: mail || holds(words[:n], "email")}, when)
	}
	return false, nil
}

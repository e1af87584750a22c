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

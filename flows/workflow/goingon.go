package workflow

// goForms are the ways to say that the workflow goes on, which it does anyway.
var goForms = forms(
	"continue|proceed|resume", "go|carry|move on", "go ahead", "keep going", "the? workflow|process|flow continues|proceeds",
	"continue|proceed|resume with|to the? next|following|remaining|other? step|steps", "continue|proceed|resume with|to the? rest|workflow|process|flow|request",
	"continue|proceed|resume the? workflow|process|flow", "go|carry|move on with|to the? next|following|remaining step|steps", "go|carry|move on with|to the? rest|workflow|process|flow|request",
	"go ahead with the? rest|workflow|process|flow|request",
	"continue|proceed|resume after the? approval|confirmation|signoff|that|this", "go|carry|move on after the? approval|confirmation|signoff|that|this",
)

// goesOn says whether words only say that the workflow goes on.
func goesOnly(words []word) bool {
	_, is := firstMatch(goForms, words)
	return is
}

// goOn places "continue", perhaps with a condition behind it. Going on is what happens anyway, and after an approval it
// happens only if that was given, so that there is nothing to do; going on under any other condition would be to stop
// otherwise, which a workflow cannot.
func (r *reading) goOn(n int, condition []word, not bool) *unclear {
	only := cannot("A workflow goes on unless an approval is denied or a script fails: write the condition in the steps that depend on it.")
	switch {
	case r.adrift():
		return afterUnclear()
	case condition != nil:
		k, reason := r.compiler.condition(condition)
		if reason != nil {
			return reason
		}
		if not || !k.answer {
			return only
		}
	case r.scope != nil && !r.acted && !r.scope.answer && !r.orElse:
		return only
	case len(r.made) == 0 && n+1 >= len(r.segments):
		return cannot("Nothing stands before this that the workflow could go on from.")
	}
	r.acted = true
	return nil
}

// goingOn reads "continue" and "continue only if they approve". It answers whether the words are that.
func (r *reading) goingOn(n int, words []word) (bool, *unclear) {
	if goesOnly(words) {
		return true, r.goOn(n, nil, false)
	}
	for at := 1; at < len(words); at++ {
		if length, not := conditionAt(words[at:]); length > 0 && goesOnly(trimTail(words[:at])) {
			return true, r.goOn(n, words[at+length:], not)
		}
	}
	return false, nil
}

var keepForms = forms(
	"leave|keep|retain|preserve <x> in place", "leave|keep|retain|preserve <x> as it|they? is", "leave|keep <x> untouched|intact|alone|unchanged|active", "keep|retain|preserve <x>",
)

// keeping reads "but keep the account" behind what is taken. It changes nothing, if what is kept is not taken.
func (r *reading) keeping(words []word) (bool, *unclear) {
	f, is := firstMatch(keepForms, words)
	if !is || len(r.made) == r.compiler.first || len(r.mentions) == 0 {
		return false, nil
	}
	if holds(f.words["x"], "it", "one", "this", "that") {
		return true, cannot("It is not clear what %q keeps: name it.", textOf(words))
	}
	object := r.object(append(words[:1:1], f.words["x"]...))
	kept, reason := r.near(object, r.wordsOf(r.mentions[len(r.mentions)-1].provider), nil)
	if kept.provider == "" && reason == nil {
		kept, reason = r.thing(object)
	}
	if reason != nil {
		return true, reason
	}
	for _, m := range r.made[r.compiler.first:] {
		sameThing := m.about.kind == kept.kind && m.about.name == kept.name || m.about.kind == "user"
		if m.about.provider == kept.provider && sameThing {
			return true, cannot("It is not clear how %q goes with what is taken away: the one would end the other.", textOf(words))
		}
	}
	return true, nil
}

// adrift says whether the last thing that was said is not known, since the step before is unclear: "it" may mean that.
func (c *compiler) adrift() bool {
	return c.lost && len(c.made) == c.lostMade && len(c.mentions) == c.lostMentions
}

func afterUnclear() *unclear {
	return cannot("This speaks of the step before, which is unclear: mend that one first.")
}

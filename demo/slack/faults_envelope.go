package slack

import "strings"

// Faults of envelopes. They are set with [Workspace.Fault] as well; the method is then the type of an envelope
// (events_api, slash_commands, interactive), or what it is about: view_submission, block_actions,
// block_suggestion, view_closed, shortcut, message_action, a command ("/access") or an event ("user_change").
// FaultTimeout loses the envelope on its way, FaultLost loses the acknowledgement: either way the person sees an
// error and tries again, but only in the second case has the app done its work already.
const (
	FaultTwice FaultKind = "twice" // the same envelope is sent two times, over two sockets if there are so many
)

// takeEnvelopeFault takes the next fault that waits for such an envelope, or nil. The lock is held.
func (w *Workspace) takeEnvelopeFault(kind, about string) *Fault {
	subject, _, _ := strings.Cut(about, " ")
	return w.nextFault(subject, kind)
}

// sendFaulty sends an envelope as the fault wants it.
func (w *Workspace) sendFaulty(e *envelope, f *Fault, frame map[string]any) {
	w.note(LevelWarning, e.kind, "fault: "+string(f.Kind), e.about, nil)
	switch f.Kind {
	case FaultTimeout:
		return
	case FaultTwice:
		e.sentTo.send(frame)
		if other := e.app.next(); other != nil {
			other.send(frame)
		}
		return
	case FaultLost:
		e.deaf = true
	default: // what belongs to the Web API changes nothing here
	}
	e.sentTo.send(frame)
}

package bot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
)

// run calls the handler and, when it failed, has the error put into words.
func (r *Router) run(ctx context.Context, made *task) result {
	got, err := r.guarded(ctx, made)
	if err == nil || errors.Is(err, errDuplicate) {
		return result{reply: got, err: err}
	}
	words := r.words(ctx, made, err)
	if words == "" || made.tell == nil {
		return result{err: err}
	}
	return result{reply: made.tell(words), err: err}
}

func (r *Router) guarded(ctx context.Context, made *task) (got reply, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			got, err = reply{}, &panicked{cause: cause, stack: debug.Stack()}
		}
	}()
	return made.run(ctx)
}

// words asks OnError what to say. A command and a modal need an answer, whatever happens there.
func (r *Router) words(ctx context.Context, made *task, failure error) (text string) {
	if made.where.Kind == SurfaceCommand || made.where.Kind == SurfaceSubmission {
		defer func() {
			if text == "" {
				text = neutralSentence(made.where.Reference)
			}
		}()
	}
	defer func() {
		if cause := recover(); cause != nil {
			r.log.ErrorContext(ctx, "slack error function panicked", "cause", fmt.Sprint(cause))
		}
	}()
	where := made.where
	where.words = &text
	// The handler's time may be what is over.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.options.AckAfter)
	defer cancel()
	r.onError(ctx, made.by, where, failure)
	return text
}

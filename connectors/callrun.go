package connectors

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// maxSent bounds the body of a declared call, in bytes.
const maxSent = 1 << 20

// boundCall is a declared call that can be made.
type boundCall struct {
	declaredCall
	deps Deps
	// client is the provider's, or the one of the declaration's own address without its base.
	client JSONClient
}

// bind makes an endpoint of a declared call.
func (d declaredCall) bind(provider Provider, deps Deps) (Endpoint, error) {
	b := &boundCall{declaredCall: d, deps: deps}
	if err := b.connect(provider); err != nil {
		return Endpoint{}, fmt.Errorf("endpoint %s: %w", d.endpoint.Name, err)
	}
	endpoint := d.endpoint
	endpoint.Read = b.read
	if endpoint.Effect != Reads {
		endpoint.Write = b.write
		endpoint.Did = func(call Call) string { return "Called " + d.endpoint.Name + " for " + call.Subject.Email }
	}
	return endpoint, nil
}

func (b *boundCall) connect(provider Provider) error {
	if b.own == nil {
		caller, ok := As[Caller](provider)
		if !ok {
			return errors.New("the connector has no address for declared calls: give base_url")
		}
		b.client = *caller.Caller()
		return nil
	}
	token := ""
	if b.own.token != "" {
		var err error
		if token, err = b.deps.Secret(b.own.token); err != nil {
			return fmt.Errorf("token: %w", err)
		}
	}
	header, secrets, err := Authorize(b.own.auth, b.own.header, token)
	if err != nil {
		return fmt.Errorf("token: %w", err)
	}
	b.client = JSONClient{HTTP: b.deps.HTTP(), Media: "application/json", Header: header, Secrets: secrets, Detail: JSONDetail}
	if b.own.address.outside {
		b.client.HTTP = b.deps.Outside()
	}
	return nil
}

// read asks whether the wanted state is there. Without a check only this run's own write can tell.
func (b *boundCall) read(ctx context.Context, call Call) (State, error) {
	f, err := fillerOf(b.deps, b.endpoint.Args, b.defaults, call)
	if err != nil {
		return State{}, Refuse(err)
	}
	switch {
	case b.endpoint.Effect == Reads:
		return b.ask(ctx, f)
	case b.check != nil:
		return b.look(ctx, f)
	}
	wrote := memoryOf(ctx)
	state := State{Done: wrote.written, Output: wrote.output, Summary: "Nothing can be read back for " + b.endpoint.Name}
	if wrote.written {
		state.Summary = b.endpoint.Name + " was answered with success"
	}
	return state, nil
}

// ask is a call that only reads.
func (b *boundCall) ask(ctx context.Context, f filler) (State, error) {
	answered, response, err := b.send(ctx, f, b.request, nil, b.request.succeeds)
	if err != nil {
		return State{}, err
	}
	output, err := f.with(scopeResponse, response).outputs(b.outputs)
	if err != nil {
		return State{}, err
	}
	return State{Done: true, Output: output, Summary: fmt.Sprintf("%s answered %d", b.endpoint.Name, answered)}, nil
}

// look asks the check.
func (b *boundCall) look(ctx context.Context, f filler) (State, error) {
	status, response, err := b.send(ctx, f, b.check.request, nil, func(status int) bool {
		return b.check.request.succeeds(status) || slices.Contains(b.check.absent, status)
	})
	if err != nil {
		return State{}, fmt.Errorf("check: %w", err)
	}
	exists := b.check.request.succeeds(status)
	state := State{Done: exists == (b.endpoint.Effect == Grants), Output: map[string]any{}}
	if wrote := memoryOf(ctx); wrote.written {
		maps.Copy(state.Output, wrote.output)
	}
	state.Output["exists"] = exists
	if exists {
		if err := b.judge(f.with(scopeResponse, response), &state); err != nil {
			return State{}, Refuse(fmt.Errorf("check: %w", err))
		}
	}
	answer := "not so yet"
	if state.Done {
		answer = "so"
	}
	state.Summary = fmt.Sprintf("The check of %s answered %d: it is %s", b.endpoint.Name, status, answer)
	return state, nil
}

// judge reads an answer of the check that found something.
func (b *boundCall) judge(f filler, state *State) error {
	if b.check.done != "" {
		done, err := f.deps.Holds(b.check.done, f.scope)
		if err != nil {
			return fmt.Errorf("done: %w", err)
		}
		state.Done = done
	}
	output, err := f.outputs(b.check.outputs)
	maps.Copy(state.Output, output)
	return err
}

// write makes the call. What comes of its answer is kept for the read-back.
func (b *boundCall) write(ctx context.Context, call Call, _ State) error {
	f, err := fillerOf(b.deps, b.endpoint.Args, b.defaults, call)
	if err != nil {
		return Refuse(err)
	}
	header := http.Header{}
	switch {
	case b.key != "" && call.IdempotencyKey != "":
		header.Set(b.key, call.IdempotencyKey)
	case b.check == nil:
		return Refuse(errors.New("the call has no idempotency key, and without one a lost answer could not be settled"))
	}
	_, response, err := b.send(ctx, f, b.request, header, b.request.succeeds)
	if err != nil {
		return err
	}
	output, err := f.with(scopeResponse, response).outputs(b.outputs)
	if err != nil {
		return Unsure(fmt.Errorf("the call succeeded, but its answer is not as expected: %w", err))
	}
	*memoryOf(ctx) = memory{written: true, output: output}
	return nil
}

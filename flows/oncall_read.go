package flows

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

// errNoRead says that a source of people on call changes something: it must only read.
var errNoRead = errors.New("it is no endpoint that only reads")

func (f *Flows) whoIsOnCall(ctx context.Context, step db.ApprovalStep, source string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, onCallTimeout)
	defer cancel()
	flow, err := db.FlowByID(ctx, f.store, step.FlowID)
	if err != nil {
		return nil, err
	}
	item, err := db.ItemByID(ctx, f.store, flow.ItemID)
	if err != nil {
		return nil, err
	}
	script := db.Script{Type: strings.TrimPrefix(source, onCall)}
	name, _ := scripts.EndpointOf(script.Type)
	endpoint, opened, err := f.providers.endpoint(ctx, f.store, scripts.ProviderOf(script), name)
	if err != nil {
		return nil, err
	}
	if endpoint.Effect != connectors.Reads {
		return nil, errNoRead
	}
	if err := opened.limiter.Wait(ctx); err != nil {
		return nil, fmt.Errorf("%w: it left no room in time", errBusy)
	}
	state, err := connectors.Plan(ctx, endpoint, connectors.Call{Target: item.Entitlement.Target, Subject: callPerson(*item.Subject)})
	if err != nil {
		return nil, err
	}
	return emailsIn(state.Output), nil
}

func emailsIn(output map[string]any) []string {
	emails := []string{}
	for _, key := range []string{"email", "emails"} {
		for _, email := range deciders(output[key]) {
			if len(emails) < onCallMost {
				emails = append(emails, strings.ToLower(email))
			}
		}
	}
	return emails
}

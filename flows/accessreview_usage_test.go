package flows_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/scim"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// useTelling is the SCIM connector, with providers that tell when an account was last used.
type useTelling struct{ scim.Connector }

func (c useTelling) Open(settings map[string]any, deps connectors.Deps) (connectors.Provider, error) {
	provider, err := c.Connector.Open(settings, deps)
	return useTellingProvider{provider}, err
}

type useTellingProvider struct{ connectors.Provider }

// LastUsed knows everybody but Carl.
func (useTellingProvider) LastUsed(_ context.Context, p connectors.Person) (time.Time, error) {
	if strings.HasPrefix(p.Email, "carl") {
		return time.Time{}, nil
	}
	return time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC), nil
}

func TestAReviewKnowsTheUse(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.held(t, "carl", "30d")
		b.holders(t, 24)
		options := b.options
		options.Registry = connectors.NewRegistry(useTelling{}).WithDeps(connectors.Deps{
			HTTP: connectors.NewHTTPClient, Secret: func(string) (string, error) { return testToken, nil },
		})
		other, err := flows.New(options)
		require.NoError(t, err)
		b.Flows = other
		review, items := b.reviewing(t, b.reviewPlan())
		b.work(t)
		b.until(t, "the last batch was asked about", func() bool { return b.reviewItems(t, review.ID)[len(items)-1].Usage != "" })
		for _, item := range b.reviewItems(t, review.ID) {
			want := "last active at Acme Drive on 2026-03-04"
			if strings.HasPrefix(item.Grant.Subject.Email, "carl") {
				want = ""
			}
			require.Equal(t, want, item.Usage)
		}
		require.Equal(t, db.ReviewOpen, b.review(t, review.ID).Status)
	})
}

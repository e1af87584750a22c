package flows

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/uptrace/bun"
	"golang.org/x/time/rate"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
)

// providers keeps opened providers and their rate limits, per process, and opens them anew when their row changed.
type providers struct {
	registry *connectors.Registry

	mu   sync.Mutex
	open map[string]openProvider
}

type openProvider struct {
	provider connectors.Provider
	limiter  *rate.Limiter
	version  time.Time
}

func newProviders(registry *connectors.Registry) *providers {
	return &providers{registry: registry, open: map[string]openProvider{}}
}

// endpoint finds an endpoint of a provider and the provider's rate limit. What is worth another try is a
// connectors.TransientError.
func (p *providers) endpoint(ctx context.Context, q bun.IDB, slug, name string) (connectors.Endpoint, openProvider, error) {
	opened, err := p.bySlug(ctx, q, slug)
	if err != nil {
		return connectors.Endpoint{}, opened, err
	}
	for _, endpoint := range opened.provider.Endpoints() {
		if endpoint.Name == name {
			return endpoint, opened, nil
		}
	}
	return connectors.Endpoint{}, opened, fmt.Errorf("provider %s has no endpoint %s", slug, name)
}

// hook finds a webhook of a provider, as endpoint does.
func (p *providers) hook(ctx context.Context, q bun.IDB, slug, name string) (connectors.Hook, openProvider, error) {
	opened, err := p.bySlug(ctx, q, slug)
	if err != nil {
		return connectors.Hook{}, opened, err
	}
	if hooked, has := connectors.As[connectors.Hooked](opened.provider); has {
		for _, hook := range hooked.Hooks() {
			if hook.Name == name {
				return hook, opened, nil
			}
		}
	}
	return connectors.Hook{}, opened, fmt.Errorf("provider %s has no webhook %s", slug, name)
}

func (p *providers) bySlug(ctx context.Context, q bun.IDB, slug string) (openProvider, error) {
	if slug == "" {
		return openProvider{}, errNowhere
	}
	row, err := db.ProviderBySlug(ctx, q, slug)
	if errors.Is(err, db.ErrNotFound) {
		return openProvider{}, err
	}
	if err != nil {
		return openProvider{}, connectors.Retry(err, 0) // the database may be back soon
	}
	return p.get(row)
}

func (p *providers) get(row db.Provider) (openProvider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if known, ok := p.open[row.Slug]; ok && known.version.Equal(row.UpdatedAt) {
		return known, nil
	}
	provider, err := p.registry.Open(row.Slug, row.Connector, row.Settings, row.Endpoints)
	if err != nil {
		return openProvider{}, err
	}
	limiter, err := limiterOf(row.Rate)
	if err != nil {
		return openProvider{}, fmt.Errorf("provider %s: %w", row.Slug, err)
	}
	p.open[row.Slug] = openProvider{provider: provider, limiter: limiter, version: row.UpdatedAt}
	return p.open[row.Slug], nil
}

// limiterOf reads a rate such as "10/s", "100/m" or "1000/h"; empty is no limit.
func limiterOf(text string) (*rate.Limiter, error) {
	if text == "" {
		return rate.NewLimiter(rate.Inf, 1), nil
	}
	number, unit, _ := strings.Cut(text, "/")
	calls, err := strconv.Atoi(number)
	per, known := map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour}[unit]
	if err != nil || calls <= 0 || !known {
		return nil, fmt.Errorf("rate %q: write for example 10/s, 100/m or 1000/h", text)
	}
	return rate.NewLimiter(rate.Limit(float64(calls)/per.Seconds()), max(1, min(calls, 10))), nil
}

// CheckProviders asks every active provider whether it can be worked with; the answers are keyed by slug, nil is well.
func (f *Flows) CheckProviders(ctx context.Context) (map[string]error, error) {
	rows, err := db.Providers(ctx, f.store)
	if err != nil {
		return nil, err
	}
	answers := map[string]error{}
	for _, row := range rows {
		if !row.Active {
			continue
		}
		opened, err := f.providers.get(row)
		if err == nil {
			err = opened.provider.Check(ctx)
		}
		answers[row.Slug] = err
	}
	return answers, nil
}

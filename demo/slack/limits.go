package slack

import (
	"net/http"
	"strconv"
	"time"
)

// tierLimits are Slack's tiers: calls per minute that are always allowed, and the burst that this workspace
// tolerates on top. Slack promises no burst; half a minute's worth is what clients usually meet.
var tierLimits = map[string]struct{ perMinute, burst float64 }{
	"t1": {1, 3},
	"t2": {20, 10},
	"t3": {50, 25},
	"t4": {100, 50},
	"t5": {600, 100}, // "special": auth.test, chat.getPermalink, and chat.postMessage over all channels
}

// Posting to one channel: about one message a second, with a small burst.
const (
	postsPerMinute = 60
	postBurst      = 5
)

// bucket is a token bucket in real time.
type bucket struct {
	left float64
	at   time.Time
}

// take spends one token, or says how long to wait for it.
func (b *bucket) take(now time.Time, perMinute, burst float64) (wait time.Duration) {
	b.left = min(burst, b.left+now.Sub(b.at).Minutes()*perMinute)
	b.at = now
	if b.left < 1 {
		return time.Duration((1 - b.left) / perMinute * float64(time.Minute))
	}
	b.left--
	return 0
}

// limit counts the call against the method's tier, per app. apps.connections.open follows its page (Tier 3).
func (w *Workspace) limit(c *call, spec methodSpec) error {
	tier := tierLimits[spec.Tier]
	if tier.perMinute == 0 {
		return nil
	}
	return w.spend(c.app.ID+" "+c.method, tier.perMinute, tier.burst)
}

// limitPosts counts a post against its channel.
func (w *Workspace) limitPosts(c *call, ch *channel) error {
	return w.spend(c.app.ID+" post "+ch.id, postsPerMinute, postBurst)
}

func (w *Workspace) spend(key string, perMinute, burst float64) error {
	perMinute, burst = perMinute*w.opts.Rates, burst*w.opts.Rates
	now := time.Now()
	b := w.buckets[key]
	if b == nil {
		b = &bucket{left: burst, at: now}
		w.buckets[key] = b
	}
	if wait := b.take(now, perMinute, burst); wait > 0 {
		return tooMany(wait)
	}
	return nil
}

// tooMany is HTTP 429 with Retry-After.
func tooMany(wait time.Duration) error {
	no := refuse("ratelimited")
	no.status = http.StatusTooManyRequests
	no.header = http.Header{"Retry-After": {strconv.Itoa(seconds(wait))}}
	return no
}

package directory

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/scim"
)

const (
	// longestToken is far longer than any token that was given out.
	longestToken = 512
	// usedEvery is how exactly the time of a token's last use is known.
	usedEvery = time.Hour
	// callsASecond and callsAtOnce are what each token may do: four times what Entra ID asks for.
	callsASecond = 100
	callsAtOnce  = 200
)

// admit finds out which directory calls. Whoever has no token that holds learns nothing, not even which directories
// there are; whoever has one learns nothing of other directories.
func (s *Server) admit(ctx context.Context, slug, authorization string) (db.Directory, error) {
	now := db.UTC(s.clock())
	token, err := s.token(ctx, authorization, now)
	if err != nil {
		return db.Directory{}, err
	}
	if wait := s.limits.wait(token.ID, now); wait > 0 {
		return db.Directory{}, refused{
			error:  &scim.Error{Status: http.StatusTooManyRequests, Detail: "There are too many calls at once. Wait as long as Retry-After says."},
			header: http.Header{"Retry-After": {strconv.Itoa(int(wait/time.Second) + 1)}},
		}
	}
	directory, err := db.DirectoryByID(ctx, s.store, token.DirectoryID)
	if err != nil {
		return directory, err
	}
	if directory.Slug != slug || !directory.Active || directory.Kind != db.SCIMDirectory {
		return directory, errNoEndpoint
	}
	if now.Sub(token.UsedAt) < usedEvery {
		return directory, nil
	}
	return directory, db.UseDirectoryToken(ctx, s.store, token.ID, now)
}

// token finds the token that a header carries. It is looked up by its hash, so that how long that takes says nothing of
// the token, and compared in constant time all the same.
func (s *Server) token(ctx context.Context, authorization string, now time.Time) (db.DirectoryToken, error) {
	scheme, given, _ := strings.Cut(authorization, " ")
	given = strings.TrimSpace(given)
	if !strings.EqualFold(scheme, "Bearer") || given == "" || len(given) > longestToken {
		return db.DirectoryToken{}, errNoToken
	}
	hash := db.DirectoryTokenHash(given)
	token, err := db.DirectoryTokenByHash(ctx, s.store, hash, now)
	if errors.Is(err, db.ErrNotFound) {
		return token, errNoToken
	}
	if err == nil && subtle.ConstantTimeCompare([]byte(token.Hash), []byte(hash)) != 1 {
		return token, errNoToken
	}
	return token, err
}

// limits bounds how often each token may be used. Only tokens that hold are counted, so that they are few.
type limits struct {
	every rate.Limit // calls a second
	burst int

	mu  sync.Mutex
	all map[string]*rate.Limiter // by the token's id
}

func newLimits(every rate.Limit, burst int) *limits {
	return &limits{every: every, burst: burst, all: map[string]*rate.Limiter{}}
}

// wait counts a call, and says how long the caller has to wait before it may be made; 0 is now.
func (l *limits) wait(token string, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	limiter, known := l.all[token]
	if !known {
		limiter = rate.NewLimiter(l.every, l.burst)
		l.all[token] = limiter
	}
	reserved := limiter.ReserveN(now, 1)
	delay := reserved.DelayFrom(now)
	if delay > 0 {
		reserved.CancelAt(now)
	}
	return delay
}

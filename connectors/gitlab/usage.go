package gitlab

import (
	"context"
	"time"

	"github.com/usherhq/usher/connectors"
)

var _ connectors.Usage = (*provider)(nil)

// LastUsed is the day of a person's last activity, last_activity_on, which GitLab shows to administrators
// (https://docs.gitlab.com/api/users/).
func (p *provider) LastUsed(ctx context.Context, person connectors.Person) (time.Time, error) {
	user, err := p.find(ctx, person.Email)
	if err != nil || user == nil || user.LastActivityOn == nil {
		return time.Time{}, err
	}
	return time.Time(*user.LastActivityOn), nil
}

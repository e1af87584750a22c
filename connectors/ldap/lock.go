package ldap

import (
	"errors"
	"fmt"
	"strconv"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/usherhq/usher/connectors"
)

// The values of the setting disable.
const (
	disableNone   = "none"
	disablePolicy = "ppolicy"
	disableAD     = "ad"
)

// errNoDisable is why disable_user is refused where the directory has no way that we know.
var errNoDisable = errors.New("this directory's accounts cannot be disabled: set the provider's disable to ppolicy or ad, or use delete_user")

const (
	// lockedTime is since when an account is locked (draft-behera-ldap-password-policy-10 section 5.3.3); the year
	// zero means for good, other times come from failed logins and pass.
	lockedTime    = "pwdAccountLockedTime"
	lockedForGood = "000001010000Z"
	// policyOf names the policy of an account that has one of its own.
	policyOf = "pwdPolicySubentry"
	// accountControl holds Active Directory's flags of an account, among them the one that disables it
	// (https://learn.microsoft.com/windows/win32/adschema/a-useraccountcontrol).
	accountControl = "userAccountControl"
	accountDisable = 0x2
)

// active reports whether there is an account and it was not disabled.
func (p *provider) active(user *goldap.Entry) bool {
	switch {
	case user == nil:
		return false
	case p.disable == disablePolicy:
		return user.GetAttributeValue(lockedTime) != lockedForGood
	case p.disable == disableAD:
		flags, err := strconv.Atoi(user.GetAttributeValue(accountControl))
		return err != nil || flags&accountDisable == 0
	}
	return true
}

// enforced refuses to call an account disabled where its lock would not keep anybody out.
func (p *provider) enforced(c *conn, user *goldap.Entry) error {
	if user == nil || p.disable != disablePolicy {
		return nil
	}
	if own := user.GetAttributeValue(policyOf); own != "" {
		return locks(c, own)
	}
	return locks(c, p.policy)
}

// locks reports whether a policy heeds locks: OpenLDAP stores one in any case, and lets people in all the same without
// pwdLockout (measured with 2.5.13).
func locks(c *conn, policy string) error {
	found, err := c.search(policy, goldap.ScopeBaseObject, "(pwdLockout=TRUE)", "1.1")
	switch {
	case errors.Is(err, errNoBase), err == nil && len(found) == 0:
		return connectors.Refuse(fmt.Errorf("the password policy %s does not heed locks or may not be read: set pwdLockout there to TRUE, or correct policy_dn", policy))
	case err != nil:
		return fmt.Errorf("read the password policy: %w", err)
	}
	return nil
}

// setActive locks or unlocks an account. The change names the old value where it must not get lost.
func (p *provider) setActive(c *conn, user *goldap.Entry, active bool) error {
	request := goldap.NewModifyRequest(user.DN, nil)
	switch {
	case p.disable == disablePolicy && active:
		request.Delete(lockedTime, []string{lockedForGood})
	case p.disable == disablePolicy:
		request.Replace(lockedTime, []string{lockedForGood})
	case p.disable == disableAD:
		old := user.GetAttributeValue(accountControl)
		flags, err := strconv.Atoi(old)
		if err != nil {
			return connectors.Refuse(fmt.Errorf("the account has no %s: this directory is not an Active Directory", accountControl))
		}
		flags |= accountDisable
		if active {
			flags &^= accountDisable
		}
		request.Delete(accountControl, []string{old})
		request.Add(accountControl, []string{strconv.Itoa(flags)})
	default:
		return connectors.Refuse(errNoDisable)
	}
	return c.modify(request)
}

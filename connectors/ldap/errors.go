package ldap

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/usherhq/usher/connectors"
)

// conflicts are the answers that may mean "it is so already"; which of them a directory uses for what differs, and
// OpenLDAP's and Active Directory's are all here. The read-back decides.
var conflicts = []uint16{
	goldap.LDAPResultNoSuchAttribute, goldap.LDAPResultAttributeOrValueExists, goldap.LDAPResultNoSuchObject,
	goldap.LDAPResultUnwillingToPerform, goldap.LDAPResultEntryAlreadyExists,
}

// passing are the answers of a directory that does nothing at the moment.
var passing = []uint16{goldap.LDAPResultBusy, goldap.LDAPResultUnavailable}

// unclear are the answers that leave open what was done.
var unclear = []uint16{
	goldap.LDAPResultOperationsError, goldap.LDAPResultTimeLimitExceeded, goldap.LDAPResultAdminLimitExceeded, goldap.LDAPResultOther,
}

// lastAnswer is the highest result code that a directory sends; the library uses higher ones for what happens here.
const lastAnswer = 199

// writeError marks the answer to a change.
func writeError(err error) error {
	switch {
	case err == nil:
		return nil
	case !answered(err), goldap.IsErrorAnyOf(err, unclear...):
		return connectors.Unsure(said(err))
	case goldap.IsErrorAnyOf(err, passing...):
		return connectors.Retry(said(err), 0)
	case goldap.IsErrorAnyOf(err, conflicts...):
		return connectors.Conflict(said(err))
	}
	return connectors.Refuse(said(err))
}

// readError marks the answer to a question.
func readError(err error) error {
	if !answered(err) || goldap.IsErrorAnyOf(err, passing...) || goldap.IsErrorAnyOf(err, unclear...) {
		return connectors.Retry(said(err), 0)
	}
	return connectors.Refuse(said(err))
}

// unreachable marks a connection that was not made or not bound.
func unreachable(ctx context.Context, err error) error {
	var certificate *tls.CertificateVerificationError
	switch {
	case ctx.Err() != nil:
		return connectors.Retry(ctx.Err(), 0)
	case errors.As(err, &certificate):
		return connectors.Refuse(fmt.Errorf("the directory's certificate is not trusted: %w", err))
	case answered(err):
		return readError(err)
	}
	return connectors.Retry(fmt.Errorf("reach the directory: %w", err), 0)
}

// answered reports whether the directory itself said so.
func answered(err error) bool {
	var answer *goldap.Error
	return errors.As(err, &answer) && answer.ResultCode <= lastAnswer
}

// said is an error in words, with what a person can do about it.
func said(err error) error {
	var answer *goldap.Error
	if !answered(err) || !errors.As(err, &answer) {
		return fmt.Errorf("no answer from the directory: %w", err)
	}
	hint := ""
	switch answer.ResultCode {
	case goldap.LDAPResultInvalidCredentials, goldap.LDAPResultInappropriateAuthentication:
		hint = "; check the provider's bind_dn and password"
	case goldap.LDAPResultInsufficientAccessRights:
		hint = "; check what the provider's bind_dn may write"
	case goldap.LDAPResultConfidentialityRequired, goldap.LDAPResultStrongAuthRequired:
		hint = "; use ldaps:// or start_tls"
	case goldap.LDAPResultObjectClassViolation:
		hint = "; the object class wants more or other attributes: give them as the argument attributes, or set placeholder_member for groups that may not be empty"
	case goldap.LDAPResultUndefinedAttributeType:
		hint = "; the directory does not know the attribute: disable: ppolicy needs OpenLDAP's overlay ppolicy"
	case goldap.LDAPResultNotAllowedOnNonLeaf:
		hint = "; move or delete what is below it first"
	}
	return &answerError{answer, hint}
}

// answerError is the directory's answer, with what a person can do about it.
type answerError struct {
	answer *goldap.Error
	hint   string
}

// maxAnswer bounds what of an answer reaches people, in bytes.
const maxAnswer = 300

// Error is what the directory said, on one line.
func (e *answerError) Error() string {
	text := fmt.Sprintf("the directory answered %d %s", e.answer.ResultCode, goldap.LDAPResultCodeMap[e.answer.ResultCode])
	if e.answer.Err != nil && e.answer.Err.Error() != "" {
		detail := strings.Join(strings.Fields(strings.ToValidUTF8(e.answer.Err.Error(), "")), " ")
		if len(detail) > maxAnswer {
			detail = strings.ToValidUTF8(detail[:maxAnswer], "") + "…"
		}
		text += " (" + detail + ")"
	}
	return text + e.hint
}

// Unwrap answers the library's error.
func (e *answerError) Unwrap() error { return e.answer }

package ldap

import (
	"errors"
	"fmt"
	"testing"

	goldap "github.com/go-ldap/ldap/v3"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
)

// TestAnswersToWrites says what each answer means, those of directories that are not in the tests included: Active
// Directory answers 68 to a member who is in the group already and 53 to one who is not.
func TestAnswersToWrites(t *testing.T) {
	t.Parallel()
	for code, want := range map[uint16]string{
		1: "unsure", 3: "unsure", 11: "unsure", 80: "unsure", goldap.ErrorNetwork: "unsure", goldap.ErrorUnexpectedResponse: "unsure",
		51: "retry", 52: "retry",
		16: "conflict", 20: "conflict", 32: "conflict", 53: "conflict", 68: "conflict",
		8: "refused", 10: "refused", 13: "refused", 17: "refused", 19: "refused", 21: "refused", 34: "refused", 49: "refused",
		50: "refused", 64: "refused", 65: "refused", 66: "refused", 67: "refused", 71: "refused",
	} {
		err := writeError(goldap.NewError(code, errors.New("said\nso")))
		require.Equal(t, want, kindOf(err), code)
		if code <= lastAnswer {
			require.Contains(t, err.Error(), "(said so)", code)
		}
	}
	require.NoError(t, writeError(nil))
	require.Equal(t, "unsure", kindOf(writeError(errors.New("anything else"))))
	for code, want := range map[uint16]string{1: "retry", 3: "retry", 51: "retry", 52: "retry", goldap.ErrorNetwork: "retry", 4: "refused", 10: "refused", 50: "refused"} {
		require.Equal(t, want, kindOf(readError(goldap.NewError(code, errors.New("said so")))), code)
	}
}

// kindOf names an error's mark.
func kindOf(err error) string {
	var (
		refused   *connectors.RefusedError
		transient *connectors.TransientError
		unsure    *connectors.UnknownError
	)
	switch {
	case errors.As(err, &unsure):
		return "unsure"
	case errors.As(err, &transient):
		return "retry"
	case errors.As(err, &refused) && refused.Conflict:
		return "conflict"
	case errors.As(err, &refused):
		return "refused"
	}
	return fmt.Sprint(err)
}

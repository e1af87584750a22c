package workos_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/directory/workos"
	"github.com/usherhq/usher/directory/workos/workostest"
)

func TestVerify(t *testing.T) {
	t.Parallel()
	body := []byte(`{"id":"event_1"}`)
	right := workostest.Sign(body, secret, start)
	stamp, signature, _ := strings.Cut(right, ", v1=")
	for name, tc := range map[string]struct {
		header string
		now    time.Duration
		want   error
	}{
		"right":                          {right, 0, nil},
		"without a space":                {stamp + ",v1=" + signature, 0, nil},
		"in capitals":                    {stamp + ",v1=" + strings.ToUpper(signature), 0, nil},
		"the second of two secrets":      {stamp + ", v1=" + strings.Repeat("0", 64) + ", v1=" + signature, 0, nil},
		"the first of two secrets":       {right + ", v1=" + strings.Repeat("0", 64), 0, nil},
		"with a scheme to come":          {right + ", v2=whatever", 0, nil},
		"three minutes old":              {right, 180 * time.Second, nil},
		"older":                          {right, 181 * time.Second, workos.ErrOldSignature},
		"three minutes ahead":            {right, -180 * time.Second, nil},
		"farther ahead":                  {right, -181 * time.Second, workos.ErrOldSignature},
		"missing":                        {"", 0, workos.ErrNoSignature},
		"only a time":                    {stamp, 0, workos.ErrNoSignature},
		"only a signature":               {"v1=" + signature, 0, workos.ErrNoSignature},
		"an empty signature":             {stamp + ", v1=", 0, workos.ErrNoSignature},
		"two times":                      {stamp + ", " + right, 0, workos.ErrNoSignature},
		"a time that is none":            {"t=soon, v1=" + signature, 0, workos.ErrNoSignature},
		"another time":                   {"t=" + strconv.FormatInt(start.UnixMilli()+1, 10) + ", v1=" + signature, 0, workos.ErrBadSignature},
		"the same time, written longer":  {"t=0" + stamp[2:] + ", v1=" + signature, 0, workos.ErrBadSignature},
		"no hex":                         {stamp + ", v1=" + strings.Repeat("zz", 32), 0, workos.ErrBadSignature},
		"too short":                      {right[:len(right)-2], 0, workos.ErrBadSignature},
		"of another scheme":              {stamp + ", v0=" + signature, 0, workos.ErrNoSignature},
		"old, and wrong: says only that": {stamp + ", v1=" + strings.Repeat("0", 64), time.Hour, workos.ErrBadSignature},
		"behind too many others":         {stamp + strings.Repeat(", v1="+strings.Repeat("0", 64), 8) + ", v1=" + signature, 0, workos.ErrBadSignature},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := workos.Verify(tc.header, body, secret, start.Add(tc.now))
			require.ErrorIs(t, err, tc.want)
			if err != nil {
				require.NotContains(t, err.Error(), secret)
				require.NotContains(t, err.Error(), signature)
			}
		})
	}
	require.ErrorIs(t, workos.Verify(workostest.Sign(body, "", start), body, "", start), workos.ErrNoSignature, "no secret opens no door")
}

// FuzzVerify looks for a header or a body that passes without the secret.
func FuzzVerify(f *testing.F) {
	body := []byte(`{"id":"event_1"}`)
	right := workostest.Sign(body, secret, start)
	f.Add(right, body)
	f.Add("t=1, v1=00", []byte{})
	f.Add("t="+strings.Repeat("9", 30)+",v1="+strings.Repeat("a", 64), body)
	f.Add(strings.Repeat("v1=00,", 100), body)
	f.Add(right+", t=5", append(body, '\n'))
	f.Fuzz(func(t *testing.T, header string, sent []byte) {
		if workos.Verify(header, sent, secret, start) == nil {
			require.Equal(t, string(body), string(sent))
			require.Contains(t, strings.ToLower(header), right[strings.Index(right, "v1="):])
		}
	})
}

package oidc_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/oidc"
	"github.com/usherhq/usher/connectors/oidc/oidctest"
)

func provider(t *testing.T, settings oidc.Settings) *oidc.Provider {
	t.Helper()
	made, err := oidc.New(settings)
	require.NoError(t, err)
	return made
}

// Somebody signs in at a real provider, with a public client and with one that has a secret.
func TestSignIn(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct{ client, secret, environment string }{
		"public client":                      {oidctest.Public, "", ""},
		"client with a secret":               {oidctest.Confidential, oidctest.Secret, ""},
		"address from the userinfo endpoint": {oidctest.Public, "", "BARE=yes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			issuer := oidctest.Start(t, one.environment)
			p := provider(t, oidc.Settings{Issuer: issuer, ClientID: one.client, ClientSecret: one.secret})
			code, err := p.Begin(t.Context())
			require.NoError(t, err)
			require.Contains(t, code.VerifyURL, code.UserCode)
			require.Equal(t, 5*time.Second, code.Poll)
			require.WithinDuration(t, time.Now().Add(10*time.Minute), code.Ends, time.Minute)
			_, err = p.Finish(t.Context(), code.Code)
			require.ErrorIs(t, err, connectors.ErrSignInWaiting)

			page := oidctest.NewBrowser(t).SignIn(code.VerifyURL, "ben@example.com")
			require.Contains(t, page, "Success", page)
			who, err := p.Finish(t.Context(), code.Code)
			require.NoError(t, err)
			require.Equal(t, issuer, who.Issuer)
			require.Equal(t, "ben@example.com", who.Email)
			require.Equal(t, "ben@example.com", who.Subject)
			require.False(t, who.Unverified)
			require.WithinDuration(t, time.Now(), who.SignedAt, time.Minute)
			require.Len(t, who.TokenSHA256, 64)
			_, err = p.Finish(t.Context(), code.Code)
			var refused *connectors.SignInRefusedError
			require.ErrorAs(t, err, &refused, "a code counts once")
		})
	}
}

// Who is signed in already is asked again, once that is more than a moment ago.
func TestSignInAnew(t *testing.T) {
	t.Parallel()
	p := provider(t, oidc.Settings{Issuer: oidctest.Start(t), ClientID: oidctest.Public})
	browser := oidctest.NewBrowser(t)
	signIn := func(account string) string {
		code, err := p.Begin(t.Context())
		require.NoError(t, err)
		browser.SignIn(code.VerifyURL, account)
		who, err := p.Finish(t.Context(), code.Code)
		require.NoError(t, err)
		return who.Email
	}
	require.Equal(t, "ben@example.com", signIn("ben@example.com"))
	require.Eventually(t, func() bool { return signIn("dana@example.com") == "dana@example.com" }, 20*time.Second, 500*time.Millisecond)
}

func TestSignInThatProvesNothing(t *testing.T) {
	t.Parallel()
	issuer := oidctest.Start(t, "UNVERIFIED=eve@example.com")
	p := provider(t, oidc.Settings{Issuer: issuer, ClientID: oidctest.Public})
	code, err := p.Begin(t.Context())
	require.NoError(t, err)
	oidctest.NewBrowser(t).Cancel(code.VerifyURL)
	_, err = p.Finish(t.Context(), code.Code)
	var refused *connectors.SignInRefusedError
	require.ErrorAs(t, err, &refused)
	require.Contains(t, refused.Why, "cancelled")

	code, err = p.Begin(t.Context())
	require.NoError(t, err)
	oidctest.NewBrowser(t).SignIn(code.VerifyURL, "eve@example.com")
	who, err := p.Finish(t.Context(), code.Code)
	require.NoError(t, err)
	require.True(t, who.Unverified)

	_, err = p.Finish(t.Context(), "made up")
	require.ErrorAs(t, err, &refused)
	_, err = provider(t, oidc.Settings{Issuer: issuer, ClientID: "unknown"}).Begin(t.Context())
	require.ErrorContains(t, err, `"invalid_client"`)
	_, err = provider(t, oidc.Settings{Issuer: issuer, ClientID: oidctest.Confidential, ClientSecret: "wrong"}).Begin(t.Context())
	require.ErrorContains(t, err, `"invalid_client"`)
	require.NotErrorAs(t, err, &refused)
}

func TestSettings(t *testing.T) {
	t.Parallel()
	for _, issuer := range []string{"", "login.example.com", "http://login.example.com", "https://a:b@login.example.com", "https://login.example.com?x=1", "ftp://127.0.0.1"} {
		_, err := oidc.New(oidc.Settings{Issuer: issuer, ClientID: "usher"})
		require.ErrorContains(t, err, "issuer", issuer)
	}
	_, err := oidc.New(oidc.Settings{Issuer: "https://login.example.com"})
	require.ErrorContains(t, err, "client id")
	require.Error(t, provider(t, oidc.Settings{Issuer: "http://127.0.0.1:1", ClientID: "usher"}).Check(t.Context()))
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/lmittmann/tint"
	"github.com/robfig/cron/v3"
	"github.com/sethvargo/go-envconfig"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/flows"
)

// settings are what the environment says. contract.md's table of settings is docs/configuration.md.
type settings struct {
	Slack    bot.Settings
	Database string   `env:"DATABASE_URL, default=sqlite:usher.db"`
	Config   string   `env:"USHER_CONFIG"`
	HTTPAddr string   `env:"USHER_HTTP_ADDR, default=127.0.0.1:8080"`
	Admins   []string `env:"USHER_ADMINS"`
	Log      string   `env:"USHER_LOG, default=text"`
	LogLevel string   `env:"USHER_LOG_LEVEL, default=info"`
	Sweep    string   `env:"USHER_SWEEP, default=@every 15s"`
	Nightly  string   `env:"USHER_RECONCILE, default=0 3 * * *"`
	SMTP     string   `env:"SMTP_URL"`
	Public   string   `env:"USHER_PUBLIC_URL"`
	Networks string   `env:"USHER_ALLOW_NETWORKS"`
	LLM      string   `env:"USHER_LLM_URL"`
	LLMModel string   `env:"USHER_LLM_MODEL"`
	LLMKey   string   `env:"USHER_LLM_KEY"`
	Proof    proofSettings

	sweep    cron.Schedule
	nightly  cron.Schedule
	networks []netip.Prefix
	router   bot.Options // no variable: Slack's own limits are the right ones for an operator
}

// readSettings reads the environment. A wrong value is an error that names the variable and never the value.
func readSettings(ctx context.Context, env envconfig.Lookuper) (settings, error) {
	var s settings
	named := &lastNamed{Lookuper: env}
	err := envconfig.ProcessWith(ctx, &envconfig.Config{Target: &s, Lookuper: named})
	if err != nil {
		return s, fmt.Errorf("%s has a value of the wrong kind: docs/configuration.md says what it takes", named.name)
	}
	if s.sweep, err = flows.ParseSchedule(s.Sweep); err != nil {
		return s, errors.New("USHER_SWEEP must be a cron spec such as @every 15s or */5 * * * *")
	}
	if s.nightly, err = flows.ParseSchedule(s.Nightly); err != nil {
		return s, errors.New("USHER_RECONCILE must be a cron spec such as 0 3 * * *")
	}
	if s.networks, err = connectors.ParseNetworks(s.Networks); err != nil {
		return s, fmt.Errorf("USHER_ALLOW_NETWORKS: %w", err)
	}
	return s, errors.Join(checkPublic(s.Public), s.Proof.check())
}

// checkPublic says whether links can begin with an address.
func checkPublic(address string) error {
	if address == "" {
		return nil
	}
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" || (parsed.Scheme != "https" && parsed.Scheme != "http") || parsed.RawQuery != "" || parsed.Fragment != "" {
		return errors.New("USHER_PUBLIC_URL must be an address such as https://usher.example.com")
	}
	return nil
}

// lastNamed remembers which variable was read last: envconfig's own errors name the Go field, and the value.
type lastNamed struct {
	envconfig.Lookuper
	name string
}

// Lookup implements envconfig.Lookuper.
func (l *lastNamed) Lookup(name string) (string, bool) {
	l.name = name
	return l.Lookuper.Lookup(name)
}

// logger is the log as USHER_LOG and USHER_LOG_LEVEL want it.
func (s settings) logger(out io.Writer) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		return nil, fmt.Errorf("USHER_LOG_LEVEL must be debug, info, warn or error")
	}
	switch strings.ToLower(s.Log) {
	case "json":
		return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: level})), nil
	case "text":
		return slog.New(tint.NewTextHandler(out, &tint.Options{Level: level, TimeFormat: time.TimeOnly, NoColor: true})), nil
	}
	return nil, fmt.Errorf("USHER_LOG must be text or json")
}

package slack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
)

// manifest is Slack's app manifest (schema 2.0.0) as far as a bot in Socket Mode needs it. Parts that it does not
// look into stay raw; names that Slack does not know are refused.
type manifest struct {
	Metadata json.RawMessage `json:"_metadata"`
	Display  struct {
		Name            string `json:"name"`
		Description     string `json:"description"`
		LongDescription string `json:"long_description"`
		BackgroundColor string `json:"background_color"`
	} `json:"display_information"`
	Features struct {
		AppHome struct {
			Home     bool `json:"home_tab_enabled"`
			Messages bool `json:"messages_tab_enabled"`
			ReadOnly bool `json:"messages_tab_read_only_enabled"`
		} `json:"app_home"`
		BotUser *struct {
			DisplayName  string `json:"display_name"`
			AlwaysOnline bool   `json:"always_online"`
		} `json:"bot_user"`
		Shortcuts     []shortcutSpec  `json:"shortcuts"`
		Commands      []commandSpec   `json:"slash_commands"`
		UnfurlDomains []string        `json:"unfurl_domains"`
		Functions     json.RawMessage `json:"functions"`
		WorkflowSteps json.RawMessage `json:"workflow_steps"`
		AssistantView json.RawMessage `json:"assistant_view"`
		AgentView     json.RawMessage `json:"agent_view"`
	} `json:"features"`
	OAuth struct {
		RedirectURLs    []string `json:"redirect_urls"`
		TokenManagement bool     `json:"token_management_enabled"`
		PKCE            bool     `json:"pkce_enabled"`
		Scopes          struct {
			Bot          []string `json:"bot"`
			User         []string `json:"user"`
			BotOptional  []string `json:"bot_optional"`
			UserOptional []string `json:"user_optional"`
		} `json:"scopes"`
	} `json:"oauth_config"`
	Settings struct {
		SocketMode    bool            `json:"socket_mode_enabled"`
		OrgDeploy     bool            `json:"org_deploy_enabled"`
		TokenRotation bool            `json:"token_rotation_enabled"`
		Hosted        bool            `json:"is_hosted"`
		MCP           bool            `json:"is_mcp_enabled"`
		AllowedIPs    []string        `json:"allowed_ip_address_ranges"`
		Webhooks      json.RawMessage `json:"incoming_webhooks"`
		SIWS          json.RawMessage `json:"siws_links"`
		HermesAppType string          `json:"hermes_app_type"`
		Runtime       string          `json:"function_runtime"`
		Interactivity *struct {
			Enabled    bool   `json:"is_enabled"`
			RequestURL string `json:"request_url"`
			OptionsURL string `json:"message_menu_options_url"`
		} `json:"interactivity"`
		Events struct {
			RequestURL string          `json:"request_url"`
			Bot        []string        `json:"bot_events"`
			User       []string        `json:"user_events"`
			Metadata   json.RawMessage `json:"metadata_subscriptions"`
		} `json:"event_subscriptions"`
	} `json:"settings"`
	AppDirectory    json.RawMessage `json:"app_directory"`
	Functions       json.RawMessage `json:"functions"`
	Workflows       json.RawMessage `json:"workflows"`
	Datastores      json.RawMessage `json:"datastores"`
	OutgoingDomains json.RawMessage `json:"outgoing_domains"`
	Types           json.RawMessage `json:"types"`
	AuthProviders   json.RawMessage `json:"external_auth_providers"`
	MCPServers      json.RawMessage `json:"mcp_servers"`
}

type commandSpec struct {
	Command      string `json:"command"`
	URL          string `json:"url,omitempty"`
	Description  string `json:"description"`
	UsageHint    string `json:"usage_hint"`
	ShouldEscape bool   `json:"should_escape,omitempty"`
}

type shortcutSpec struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	CallbackID  string `json:"callback_id"`
	Description string `json:"description"`
}

// parseManifest reads YAML or JSON and checks it. All that is wrong is in the one error, a line each.
func parseManifest(raw []byte) (*manifest, error) {
	asJSON, err := yaml.YAMLToJSON(raw)
	if err != nil {
		return nil, fmt.Errorf("read the manifest: %w", err)
	}
	var m manifest
	decoder := json.NewDecoder(bytes.NewReader(asJSON))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&m); err != nil {
		return nil, fmt.Errorf("read the manifest: %w", err)
	}
	if problems := m.problems(); len(problems) > 0 {
		return nil, fmt.Errorf("invalid_manifest:\n%s", strings.Join(problems, "\n"))
	}
	return &m, nil
}

package blockkit

// The select menus, single and multiple, of https://docs.slack.dev/reference/block-kit/block-elements.
var (
	staticSelect = typed("static_select", menu(
		opt("options", menuOptions),
		opt("option_groups", optionGroups),
		opt("initial_option", menuOption),
	)...).exactlyOne("options", "option_groups")
	externalSelect = typed("external_select", menu(
		opt("initial_option", menuOption),
		opt("min_query_length", whole(0, unbounded)),
	)...)
	usersSelect         = typed("users_select", menu(opt("initial_user", userID))...)
	conversationsSelect = typed("conversations_select", menu(
		opt("initial_conversation", str(1, unbounded)),
		opt("default_to_current_conversation", flag),
		opt("response_url_enabled", flag),
		opt("filter", conversationFilter),
	)...)
	channelsSelect = typed("channels_select", menu(
		opt("initial_channel", channelID),
		opt("response_url_enabled", flag),
	)...)

	multiStaticSelect = typed("multi_static_select", multi(
		opt("options", menuOptions),
		opt("option_groups", optionGroups),
		opt("initial_options", list(0, 100, menuOption)),
	)...).exactlyOne("options", "option_groups")
	multiExternalSelect = typed("multi_external_select", multi(
		opt("initial_options", list(0, 100, menuOption)),
		opt("min_query_length", whole(0, unbounded)),
	)...)
	multiUsersSelect         = typed("multi_users_select", multi(opt("initial_users", list(0, unbounded, userID)))...)
	multiConversationsSelect = typed("multi_conversations_select", multi(
		opt("initial_conversations", list(0, unbounded, str(1, unbounded))),
		opt("default_to_current_conversation", flag),
		opt("filter", conversationFilter),
	)...)
	multiChannelsSelect = typed("multi_channels_select", multi(opt("initial_channels", list(0, unbounded, channelID)))...)

	menuOptions  = list(1, 100, menuOption)
	optionGroups = list(1, 100, optionGroup)

	selects = []*shape{
		staticSelect, externalSelect, usersSelect, conversationsSelect, channelsSelect,
		multiStaticSelect, multiExternalSelect, multiUsersSelect, multiConversationsSelect, multiChannelsSelect,
	}
)

// menu adds what every select shares.
func menu(fields ...field) []field {
	return append(interactive(fields...), opt("placeholder", placeholder))
}

// multi adds what every multiple select shares.
func multi(fields ...field) []field {
	return append(menu(fields...), opt("max_selected_items", whole(1, unbounded)))
}

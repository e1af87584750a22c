package main

import (
	"maps"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

// scriptKinds is the table of kinds: how each is written, and how its effect is counted at its target.
func scriptKinds() map[string]scriptKind {
	kinds := map[string]scriptKind{}
	for _, some := range []map[string]scriptKind{ownKinds(), askingKinds(), targetKinds(), issueKinds()} {
		maps.Copy(kinds, some)
	}
	return kinds
}

func ownKinds() map[string]scriptKind {
	return map[string]scriptKind{
		"none":  {scripts: "      - {name: it, type: none}\n", effects: ranOnce},
		"sleep": {scripts: "      - {name: it, type: sleep, args: {for: 2s}}\n", effects: ranOnce},
		"wait_until": {
			scripts: "      - {name: account, type: slow_api_create_user}\n      - {name: it, type: wait_until, args: {read: slow_api_get_user, until: result.exists, every: 1s}}\n",
			undo:    "      - {name: gone, type: slow_api_delete_user}\n", effects: ranOnce,
		},
		"slack_notification": {
			scripts: "      - {name: it, type: slack_notification, args: {to: \"carl@acme.example\", text: \"News of {{ request.id }}\"}}\n",
			effects: func(k *killing, request string) int {
				k.c.dm("carl", "News of "+request)
				return len(k.c.dms("carl", "News of "+request))
			},
		},
		"email_notification": {
			scripts: "      - {name: it, type: email_notification, args: {to: \"carl@acme.example\", subject: s, text: \"News of {{ request.id }}\"}}\n",
			effects: func(k *killing, request string) int { return k.mails("carl@acme.example", "News of "+request) },
		},
		"manual_task": {
			scripts: "      - {name: it, type: manual_task, args: {to: \"eve@acme.example\", text: \"Do {{ request.id }}\"}}\n",
			answer: func(k *killing, _ slack.Message) {
				k.byHand("eve")
			},
			effects: func(k *killing, request string) int { return k.messages("trouble", request) },
		},
	}
}

// ranOnce is for scripts without a target: the log is what they leave behind, see succeededOnce.
func ranOnce(*killing, string) int { return 1 }

func askingKinds() map[string]scriptKind {
	return map[string]scriptKind{
		"slack_approval": {
			scripts: "      - {name: it, type: slack_approval, args: {to: manager, text: \"May {{ request.id }}?\"}}\n",
			answer: func(k *killing, card slack.Message) {
				text := "May " + k.c.id(card) + "?"
				asked := k.c.dm("ben", text)
				k.c.press("ben", asked.Target(), "Approve")
			},
			effects: func(k *killing, request string) int { return len(k.c.dms("ben", "May "+request+"?")) },
		},
		"email_approval": {
			scripts: "      - {name: it, type: email_approval, args: {to: manager, text: \"May {{ request.id }}?\"}}\n",
			answer: func(k *killing, card slack.Message) {
				text := "May " + k.c.id(card) + "?"
				k.c.until("the mail is there", func() bool { return k.mails("ben@acme.example", text) > 0 })
				k.answerMail("ben@acme.example", text)
			},
			effects: func(k *killing, request string) int { return k.mails("ben@acme.example", "May "+request+"?") },
		},
		"webhook with a callback": {
			scripts: "      - {name: it, type: front_webhook_later}\n",
			answer: func(k *killing, card slack.Message) {
				var token string
				k.c.until("the webhook was delivered", func() bool {
					token = k.callback(k.scriptID(k.c.id(card)))
					return token != ""
				})
				k.callBack(token)
			},
			effects: func(k *killing, request string) int { return k.delivered(k.scriptID(request)) },
		},
	}
}

func targetKinds() map[string]scriptKind {
	member := func(k *killing, _ string) int {
		return count(k.c.Target.Members("Editors"), "ana@acme.example")
	}
	return map[string]scriptKind{
		"scim create_user": {
			scripts: "      - {name: it, type: slow_api_create_user}\n", undo: "      - {name: gone, type: slow_api_delete_user}\n",
			effects: func(k *killing, _ string) int { return k.accounts("ana@acme.example") },
		},
		"scim add_user_to_group": {
			scripts: "      - {name: account, type: slow_api_create_user}\n      - {name: it, type: slow_api_add_user_to_group}\n",
			undo:    "      - {name: leave, type: slow_api_remove_user_from_group}\n", effects: member,
		},
		"http with a check": {
			scripts: "      - {name: it, type: front_api_open_ticket, args: {title: \"{{ request.id }}\"}}\n",
			effects: func(k *killing, request string) int { return k.tickets(request) },
		},
		"http with an idempotency key": {
			scripts: "      - {name: it, type: front_api_open_once, args: {title: \"{{ request.id }}\"}}\n",
			effects: func(k *killing, request string) int { return k.tickets(request) },
		},
		"webhook": {
			scripts: "      - {name: it, type: front_webhook_badge}\n",
			effects: func(k *killing, request string) int { return k.delivered(k.scriptID(request)) },
		},
		"slack channel": {
			scripts: "      - {name: it, type: chat_api_add_user_to_entity, args: {entity: \"#wing\", user: \"carl@acme.example\"}}\n",
			undo:    "      - {name: out, type: chat_api_remove_user_from_entity, args: {entity: \"#wing\", user: \"carl@acme.example\"}}\n",
			effects: func(k *killing, _ string) int { return k.inWing("carl") },
		},
		"postgres role": {
			scripts: "      - {name: role, type: base_api_create_role, args: {role: readers}}\n      - {name: account, type: base_api_create_user}\n      - {name: it, type: base_api_add_user_to_role, args: {role: readers}}\n",
			undo:    "      - {name: gone, type: base_api_delete_user}\n",
			effects: func(k *killing, _ string) int {
				var n int
				require.NoError(k.c.t, k.admin.QueryRow(k.c.ctx, "select count(*) from pg_auth_members m join pg_roles r on r.oid = m.roleid join pg_roles a on a.oid = m.member where r.rolname = 'readers' and a.rolname = 'ana@acme.example'").Scan(&n))
				return n
			},
		},
	}
}

func issueKinds() map[string]scriptKind {
	open := "      - {name: open, type: gitlab_issue_create, args: {title: \"{{ request.id }}\", labels: [waiting], assignee: ana}}\n"
	issue := "args: {issue: \"{{ open.iid }}\""
	kinds := map[string]scriptKind{"gitlab_issue_create": {
		scripts: strings.Replace(open, "name: open", "name: it", 1),
		effects: func(k *killing, request string) int { return len(k.issues(request)) },
	}}
	for name, one := range map[string]struct {
		args string
		seen func(k *killing, request string) int
	}{
		"gitlab_issue_add_comment": {issue + ", text: Done}", func(k *killing, request string) int {
			n := 0
			for _, note := range k.issues(request)[0].Notes {
				if strings.Contains(note.Body, "Done") {
					n++
				}
			}
			return n
		}},
		"gitlab_issue_add_label": {issue + ", label: access}", func(k *killing, request string) int {
			return count(k.issues(request)[0].Labels, "access")
		}},
		"gitlab_issue_remove_label": {issue + ", label: waiting}", func(k *killing, request string) int {
			return 1 - count(k.issues(request)[0].Labels, "waiting")
		}},
		"gitlab_issue_unassign_user": {issue + ", user: ana}", func(k *killing, request string) int {
			return 1 - len(k.issues(request)[0].Assignees)
		}},
		"gitlab_issue_close": {issue + "}", func(k *killing, request string) int {
			return count([]string{k.issues(request)[0].State}, "closed")
		}},
		"gitlab_issue_assign_user": {issue + ", user: ana}", func(k *killing, request string) int {
			return len(k.issues(request)[0].Assignees)
		}},
	} {
		kinds[name] = scriptKind{scripts: open + "      - {name: it, type: " + name + ", " + one.args + "}\n", effects: one.seen}
	}
	return kinds
}

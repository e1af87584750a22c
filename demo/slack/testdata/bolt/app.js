'use strict';

// A small app on @slack/bolt, unmodified, that the tests of the local workspace start as a foreign client: if it
// works there, the workspace speaks Slack's protocol and not only what our own client expects.

const { App, LogLevel } = require('@slack/bolt');

const app = new App({
  token: process.env.BOT_TOKEN,
  appToken: process.env.APP_TOKEN,
  socketMode: true,
  logLevel: LogLevel.ERROR,
  clientOptions: { slackApiUrl: process.env.API_URL },
});

const plain = (text) => ({ type: 'plain_text', text, emoji: true });

const role = (choices) => ({
  type: 'input',
  block_id: 'role',
  label: plain('Role'),
  element: {
    type: 'static_select',
    action_id: 'role_choose',
    options: choices.map((value) => ({ text: plain(value), value })),
  },
});

const requestView = (choices) => ({
  type: 'modal',
  callback_id: 'request',
  private_metadata: 'from bolt',
  notify_on_close: true,
  title: plain('Request access'),
  submit: plain('Request'),
  close: plain('Cancel'),
  blocks: [
    {
      type: 'input',
      block_id: 'access',
      dispatch_action: true,
      label: plain('Access'),
      element: { type: 'external_select', action_id: 'access_find', min_query_length: 2 },
    },
    ...(choices ? [role(choices)] : []),
    {
      type: 'input',
      block_id: 'reason',
      label: plain('Reason'),
      element: { type: 'plain_text_input', action_id: 'reason_type', multiline: true },
    },
  ],
});

app.command('/echo', async ({ command, ack, client }) => {
  if (command.text === 'modal') {
    await ack();
    await client.views.open({ trigger_id: command.trigger_id, view: requestView() });
    return;
  }
  await ack(`you said ${command.text}`);
});

app.options('access_find', async ({ options, ack }) => {
  const found = ['Drive editors', 'Drive readers', 'Payroll'].filter((name) =>
    name.toLowerCase().includes(options.value.toLowerCase()),
  );
  await ack({ options: found.map((name) => ({ text: plain(name), value: name })) });
});

app.action('access_find', async ({ ack, body, client }) => {
  await ack();
  await client.views.update({ view_id: body.view.id, hash: body.view.hash, view: requestView(['Editor', 'Owner']) });
});

app.view('request', async ({ ack, view, body, client }) => {
  const { access, role: chosen, reason } = view.state.values;
  const text = reason.reason_type.value;
  if (text.length < 5) {
    await ack({ response_action: 'errors', errors: { reason: 'Say why.' } });
    return;
  }
  await ack({
    response_action: 'update',
    view: {
      type: 'modal',
      callback_id: 'done',
      title: plain('Request access'),
      close: plain('Close'),
      blocks: [{ type: 'section', text: plain('Your request was sent.') }],
    },
  });
  await client.chat.postMessage({
    channel: process.env.CHANNEL,
    text: `${body.user.name} asks for ${access.access_find.selected_option.value}`,
    metadata: { event_type: 'request', event_payload: { id: 1 } },
    blocks: [
      {
        type: 'section',
        text: { type: 'mrkdwn', text: `${access.access_find.selected_option.value}, ${chosen.role_choose.selected_option.value}: ${text}` },
      },
      {
        type: 'actions',
        elements: [
          { type: 'button', action_id: 'approve', style: 'primary', value: '1', text: plain('Approve') },
          { type: 'button', action_id: 'deny', style: 'danger', value: '1', text: plain('Deny') },
        ],
      },
    ],
  });
});

app.view({ callback_id: 'request', type: 'view_closed' }, async ({ ack, body, client }) => {
  await ack();
  await client.chat.postMessage({ channel: process.env.CHANNEL, text: `closed, cleared: ${body.is_cleared}` });
});

app.action('approve', async ({ ack, body, client, respond }) => {
  await ack();
  await client.chat.update({
    channel: body.channel.id,
    ts: body.message.ts,
    text: 'Approved',
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: `Approved by <@${body.user.id}>` } }],
  });
  await client.chat.postMessage({ channel: body.channel.id, thread_ts: body.message.ts, text: 'Access is on its way' });
  await respond({ text: 'Thank you', replace_original: false });
});

app.shortcut('echo_it', async ({ shortcut, ack, client }) => {
  await ack();
  await client.views.open({ trigger_id: shortcut.trigger_id, view: requestView() });
});

app.event('app_home_opened', async ({ event, client }) => {
  await client.views.publish({
    user_id: event.user,
    view: { type: 'home', blocks: [{ type: 'header', text: plain('Your access') }] },
  });
});

app.event('user_change', async ({ event, client }) => {
  await client.chat.postMessage({
    channel: process.env.CHANNEL,
    text: `${event.user.name} is ${event.user.deleted ? 'gone' : 'here'}`,
  });
});

app.start().catch((error) => {
  console.error(error);
  process.exit(1);
});

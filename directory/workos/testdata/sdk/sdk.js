// WorkOS's own library for tests. Each line of standard input is a question as JSON, each line of output its answer.
// Environment: WORKOS_HOST and WORKOS_PORT are where the API is, WORKOS_KEY is its key.
import { createInterface } from "node:readline";
import { WorkOS } from "@workos-inc/node";

const workos = new WorkOS(process.env.WORKOS_KEY, {
  apiHostname: process.env.WORKOS_HOST,
  port: Number(process.env.WORKOS_PORT),
  https: false,
});

const answers = {
  /** Signs an object; body is what the library serialised and signed. */
  sign: async ({ payload, secret, at }) => ({
    body: JSON.stringify(payload),
    header: `t=${at}, v1=${await workos.webhooks.computeSignature(at, payload, secret)}`,
  }),
  /** Takes a webhook apart as an application would. */
  webhook: async ({ body, header, secret }) =>
    workos.webhooks.constructEvent({ payload: JSON.parse(body), sigHeader: header, secret }),
  events: async (options) => workos.events.listEvents(options),
  users: async (options) => (await workos.directorySync.listUsers(options)).autoPagination(),
  groups: async (options) => (await workos.directorySync.listGroups(options)).autoPagination(),
  directories: async (options) => (await workos.directorySync.listDirectories(options)).autoPagination(),
  user: async ({ id }) => workos.directorySync.getUser(id),
  group: async ({ id }) => workos.directorySync.getGroup(id),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { ask, options } = JSON.parse(line);
  try {
    console.log(JSON.stringify({ answer: await answers[ask](options) }));
  } catch (error) {
    console.log(JSON.stringify({ error: error.name, status: error.status, message: error.message }));
  }
}

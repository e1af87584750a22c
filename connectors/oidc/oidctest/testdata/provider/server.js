// An OpenID provider for the tests of sign-ins: oidc-provider with its own pages for signing in, on which any name and
// password will do. Prints its port on one line.
// Environment: BARE=yes leaves the address to the userinfo endpoint; UNVERIFIED is an address that was never verified.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const server = createServer((request, response) => handle(request, response));
let handle;

/** The account with an address. Its claims are those that the configuration below lets into a token. */
const findAccount = (_, id) => ({
  accountId: id,
  claims: () => ({ sub: id, email: id, email_verified: id !== process.env.UNVERIFIED }),
});

server.listen(0, "127.0.0.1", () => {
  const { port } = server.address();
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [
      { client_id: "public", token_endpoint_auth_method: "none" },
      { client_id: "basic", client_secret: "s3cret & %", token_endpoint_auth_method: "client_secret_basic" },
    ].map((client) => ({
      ...client,
      application_type: "native",
      grant_types: ["urn:ietf:params:oauth:grant-type:device_code"],
      redirect_uris: [],
      response_types: [],
    })),
    claims: { openid: ["sub"], email: ["email", "email_verified"], auth_time: null },
    conformIdTokenClaims: process.env.BARE === "yes",
    features: { deviceFlow: { enabled: true } },
    findAccount,
    cookies: { keys: ["only for tests"] },
    ttl: { DeviceCode: 600, AccessToken: 600, IdToken: 600, Session: 3600, Interaction: 600, Grant: 3600 },
  });
  handle = provider.callback();
  console.log(port);
});
// The server ends with the test that started it: its standard input closes then.
process.stdin.on("end", () => process.exit(0)).resume();

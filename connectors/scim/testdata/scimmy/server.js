// A SCIM service provider for the connector's tests: scimmy with a store in memory. Prints its port on one line.
// Environment: SCIM_TOKEN is the bearer token; SCIM_PATCH=off takes PATCH away.
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";
import { randomUUID } from "node:crypto";

const token = process.env.SCIM_TOKEN;
const patch = process.env.SCIM_PATCH !== "off";

/** Declares a resource type over a map, with one attribute that must be unique. */
function declare(Resource, unique) {
  const rows = new Map();
  const clash = (id, data) =>
    [...rows.values()].some((row) => row.id !== id && row[unique]?.toLowerCase() === data[unique]?.toLowerCase());
  SCIMMY.Resources.declare(Resource, {
    egress: (resource) => {
      if (!resource.id) return resource.filter?.match([...rows.values()]) ?? [...rows.values()];
      if (!rows.has(resource.id)) throw new SCIMMY.Types.Error(404, null, `Resource ${resource.id} not found`);
      return rows.get(resource.id);
    },
    ingress: (resource, data) => {
      const id = resource.id ?? randomUUID();
      if (resource.id && !rows.has(id)) throw new SCIMMY.Types.Error(404, null, `Resource ${id} not found`);
      if (clash(id, data)) throw new SCIMMY.Types.Error(409, "uniqueness", `${unique} is taken`);
      const row = { ...JSON.parse(JSON.stringify(data)), id };
      rows.set(id, row);
      return row;
    },
    degress: (resource) => {
      if (!rows.delete(resource.id)) throw new SCIMMY.Types.Error(404, null, `Resource ${resource.id} not found`);
    },
  });
}

declare(SCIMMY.Resources.User, "userName");
SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false);
declare(SCIMMY.Resources.Group, "displayName");

const app = express();
if (!patch) {
  app.use((req, res, next) => {
    if (req.method !== "PATCH") return next();
    res.status(501).send(new SCIMMY.Messages.Error({ status: 501, message: "PATCH is not supported" }));
  });
}
app.use(
  "/scim/v2",
  new SCIMMYRouters({
    type: "bearer",
    docUri: "https://example.com/help",
    handler: (request) => {
      if (!token || request.header("Authorization") !== `Bearer ${token}`) throw new Error("Bearer token expected");
      return "usher";
    },
  }),
);
if (!patch) SCIMMY.Config.set("patch", false);

const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
// The server ends with the test that started it: its standard input closes then.
process.stdin.on("end", () => process.exit(0)).resume();

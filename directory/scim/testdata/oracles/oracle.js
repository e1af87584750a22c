// Answers, line by line, what two libraries make of a filter or a patch. A line is JSON: {filter, resource} or
// {operations, resource}; the answer is {match}, {resource} or {error, message}.
import { createInterface } from "node:readline";
import scimPatch from "scim-patch";
import scimFilter from "scim2-parse-filter";

function answer({ filter, operations, resource }) {
  try {
    if (filter !== undefined) return { match: scimFilter.filter(scimFilter.parse(filter))(resource) };
    return { resource: scimPatch.scimPatch(resource, operations, { mutateDocument: false, treatMissingAsAdd: true }) };
  } catch (error) {
    return { error: error.constructor.name, message: String(error.message) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + "\n");
}

import { expect, it } from "vitest";
import { installedScope } from "../../../host/attend/observe-installed.ts";
import { parseNumber } from "../../../model/document/number.ts";
import { writeDocument } from "../../../model/document/writer.ts";
import { testServer } from "../verbs/server.ts";

it("an observation for a key that only observes tells of no folder but those of the stack's documents", () => {
  const { state } = testServer().work("volume:/srv/app/data");
  const asked = {
    projects: [],
    ports: [],
    networks: [],
    containers: [],
    subnets: [],
    bridges: [],
    bound: {},
    clusters: {},
    volumes: ["pgdata", "/srv/app/data", "/root", "/etc/ssl"],
  };
  expect(installedScope(state, asked).volumes).toEqual(["pgdata"]);
  const document = {
    kind: "volume",
    resource: "folder-data",
    body: { volume: "/srv/app/data", service: "db", data: "postgres", cluster: "." },
  };
  const number = parseNumber("4.2");
  const text = writeDocument(document, number);
  state.writeApplied({ object: "volume:/srv/app/data", ...document, number, hash: "h", text });
  expect(installedScope(state, { ...asked, clusters: { "/root": "." } })).toMatchObject({
    volumes: ["pgdata", "/srv/app/data"],
    clusters: { "/srv/app/data": "." },
  });
});

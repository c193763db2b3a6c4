import { describe as group, expect, test } from "vitest";
import type { DocumentMap } from "../../../model/document/document.ts";
import type { JsonMap } from "../../../model/json.ts";
import type { ServerPart, ServerView } from "../case/server-view.ts";
import type { Change } from "./trial.ts";
import { found, foundOn } from "./trial-lines.ts";

/** A server whose document of a part says this of its services. */
function saying(kind: ServerPart["kind"], services: DocumentMap): (server: ServerView) => ServerView {
  return ({ parts, ...rest }) => ({
    ...rest,
    parts: parts.map((part) => (part.kind === kind ? { ...part, body: { services } } : part)),
  });
}

const ended: Change = [
  "original",
  "services/api/depends_on",
  { db: { condition: "service_completed_successfully", required: true } },
];

group("the comparison of parts", () => {
  test.each<[what: string, change: Change, line: string]>([
    ["that nobody wrote", ["shared", "services/other", {}], "parts: other: service: expected nothing, found deployed"],
    ["of two parts", ["release", "services/db", {}], "parts: db: service: expected deployed once, found in two parts"],
    [
      "for a release that has none",
      ["release", "services", {}],
      "parts: proxy: expected nothing, found a proxy without a release",
    ],
  ])("sees a service %s", (_what, change, line) => {
    expect(found(change)).toContain(line);
  });

  test("sees a file that Compose refuses", () => {
    expect(foundOn((server) => ({ ...server, refusals: ["shared: no"] }))).toEqual([
      "parts: compose file: expected one that Compose reads, found shared: no",
    ]);
  });

  test("sees a job of which its document says nothing, and a service that stays as a job", () => {
    const job = { db: { job: "ends" } };
    expect(found(ended)).toContain("parts: db: job: expected a job, found a service that stays");
    expect(foundOn(saying("shared", job), ended).filter((line) => line.startsWith("parts"))).toEqual([]);
    expect(foundOn(saying("shared", job))).toContain("parts: db: job: expected a service that stays, found a job");
    const never: Change = ["original", "services/db/deploy", { restart_policy: { condition: "none" } }];
    expect(found(never, ["original", "services/db/ports", undefined])).toContain(
      "parts: db: job: expected a job, found a service that stays",
    );
  });

  test("sees the data of a database in both colours", () => {
    const volumes = { api: { volumes: { shop_data: "postgres", shop_files: "files" } } };
    expect(foundOn(saying("release", volumes))).toEqual([
      "parts: api: volumes.shop_data: expected one database on its data, found one in each colour",
    ]);
  });

  test.each<[what: string, path: string, value: JsonMap | string, line: string]>([
    ["a container's name", "container_name", "the-api", "container_name: expected in one colour alone, found the-api"],
    ["an address of layer 2", "mac_address", "02:42", "mac_address: expected in one colour alone, found 02:42"],
    [
      "an address",
      "networks/back",
      { ipv4_address: "10.0.0.9" },
      "shop_back: expected in one colour alone, found 10.0.0.9",
    ],
  ])("sees %s that both colours have", (_what, path, value, line) => {
    const said = found(["release", `services/api-blue/${path}`, value]);
    expect(said).toContain(`parts: api: ${line}, in both colours`);
  });

  test("sees a service that is not restarted with one of its own part", () => {
    const wait = { condition: "service_started", required: true };
    const said = found(
      ["original", "services/other", { image: "x" }],
      ["shared", "services/other", { image: "x" }],
      ["original", "services/db/depends_on", { other: { ...wait, restart: true } }],
      ["shared", "services/db/depends_on", { other: wait }],
    );
    expect(said).toContain(
      'order: db: depends_on.other: expected {"condition":"service_started","required":true,"restart":true}, ' +
        'found {"condition":"service_started","required":true}',
    );
  });
});

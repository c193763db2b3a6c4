import { describe, expect, it } from "vitest";
import type { Connection } from "../../../model/connection.ts";
import { planMarkdown } from "../../../model/report/markdown.ts";
import { changedDocuments } from "../../../model/report/wording.ts";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { carriedOut } from "../plan/applied-plan.ts";
import { mainOf } from "../stack/main-host.ts";
import { changes, deployed, offline, published } from "./offline.ts";

describe("an offline plan of a stack that names another server than it was deployed to (SEC-A6)", () => {
  const moved = (also: Partial<Pick<Connection, "host" | "hostKey">>): Partial<Deployment> => {
    const { connection } = mainOf(deployed.hosts);
    return { hosts: { main: { connection: { ...connection, ...also }, path: "host" } } };
  };
  const known = { unknown: ["fingerprintKey"] };

  it.each([
    ["another address", { host: "evil.example" }, "evil.example"],
    ["another host key", { hostKey: "ssh-ed25519 BBBB" }, "server.test"],
  ])("with %s shows everything as new, and says that secrets go there", (_, also, address) => {
    const plan = offline(moved(also), known);
    expect(changedDocuments(mainOf(plan.hosts))).toHaveLength(mainOf(plan.hosts).documents.length);
    expect(planMarkdown(plan)).toContain(`main, ${address} (the last deploy was to another server, server.test)`);
    expect(planMarkdown(plan)).toContain("it gets everything, with all secrets");
    expect(planMarkdown(plan)).not.toContain("nothing changes");
  });

  it("believes nothing that such a server tells", () => {
    const observations = { main: carriedOut(deployed) };
    const plan = offline(moved({ host: "evil.example" }), known, { published: published(), observations });
    expect(changedDocuments(mainOf(plan.hosts))).toHaveLength(mainOf(plan.hosts).documents.length);
  });

  it("compares no address that is not known here", () => {
    expect(changes(offline(moved({ host: "" }), { unknown: ["fingerprintKey", "host.address"] }))).toEqual([]);
  });
});

import { spawn } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Container } from "../../../host/docker/container.ts";
import { containerDescription } from "../../../host/docker/descriptions.ts";
import { remarksOf } from "../../../host/observe/remarks.ts";
import { rememberAdoption } from "../../../host/state/adoption-memory.ts";
import { directory } from "../../../host/verbs/directory.ts";
import { files } from "../../../host/verbs/files.ts";
import { parseNumber } from "../../../model/document/number.ts";
import { writeDocument } from "../../../model/document/writer.ts";
import type { Remark } from "../../../model/facts/observation.ts";
import { testServer } from "../verbs/server.ts";
import { containerWith } from "./container.ts";
import { listenOn } from "../facts/socket.ts";
import { listeningSockets } from "../../../host/facts/sockets.ts";

/** A server with a deployed stack, whose directory holds files and a folder that a container of it mounts. */
async function server(port = 1) {
  const { folder, work } = testServer();
  const place = join(folder, "app");
  const { state } = work("claim");
  await directory.apply({ path: place, owner: "root", mode: "0755" }, work(`directory:${place}`));
  const content = new TextEncoder().encode("a");
  const wanted = { "infra/a b.yml": { mode: "0644", content }, motd: { mode: "0644", content } };
  await files.apply({ directory: place, files: wanted }, work("files"));
  const put = (path: string): void => {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), "");
  };
  for (const path of ["slipway-proxy/dynamic/routes.yaml", "data/rows"]) put(path);
  const body = {
    directory: place,
    containers: { "app-postgres": "postgres" },
    networks: { app_data: "data", app_edge: "edge" },
    ports: { [`127.0.0.1:${port}`]: "api" },
    projects: { app: "shared", "app-blue": "blue", "app-migration": "migration" },
    volumes: { app_pgdata: "postgres" },
  };
  const number = parseNumber("1.a");
  const text = writeDocument({ kind: "claim", resource: "claim", body }, number);
  state.writeApplied({ object: "claim", resource: "claim", kind: "claim", number, hash: "h", text });
  const own = containerWith("data", { project: "app", binds: [join(place, "data")] });
  const listening = await listeningSockets();
  const remarks = (...containers: Container[]): Remark[] => remarksOf(state, [own, ...containers], listening);
  return { place, put, remarks, state };
}

describe("the remarks of an observation, which are no differences (F96)", () => {
  it("are none if everything is the stack's own, or no stack is deployed", async () => {
    expect((await server()).remarks()).toEqual([]);
    expect(remarksOf(testServer().work("x").state, [containerWith("other")], [])).toEqual([]);
  });

  it("say that the containers of an adopted project are kept to go back (X1)", async () => {
    const { remarks, state } = await server();
    const [old, other] = ["old-db-1", "other-db-1"].map((name) => {
      return containerWith(name, { project: "old", volumes: ["app_pgdata"] });
    });
    if (old === undefined || other === undefined) throw new Error("there are two containers");
    const parts = { Config: { Image: "img" }, HostConfig: {}, NetworkSettings: { Networks: {} } };
    const description = containerDescription.parse({ Id: old.id, Name: "/old-db-1", Image: "sha256:0", ...parts });
    rememberAdoption(state, {
      ...{ project: "old", done: false, networks: [] },
      containers: [{ service: "db", ran: true, well: true, replaced: false, needs: [], description }],
    });
    expect(remarks(old, other)).toEqual([
      { where: "container old-db-1", found: "img, kept until `slipway adopt --done`" },
      { where: "container other-db-1", found: "img of project old, with volume app_pgdata" },
    ]);
  });

  it("name fifty of ten thousand files in the directory, and the number of the others", async () => {
    const { place, remarks } = await server();
    for (let file = 0; file < 10_000; file += 1) writeFileSync(join(place, `file-${file}`), "");
    const told = remarks();
    expect(told).toHaveLength(51);
    expect(told.at(-1)).toEqual({ where: place, found: "9950 more things that are not of this stack" });
  });

  it("name each file, folder and link that no document wrote, without a folder's content", async () => {
    const { place, put, remarks } = await server();
    for (const path of ["mine/deep/file", "infra/.hidden", "lost\n$(id)", ".slipway/1.draft"]) put(path);
    symlinkSync("/etc", join(place, "infra/etc"));
    expect(remarks()).toEqual([
      { where: `${place}/infra/.hidden`, found: "a file that slipway did not write" },
      { where: `${place}/infra/etc`, found: "a link that slipway did not write" },
      { where: `${place}/lost\n$(id)`, found: "a file that slipway did not write" },
      { where: `${place}/mine`, found: "a folder that slipway did not write" },
    ]);
  });

  it("name what a container mounts that only says that it is of the stack (F133)", async () => {
    const { place, put, remarks } = await server();
    put("mine/file");
    const foreign = containerWith("other", { project: "app", composed: false, binds: [join(place, "mine")] });
    expect(remarks(foreign)).toContainEqual({
      where: `${place}/mine`,
      found: "a folder that slipway did not write",
    });
  });

  it("name a file in a folder of delivered files, unless a container may write there", async () => {
    const { place, put, remarks } = await server();
    put("infra/mine");
    const mounted = (form: string) => containerWith("reader", { project: "app", binds: [join(place, "infra") + form] });
    const found = "a file that slipway did not write";
    expect(remarks(mounted(":ro"))).toEqual([{ where: `${place}/infra/mine`, found }]);
    expect(remarks(mounted(""))).toEqual([]);
  });

  it("follow no link that a container put in place of a folder (F135)", async () => {
    const { place, remarks } = await server();
    const other = await server();
    const container = containerWith("x", { project: "app", binds: [join(place, "swapped/below")] });
    symlinkSync(other.place, join(place, "swapped"));
    expect(remarks(container)).toEqual([{ where: `${place}/swapped`, found: "a link that slipway did not write" }]);
  });

  it("name fifty things, and count the others", async () => {
    const { place, put, remarks } = await server();
    for (let at = 0; at < 60; at++) put(`extra-${at}`);
    const found = remarks();
    expect(found).toHaveLength(51);
    expect(found[50]).toEqual({ where: place, found: "10 more things that are not of this stack" });
  });

  it("name each foreign container that uses the stack or has its label, and one run by hand (F133)", async () => {
    const { place, remarks } = await server();
    const found = remarks(
      containerWith("idle", { project: "other" }),
      containerWith("guest", { project: "other", networks: ["app_data", "x"], volumes: ["app_pgdata"] }),
      containerWith("peer", { networks: ["app-blue_private"] }),
      containerWith("reader", { binds: [join(place, "infra"), `${place}2`] }),
      containerWith("shell", { project: "app-blue", oneOff: true }),
      containerWith("migrate", { project: "app-migration", oneOff: true }),
      containerWith("liar", { project: "app", composed: false }),
      containerWith("app-web-1", { project: "app", composed: false }),
    );
    expect(found).toEqual([
      { where: "container guest", found: "img of project other, in network app_data, with volume app_pgdata" },
      { where: "container peer", found: "img, in network app-blue_private" },
      { where: "container reader", found: `img, with ${place}/infra` },
      { where: "container shell", found: "img of project app-blue, run by hand" },
      { where: "container liar", found: "img of project app, which slipway did not make" },
    ]);
  });

  it("name a process that works in the directory, or listens beside a container on its port", async () => {
    const port = await listenOn("127.0.0.1");
    const { place, remarks } = await server(port);
    const worker = spawn("sleep", ["60"], { cwd: join(place, "infra") });
    onTestFinished(() => void worker.kill());
    await new Promise((resolve) => worker.once("spawn", resolve));
    const works = { where: `${place}/infra`, found: `process ${worker.pid ?? 0} (sleep) works there` };
    expect(remarks(containerWith("api", { project: "app", publishes: [`127.0.0.2:${port}`] }))).toEqual([
      {
        where: `port ${port}`,
        found: expect.stringMatching(/^process \d+ \(.+\) listens on 127\.0\.0\.1$/) as unknown,
      },
      works,
    ]);
    expect(remarks(containerWith("api", { project: "app", publishes: [`127.0.0.1:${port}`] }))).toEqual([works]);
  });
});

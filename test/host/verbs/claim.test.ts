import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Claims } from "../../../host/claims/claims.ts";
import type { Container } from "../../../host/docker/container.ts";
import { NetworkMemory } from "../../../host/network/memory.ts";
import { stackPlaces } from "../../../host/places.ts";
import { StackState } from "../../../host/state/stack-state.ts";
import { claim } from "../../../host/verbs/claim.ts";
import type { Body } from "../../../model/document/bodies.ts";
import { total } from "../../../model/memory-budget.ts";
import { parseNumber } from "../../../model/document/number.ts";
import { writeDocument } from "../../../model/document/writer.ts";
import { containerWith } from "../observe/container.ts";
import { bindOn, listenOn } from "../facts/socket.ts";
import { testServer } from "./server.ts";

/** A server with the stack shop/staging, and other stacks, each seen by a verb of its own. */
function server() {
  const { folder, said, work } = testServer();
  const body = (name: string, port = "1", directory = join(folder, name)): Body<"claim"> => ({
    directory,
    containers: { [`${name}-postgres`]: "postgres" },
    networks: { [`${name}_data`]: "data" },
    ports: { [`127.0.0.1:${port}`]: "postgres" },
    projects: { [name]: "shared", [`${name}-blue`]: "blue" },
    volumes: { [`${name}_pgdata`]: "postgres" },
  });
  const places = stackPlaces({ state: join(folder, "state"), run: join(folder, "run") }, "shop/staging");
  const claims = new Claims(places);
  const workOn = (...containers: Container[]) => {
    return Object.assign(work("claim"), { containers: () => Promise.resolve(containers) });
  };
  const hold = (stack: string, { directory, networks, subnets = {}, memory, ...rest }: Body<"claim">): void =>
    claims.write(stack, {
      ...{ directory, real: directory, networks, subnets, chosen: {}, ...rest },
      ...(memory !== undefined && { memory: total(memory.parts) }),
    });
  return { folder, said, body, claims, hold, workOn, state: new StackState(places) };
}

const refused = "document 4.2 claims what is not free, so nothing was changed; solve the problems above";
const todo = "choose another";

describe("the claim of a stack", () => {
  it("is held beside that of a stack with which it shares nothing, until its removal (A5)", async () => {
    const { body, claims, hold, workOn } = server();
    hold("shop/live", body("live", "2"));
    hold("shop/other", body("staging2", "3")); // a folder whose name begins like that of this stack
    expect(await claim.differences(body("staging"), workOn())).toMatchObject([{ where: "claim", expected: "held" }]);
    await claim.apply(body("staging"), workOn());
    expect(await claim.differences(body("staging"), workOn())).toEqual([]);
    expect(claims.all().map(({ stack }) => stack)).toEqual(["shop/live", "shop/other", "shop/staging"]);
    await claim.remove(body("staging"), workOn());
    expect(claims.of("shop/staging")).toBeUndefined();
  });

  it("differs by a volume that it has no longer, which may be called like a property of Object", async () => {
    const { body, hold, workOn } = server();
    hold("shop/staging", { ...body("staging"), volumes: { ...body("staging").volumes, constructor: "api" } });
    expect(await claim.differences(body("staging"), workOn())).toEqual([
      { where: "claim volumes constructor", expected: "nothing", found: "api" },
    ]);
  });

  it("has the subnets that were chosen for the stack again after its file was damaged (SEC-D9)", async () => {
    const { folder, body, claims, state, workOn } = server();
    new NetworkMemory(state).set("staging_data", "10.213.0.0/26");
    await claim.apply(body("staging"), workOn());
    writeFileSync(join(folder, "state", "claims", "shop@staging.json"), "{");
    await claim.apply(body("staging"), workOn());
    expect(claims.of("shop/staging")?.chosen).toEqual({ "10.213.0.0/26": "staging_data" });
  });

  it("has the subnets of networks whose verb was killed between its memory and the claim (F2)", async () => {
    const { body, claims, state, workOn } = server();
    await claim.apply(body("staging"), workOn());
    new NetworkMemory(state).set("staging_data", "10.213.0.0/26");
    expect(await claim.differences(body("staging"), workOn())).toEqual([
      { where: "claim chosen 10.213.0.0/26", expected: "staging_data", found: "missing" },
    ]);
    await claim.apply(body("staging"), workOn());
    expect(claims.of("shop/staging")?.chosen).toEqual({ "10.213.0.0/26": "staging_data" });
  });

  it("rejects everything at once that another stack holds, by the rule of the preview (A5)", async () => {
    const { folder, body, claims, hold, said, workOn } = server();
    hold("shop/live", body("staging"));
    const wanted = body("staging", "1", join(folder, "staging", "inside"));
    await expect(claim.apply(wanted, workOn())).rejects.toThrow(refused);
    const of = `of stack 'shop/live' on this server`;
    expect(said).toEqual([
      `claim: directory: overlaps '${folder}/staging', the directory ${of}, got '${wanted.directory}'; ${todo}`,
      `claim: project: 'staging' is a compose project ${of}; ${todo}`,
      `claim: project: 'staging-blue' is a compose project ${of}; ${todo}`,
      `claim: services.postgres: 'staging-postgres' is a container ${of}; ${todo}`,
      `claim: ports.postgres: '127.0.0.1:1' is a port ${of}; ${todo}`,
      `claim: services.postgres.data: 'staging_pgdata' is a volume ${of}; ${todo}`,
      `claim: project: 'staging_data' is a network ${of}; ${todo}`,
    ]);
    expect(claims.of("shop/staging")).toBeUndefined();
  });

  it("rejects the directory of another stack behind a link (F21)", async () => {
    const { folder, body, claims, hold, said, workOn } = server();
    hold("shop/live", body("live", "2"));
    mkdirSync(join(folder, "live"));
    symlinkSync(join(folder, "live"), join(folder, "alias"));
    await expect(claim.apply(body("staging", "1", join(folder, "alias", "in")), workOn())).rejects.toThrow(refused);
    expect(said).toEqual([expect.stringContaining(`directory: overlaps '${folder}/live'`)]);
    symlinkSync(folder, join(folder, "around"));
    await claim.apply(body("staging", "1", join(folder, "around/staging")), workOn());
    expect(claims.of("shop/staging")?.real).toBe(join(folder, "staging")); // for the stacks that come later
  });

  it("rejects a port on which a process listens, and names the process (F34)", async () => {
    const { body, said, workOn } = server();
    const port = String(await listenOn("127.0.0.1"));
    await expect(claim.apply(body("staging", port), workOn())).rejects.toThrow(refused);
    expect(said).toEqual([
      expect.stringMatching(
        new RegExp(
          `^claim: ports\\.postgres: is in use on 127\\.0\\.0\\.1 by process ${process.pid} \\(.+\\), got '${port}'`,
        ),
      ),
    ]);
  });

  it("rejects a port of UDP that a process has, not that of TCP, nor one at another address", async () => {
    const { body, said, workOn } = server();
    const port = String(await bindOn("127.0.0.1"));
    const own = { ...body("staging"), ports: { [`0.0.0.0:${port}/udp`]: "dns" } };
    await expect(claim.apply(own, workOn())).rejects.toThrow(refused);
    expect(said).toEqual([expect.stringContaining(`ports.dns: is in use on 127.0.0.1 by process ${process.pid} (`)]);
    expect(said).toEqual([expect.stringContaining(`got '${port}/udp'`)]);
    for (const free of [`0.0.0.0:${port}`, `127.0.0.2:${port}/udp`, `[::1]:${port}/udp`]) {
      await claim.apply({ ...own, ports: { [free]: "dns" } }, workOn());
    }
  });

  it("rejects containers of its project that slipway did not make (F33), and no others", async () => {
    const { body, said, workOn } = server();
    const foreign = containerWith("old", { project: "staging" });
    await expect(claim.apply(body("staging"), workOn(foreign))).rejects.toThrow(refused);
    expect(said).toEqual([expect.stringContaining("a compose project 'staging' that slipway did not make run there")]);
    await claim.apply(body("staging"), workOn(containerWith("other", { project: "elsewhere" })));
  });

  it("rejects a container of others with a name of its own (F33, E21)", async () => {
    const { body, said, workOn } = server();
    const namesake = containerWith("staging-postgres", { project: "old" });
    await expect(claim.apply(body("staging"), workOn(namesake))).rejects.toThrow(refused);
    expect(said).toEqual([expect.stringContaining("services.postgres: 'staging-postgres' is a container of project")]);
  });

  it("rejects another directory than that of the deployed stack", async () => {
    const { folder, body, said, state, workOn } = server();
    const number = parseNumber("1.a");
    const { directory, networks, ports, projects, volumes } = body("staging");
    const held = { directory, networks, ports, projects, volumes };
    const text = writeDocument({ kind: "claim", resource: "c", body: held }, number);
    state.writeApplied({ object: "claim", resource: "c", kind: "claim", number, hash: "h", text });
    await expect(claim.apply(body("staging", "1", join(folder, "moved")), workOn())).rejects.toThrow(refused);
    expect(said).toEqual([expect.stringContaining(`directory: cannot move from '${folder}/staging'`)]);
  });

  it("rejects any claim while that of another stack cannot be read", async () => {
    const { folder, body, hold, said, workOn } = server();
    hold("shop/live", body("live"));
    writeFileSync(join(folder, "state/claims/shop@live.json"), "{");
    await expect(claim.apply(body("staging"), workOn())).rejects.toThrow(refused);
    expect(said).toEqual([expect.stringContaining("the claim of stack 'shop/live' on this server cannot be read")]);
  });

  it("names changes by hand, and repairs them (F96)", async () => {
    const { body, claims, workOn } = server();
    await claim.apply(body("staging"), workOn());
    const held = claims.of("shop/staging");
    if (held !== undefined)
      claims.write("shop/staging", { ...held, real: "/elsewhere", ports: { "[::]:9/udp": "api" } });
    expect(await claim.differences(body("staging"), workOn())).toEqual([
      { where: "claim real", expected: body("staging").directory, found: "/elsewhere" },
      { where: "claim ports 127.0.0.1:1", expected: "postgres", found: "missing" },
      { where: "claim ports [::]:9/udp", expected: "nothing", found: "api" },
    ]);
    await claim.apply(body("staging"), workOn());
    expect(await claim.differences(body("staging"), workOn())).toEqual([]);
  });
});

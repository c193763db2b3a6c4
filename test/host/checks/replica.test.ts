import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { containerOf, inspectionSchema, type Container } from "../../../host/docker/container.ts";
import type { CheckedService } from "../../../host/checks/checks.ts";
import { Replica } from "../../../host/checks/replica.ts";

const id = "a".repeat(64);

/** A running container at this machine's own address, with the facts of a test. */
function container(also: Partial<Container> = {}): Container {
  const inspection = inspectionSchema.parse({
    ...{ Id: id, Name: "/api", Image: "sha256:1", RestartCount: 0, Mounts: [], HostConfig: {} },
    State: { Status: "running", ExitCode: 0, Pid: 1, StartedAt: "", FinishedAt: "" },
    Config: { Image: "api" },
    NetworkSettings: { Networks: { one: { NetworkID: "n", IPAddress: "127.0.0.1" } } },
  });
  return { ...containerOf(inspection), ...also };
}

async function listen(answer: RequestListener): Promise<number> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const gate = { answers: 3, seconds: 0, interval: 0.01 };

function replica(service: Partial<CheckedService>, of = container(), before = { restarts: 0 }): Replica {
  return new Replica("api", { image: "api", deadline: 0, gate, ...service }, of, before);
}

async function statuses(...answers: number[]): Promise<number> {
  const left = [...answers];
  return await listen((_, response) => response.writeHead(left.shift() ?? answers.at(-1) ?? 200).end());
}

describe("what is missing at the gate", () => {
  it("is told by the last answer, or by the good ones in a row, until nothing is", async () => {
    const one = replica({ port: await statuses(503, 200, 200, 200), health: { path: "/" }, deadline: 60 });
    const missing = [one.missing];
    for (let asked = 0; asked < 4; asked += 1) {
      await one.ask();
      missing.push(one.missing);
    }
    expect(missing).toEqual([
      "'api' was not asked yet",
      "'api' answered 503",
      "'api' gave 1 of 3 good answers in a row",
      "'api' gave 2 of 3 good answers in a row",
      undefined,
    ]);
  });

  it("is the rest of the window, where there are enough answers", async () => {
    const one = replica({ port: await statuses(200), gate: { ...gate, answers: 1, seconds: 60 } });
    await one.ask();
    await one.ask();
    expect(one.missing).toBe("'api' gave 1 of 1 good answers in a row, and must for 60 s");
  });

  it("is the state of a service without a port, or the end of a job", async () => {
    const one = replica({ deadline: 60 }, container({ health: "starting" }));
    await one.ask();
    expect([one.missing, replica({ job: "ends" }).missing]).toEqual(["'api' is starting", "'api' has not ended yet"]);
  });
});

describe("a job at the gate", () => {
  const ended = (exitCode: number) => container({ state: "exited", exitCode, restartPolicy: "on-failure" });

  it("is well when it has ended with 0, and not while it runs, whatever port it has", async () => {
    const one = replica({ job: "ends", port: await statuses(200), deadline: 60 });
    for (let asked = 0; asked < 3; asked += 1) await one.ask();
    expect(one.isWell).toBe(false);
    one.check(ended(0));
    for (let asked = 0; asked < 3; asked += 1) await one.ask();
    expect(one.isWell).toBe(true);
  });

  it("fails with its exit code, but not while the engine starts it again", () => {
    const one = replica({ job: "ends" });
    one.check(container({ state: "restarting", exitCode: 3, restarts: 1 }));
    expect(() => one.check(ended(3))).toThrow("'api' ended with exit code 3");
  });

  it("fails when it does not end in its time", async () => {
    await expect(replica({ job: "ends" }).ask()).rejects.toThrow("'api' has not ended within 0 s");
  });
});

describe("a replica at the gate", () => {
  it("is well after so many good answers in a row, and none before the last one counts", async () => {
    const port = await statuses(200, 200, 503, 200, 204, 200);
    const one = replica({ port, health: { path: "/health" }, deadline: 60 });
    const seen: boolean[] = [];
    for (let asked = 0; asked < 6; asked += 1) {
      await one.ask();
      seen.push(one.isWell);
    }
    expect(seen).toEqual([false, false, false, false, false, true]);
  });

  it("is not well before the time of the gate is over, however many its answers are", async () => {
    const one = replica({ port: await statuses(200), health: { path: "/" }, gate: { ...gate, seconds: 600 } });
    for (let asked = 0; asked < 10; asked += 1) await one.ask();
    expect(one.isWell).toBe(false);
  });

  it.each([301, 302, 307, 404, 500, 503])("is not well by an answer of %i (SEC-B3)", async (status) => {
    const one = replica({ port: await statuses(status), health: { path: "/health" } });
    await expect(one.ask()).rejects.toThrow(
      `'api' was not healthy within 0 s: it answered ${status}, and no answer was good`,
    );
  });

  it("is asked with the headers of its check, and is well by its status alone", async () => {
    const asked: unknown[] = [];
    const port = await listen((request, response) => {
      asked.push([request.url, request.headers["host"], request.headers["x-probe"]]);
      response.writeHead(418).end();
    });
    const health = { path: "/ready?full", status: 418, headers: { Host: "shop.test", "X-Probe": "yes" } };
    const one = replica({ port, health, gate: { ...gate, answers: 1 } });
    await one.ask();
    expect(one.isWell).toBe(true);
    expect(asked).toEqual([["/ready?full", "shop.test", "yes"]]);
    await expect(replica({ port: await statuses(200), health }).ask()).rejects.toThrow("it answered 200");
  });

  it("without a path is well when its port is open, and not when nobody listens", async () => {
    const open = replica({ port: await statuses(500), gate: { ...gate, answers: 1 } });
    await open.ask();
    expect(open.isWell).toBe(true);
    await expect(replica({ port: 1 }).ask()).rejects.toThrow("ECONNREFUSED");
  });

  it("without an address is asked again until its time is over", async () => {
    const none = container({ networks: new Map() });
    await expect(replica({ port: 80 }, none).ask()).rejects.toThrow("it answered nothing: it has no address");
  });

  it("without a port is well by the engine's word alone", async () => {
    for (const health of ["", "healthy"]) {
      const one = replica({ gate: { ...gate, answers: 1 } }, container({ health }));
      await one.ask();
      expect(one.isWell).toBe(true);
    }
    await expect(replica({}, container({ health: "unhealthy" })).ask()).rejects.toThrow("it answered unhealthy");
    const job = replica({ gate: { ...gate, answers: 1 } }, container({ state: "exited", restartPolicy: "no" }));
    job.check(container({ state: "exited", restartPolicy: "no" }));
    await job.ask();
    expect(job.isWell).toBe(true);
  });

  it("ends the gate when it is gone, ends or restarts (F35)", () => {
    const one = replica({ port: 80, deadline: 60 });
    one.check(container());
    expect(() => one.check(undefined)).toThrow("a container of 'api' is gone");
    expect(() => one.check(container({ state: "exited", exitCode: 3 }))).toThrow("'api' is exited with exit code 3");
    expect(() => one.check(container({ restarts: 1 }))).toThrow("'api' restarts");
    replica({ port: 80 }, container({ restarts: 1 }), { restarts: 1 }).check(container({ restarts: 1 }));
  });
});

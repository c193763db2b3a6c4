import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { digest, TrialRepository } from "./trial-repository.ts";

let trial: TrialRepository;
beforeEach(() => {
  trial = new TrialRepository();
});
afterEach(() => trial.remove());

/** Writes a compose file with one shared service for each list of ports. */
function publish(services: Readonly<Record<string, string>>, also = ""): void {
  const lines = Object.entries(services).map(
    ([name, ports]) => `  ${name}: { image: "${digest(name)}", ports: [${ports}]${also} }`,
  );
  trial.write("compose.yaml", `services:\n${lines.join("\n")}\n`);
}

const plain = { services: {}, variables: {} };

describe("ports of a stack and its compose file", () => {
  it("lead out of the circle of a database that is published by a variable, both ways (M2)", async () => {
    publish({ db: '"${DB_PORT:-5432}:5432"' }, ", environment: { URL: 'http://localhost:${DB_PORT:-5432}' }");
    expect(await trial.problems({ ...plain, ports: {} })).toEqual([
      "ports.db: is missing, and the compose file publishes 5432; write 5432 for a port of the server, " +
        "or none if only this stack calls it",
    ]);
    expect(await trial.problems({ ...plain, ports: { db: 5432 } })).toEqual([]);
    expect((await trial.load({ ...plain, ports: { db: 15432 } })).plain).toMatchObject({ DB_PORT: "15432" });
    expect((await trial.load({ ...plain, ports: { db: "none" } })).plain).not.toHaveProperty("DB_PORT");
  });

  it("are a range in one entry, whose variable holds the whole range (M6)", async () => {
    publish({ media: '"${MEDIA:-10000-10100}:10000-10100/udp"' });
    expect(await trial.problems({ ...plain, ports: {} })).toEqual([
      "ports.media: is missing, and the compose file publishes 10000-10100/udp; write 10000-10100 for a port of the " +
        "server, or none if only this stack calls it",
    ]);
    expect(await trial.problems({ ...plain, ports: { media: "10000-10100" } })).toEqual([]);
    const { plain: own } = await trial.load({ ...plain, ports: { media: { "10000-10100/udp": "20000-20100" } } });
    expect(own).toMatchObject({ MEDIA: "20000-20100" });
  });

  it("have the advice for several ports in a form that is planned to the letter (M14)", async () => {
    publish({ web: '"8080:80", "8443:443", "443:443/udp"' });
    const [problem = ""] = await trial.problems({ ...plain, ports: { web: 8080 } });
    expect(problem).toContain('write { 80: 8080, 443: 8443, 443/udp: "127.0.0.1:443" }, with none for each port');
    const web = { 80: 8080, 443: 8443, "443/udp": "127.0.0.1:443" };
    expect(await trial.problems({ ...plain, ports: { web } })).toEqual([]);
  });

  it("give one variable one value, whatever services mention it", async () => {
    publish({ a: '"${P:-53}:53", "${P:-53}:53/udp"', b: '"${P:-53}:5353"' });
    const a = { 53: "10.0.0.1:1053", "53/udp": "10.0.0.1:1053" };
    expect(await trial.problems({ ...plain, ports: { a, b: 2053 } })).toEqual([
      "ports.b: is 2053, and the compose file has P for it, which is 1053 by a; " +
        "write 1053 here as well, or name another variable in the compose file",
    ]);
    expect(await trial.problems({ ...plain, ports: { a, b: "10.0.0.2:1053" } })).toEqual([]);
    expect(await trial.problems({ ...plain, ports: { a, b: "10.0.0.1:1053" } })).toEqual([
      "ports.b: is already the host port of a, got '1053'; use another port",
    ]);
  });

  it("follow a variable that is the port on the server and in the container", async () => {
    publish({ api: '"${API_PORT:-80}:${API_PORT:-80}", "9000:9000"' });
    const { stack, plain: own } = await trial.load({ ...plain, ports: { api: { 8081: 8081, 9000: 9000 } } });
    expect(own).toMatchObject({ API_PORT: "8081" });
    expect(stack.services[0]?.published.map(({ container }) => container.first)).toEqual([8081, 9000]);
    expect(await trial.problems({ ...plain, ports: { api: { 80: 8081, 9000: 9000 } } })).toEqual([
      "ports.api.80: is 8081 on the server and 80 in the container, and the compose file has API_PORT for both; " +
        "write 8081: 8081",
    ]);
  });

  it("that cannot be read have one problem, and no second one for the port that is missing then", async () => {
    publish({ web: '"8080:80"' });
    expect(await trial.problems({ ...plain, ports: { web: { 80: "x" } } })).toHaveLength(1);
  });
});

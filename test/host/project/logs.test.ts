import { createServer, type Server } from "node:http";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { EngineConnection } from "../../../host/docker/connection.ts";
import { Engine } from "../../../host/docker/engine.ts";
import { ProjectLogs } from "../../../host/project/logs.ts";
import { ProjectView } from "../../../host/project/project-view.ts";
import { testServer } from "../verbs/server.ts";
import { appContainer } from "./containers.ts";

/** The logs of a project, of an engine at a socket that answers as `engine` does. */
async function logs(engine: Server | undefined, env = 'TOKEN="canary-one"\n', brought: Record<string, string> = {}) {
  const { folder, said, work } = testServer();
  const directory = join(folder, "shop");
  mkdirSync(directory);
  writeFileSync(join(directory, ".env"), env);
  const socket = join(folder, "engine.sock");
  if (engine !== undefined) {
    await new Promise<void>((resolve) => engine.listen(socket, resolve));
    onTestFinished(() => void engine.close());
  }
  const staged = { "variable.PIN": "a7", ...brought };
  const secrets = new Map(Object.entries(staged).map(([name, text]) => [name, Buffer.from(text)]));
  const own = Object.assign(work("compose", { secrets }), { engine: new Engine(new EngineConnection(socket, 0)) });
  const place = { project: "app", directory, env: join(directory, ".env") };
  return { said, logs: new ProjectLogs(new ProjectView(place, own), own) };
}

/** Answers with one container, which printed these bytes. */
function engineWith(printed: string, environment: readonly string[]): Server {
  const { inspection } = appContainer(({ Config: config }) => {
    config.Env = [...environment];
  });
  return createServer((asked, answer) => {
    const path = asked.url ?? "";
    if (path.includes("/logs?")) answer.end(frame(printed));
    else answer.end(JSON.stringify(path.includes("/containers/json") ? [inspection] : inspection));
  });
}

function frame(text: string): Buffer {
  const head = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([head, Buffer.from(text)]);
}

describe("a container's log", () => {
  it("hides its container's value, even if the env file has the next one already (F111)", async () => {
    const engine = engineWith("canary-old and canary-one\r\nport 80\n", ["TOKEN=canary-old", "PORT=80"]);
    const { logs: shown, said } = await logs(engine);
    await shown.show(appContainer());
    expect(said.filter((line) => !line.includes("hides whole lines"))).toEqual([
      "app: the last lines of 'api':",
      "app: *** and ***",
      "app: port 80",
    ]);
  });

  it("is not shown if its image brings more values than can be hidden", async () => {
    const values = Array.from({ length: 20_000 }, (_, index) => `x${index + 100_000}`).join("\n");
    const { logs: shown, said } = await logs(engineWith(`${"x".repeat(16_000)}\n`.repeat(100), [`A=${values}`]));
    await shown.show(appContainer());
    expect(said).toEqual(["app: cannot show what 'api' printed: the engine does not tell which values it has"]);
  });

  it("hides a value also where a long line is cut in its middle", async () => {
    const before = "y".repeat(1995);
    const { logs: shown, said } = await logs(engineWith(`${before}canary-one${"z".repeat(9000)}\n`, []));
    await shown.show(appContainer());
    expect(said.join("\n")).not.toContain("cana");
    expect(said.at(-1)).toMatch(/^app: y{1900}/);
  });

  it("is not shown if its values are not known", async () => {
    const { logs: shown, said } = await logs(undefined);
    await shown.show(appContainer());
    expect(said).toEqual(["app: cannot show what 'api' printed: the engine does not tell which values it has"]);
  });

  it("has no line with a secret of under four characters, and says so (F114, SEC-C8)", async () => {
    const { logs: shown, said } = await logs(engineWith("pin a7!\nba7x\n", []));
    await shown.show(appContainer());
    expect(said).toEqual([
      "app: the last lines of 'api':",
      "app: hides whole lines, since a secret has fewer than 4 characters; choose a longer one",
      "app: ***",
      "app: ba7x",
    ]);
  });

  it("shows characters that a terminal would obey as what they are (SEC-C3)", async () => {
    const { logs: shown, said } = await logs(engineWith("\u001b]0;owned\u0007 \u009b2J\n", []));
    await shown.show(appContainer());
    expect(said.at(-1)).toBe("app: \\u001b]0;owned\\u0007 \\u009b2J");
  });
});

describe("what is no secret", () => {
  const env = 'DB="n8n"\nDATA="/srv/data"\nTOKEN="canary-one"\n';
  const printed = "n8n has no /srv/data and canary-one\n";

  it("is shown if the session says so, short or long, also where a container has it by another name", async () => {
    const brought = { env, plain: JSON.stringify({ env: ["DB", "DATA"] }), "variable.PIN": "" };
    const engine = engineWith(printed, ["POSTGRES_DB=n8n", "FOLDER=/srv/data", "TOKEN=canary-one"]);
    const { logs: shown, said } = await logs(engine, env, brought);
    await shown.show(appContainer());
    expect(said).toEqual(["app: the last lines of 'api':", "app: n8n has no /srv/data and ***"]);
  });

  it("is shown where Compose names it in an error", async () => {
    const brought = { env, plain: JSON.stringify({ env: ["DATA"] }) };
    const { logs: shown, said } = await logs(undefined, env, brought);
    await shown.showCompose("bind source path does not exist: /srv/data\n");
    expect(said.at(-1)).toBe("app: bind source path does not exist: /srv/data");
  });

  it("is hidden in a run that was not told: a resume, or a removal", async () => {
    const { logs: shown, said } = await logs(undefined, env, { env });
    await shown.showCompose("/srv/data\n");
    expect(said.at(-1)).toBe("app: ***");
  });

  it("is only the value that the session brought: the env file may still hold an earlier secret (F111)", async () => {
    const brought = { env: 'TOKEN="shown"\n', plain: JSON.stringify({ env: ["TOKEN"] }) };
    const { logs: shown, said } = await logs(undefined, 'TOKEN="canary-one"\n', brought);
    await shown.showCompose("shown canary-one\n");
    expect(said.at(-1)).toBe("app: shown ***");
  });

  it("is so in one env file alone: the same name in another one is a secret", async () => {
    const other = "env.0123456789abcdef";
    const brought = { env, [other]: 'DATA="canary-two"\n', plain: JSON.stringify({ env: ["DATA"], [other]: [] }) };
    const { logs: shown, said } = await logs(undefined, env, brought);
    await shown.showCompose("/srv/data canary-two\n");
    expect(said.at(-1)).toBe("app: /srv/data ***");
  });

  it("cannot be told by an unreadable list, and nothing is shown", async () => {
    const { logs: shown, said } = await logs(undefined, env, { env, plain: "[]" });
    await shown.showCompose("/srv/data\n");
    expect(said).toEqual(["app: cannot show what Compose printed: its env file cannot be read"]);
  });
});

describe("what Compose printed", () => {
  it("is shown without values, also if the engine does not answer", async () => {
    const { logs: shown, said } = await logs(undefined);
    await shown.showCompose("pulls canary-one\nfails\n");
    expect(said.slice(-2)).toEqual(["app: pulls ***", "app: fails"]);
  });
});

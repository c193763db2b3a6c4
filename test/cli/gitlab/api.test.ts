import { createServer, type RequestListener, type Server } from "node:http";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { GitlabApi } from "../../../cli/gitlab/api.ts";

const servers: Server[] = [];
afterAll(() => servers.forEach((server) => server.close()));

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return `http://127.0.0.1:${address.port}`;
}

test("rejects a redirect to another server, which would get the token", async () => {
  const seen: unknown[] = [];
  const other = await serve(({ headers }, response) => {
    seen.push(headers["private-token"]);
    response.end("{}");
  });
  const gitlab = await serve((_, response) => response.writeHead(302, { location: other }).end());
  const api = new GitlabApi(gitlab, { header: "PRIVATE-TOKEN", value: "canary" }, 1);
  await expect(api.file("jobs/1/artifacts/plan.json")).rejects.toThrow(/^gitlab GET jobs\/1.* cannot be asked: /);
  expect(seen).toEqual([]);
});

test("repeats a request that came too often, but not one that fails for good", async () => {
  let asked = 0;
  const gitlab = await serve((_, response) => response.writeHead(++asked === 1 ? 429 : 404).end());
  const api = new GitlabApi(gitlab, { header: "PRIVATE-TOKEN", value: "canary" }, 1);
  expect(await api.file("jobs/1/artifacts/plan.json")).toBeUndefined();
  expect(asked).toBe(2);
});

test("repeats a request if the network failed or GitLab was busy, and writes nothing twice", async () => {
  const asked: (string | undefined)[] = [];
  const gitlab = await serve(({ method, socket }, response) => {
    asked.push(method);
    if (asked.length === 1) socket.destroy();
    else if (asked.length === 2) response.writeHead(503).end();
    else response.end(asked.length === 3 ? "the plan" : "{}");
  });
  const api = new GitlabApi(gitlab, { header: "PRIVATE-TOKEN", value: "canary" }, 1);
  expect(await api.file("jobs/1/artifacts/plan.json")).toBe("the plan");
  asked.length = 0;
  await expect(api.ask(z.object({}), { method: "POST", path: "notes" })).rejects.toThrow(
    /^gitlab POST notes: cannot be asked: .*; see that this job reaches GitLab at CI_API_V4_URL/,
  );
  expect(asked).toEqual(["POST"]);
});

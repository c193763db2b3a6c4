import { createServer, type RequestListener, type Server } from "node:http";
import { afterAll, expect, test } from "vitest";
import { GitlabApi } from "../../cli/gitlab-api.ts";

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

test("rejects an answer that leads to another server, which would get the token", async () => {
  const seen: unknown[] = [];
  const other = await serve(({ headers }, response) => {
    seen.push(headers["private-token"]);
    response.end("{}");
  });
  const gitlab = await serve((_, response) => response.writeHead(302, { location: other }).end());
  const api = new GitlabApi(gitlab, { header: "PRIVATE-TOKEN", value: "canary" });
  await expect(api.file("jobs/1/artifacts/plan.json")).rejects.toThrow(/^gitlab GET jobs\/1.* cannot be asked: /);
  expect(seen).toEqual([]);
});

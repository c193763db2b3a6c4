import { Buffer } from "node:buffer";
import { expect, it } from "vitest";
import { EngineConnection } from "../../../host/docker/connection.ts";
import { loginsIn, pullImage } from "../../../host/docker/pull.ts";
import { dockerSettings } from "../../../model/stack/registry-login.ts";
import { engineServer } from "./engine-server.ts";

const digest = `sha256:${"a".repeat(64)}`;
const password = "word?>";
const logins = loginsIn(
  Buffer.from(dockerSettings(["docker.io", "ghcr.io"].map((server) => ({ server, user: "job", password })))),
);

/** The login that the engine gets with a pull, which it reads as URL-safe base64 with its padding, or else ignores. */
async function loginFor(reference: string): Promise<unknown> {
  const headers: (string | undefined)[] = [];
  const { socket } = await engineServer("1.41", (request, response) => {
    headers.push(request.headers["x-registry-auth"]?.toString());
    response.end('{"status":"done"}\n');
  });
  await pullImage(new EngineConnection(socket), `${reference}@${digest}`, logins, AbortSignal.timeout(10_000));
  const [header] = headers;
  if (header === undefined) return undefined;
  expect(header).toMatch(/^([A-Za-z0-9_-]{4})*([A-Za-z0-9_-]{2}==|[A-Za-z0-9_-]{3}=)?$/);
  return JSON.parse(Buffer.from(header, "base64url").toString());
}

it.each([
  { reference: "ghcr.io/shop/api", serveraddress: "ghcr.io" },
  { reference: "docker.io/library/postgres", serveraddress: "https://index.docker.io/v1/" },
  { reference: "shop/api", serveraddress: "https://index.docker.io/v1/" },
])("a pull of $reference has the login for its registry (E10)", async ({ reference, serveraddress }) => {
  expect(await loginFor(reference)).toEqual({ username: "job", password, serveraddress });
});

it.each(["quay.io/shop/api", "ghcr.io:5000/shop/api"])(
  "a pull of %s has no login of another registry",
  async (name) => {
    expect(await loginFor(name)).toBeUndefined();
  },
);

import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { authorize } from "../../registry/authorization.ts";
import { RegistryConnection } from "../../registry/connection.ts";
import type { Credential } from "../../registry/credential.ts";
import { lookUp, problems } from "./looked-up.ts";
import { StubRegistry } from "./stub-registry.ts";

const login: Credential = { kind: "password", user: "robot", password: "canary", from: "registries" };

describe("a registry with logins", () => {
  const denied = { status: 401, body: "canary" };

  /** A registry that gives out tokens to the one login, and the image to who has such a token. */
  async function withTokens(tokenStatus = 200, ends = false): Promise<StubRegistry> {
    const stub: StubRegistry = await StubRegistry.start(({ path, authorization }, earlier) => {
      if (path.startsWith("/token")) {
        const body = JSON.stringify({ token: `of-the-day-${String(earlier)}` });
        return { status: tokenStatus, body: tokenStatus === 200 ? body : "canary" };
      }
      const right = ends ? `Bearer of-the-day-${path.includes("blobs") ? "1" : "0"}` : "Bearer of-the-day-0";
      if (authorization === right) return undefined;
      const realm = `http://${stub.address}/token`;
      return { ...denied, headers: { "www-authenticate": `Bearer realm="${realm}",service="stub",scope="canary"` } };
    });
    stub.image("shop/web:1");
    return stub;
  }

  it("gives out a token for one repository, to read it alone", async () => {
    const stub = await withTokens();
    expect(await problems(stub, ["shop/web:1"], { credential: login })).toEqual([]);
    const [asked, ...more] = stub.questions.filter(({ path }) => path.startsWith("/token"));
    expect(more).toEqual([]);
    expect(asked?.path).toBe("/token?service=stub&scope=repository%3Ashop%2Fweb%3Apull");
    expect(asked?.authorization).toBe(`Basic ${Buffer.from("robot:canary").toString("base64")}`);
  });

  it("gives out a token without a login, where the image is public", async () => {
    const stub = await withTokens();
    expect(await problems(stub, ["shop/web:1"])).toEqual([]);
    expect(stub.questions.find(({ path }) => path.startsWith("/token"))?.authorization).toBeUndefined();
  });

  it("is asked for another token when the first has ended", async () => {
    const stub = await withTokens(200, true);
    expect(await problems(stub, ["shop/web:1"], { credential: login })).toEqual([]);
  });

  it("exchanges the token that `docker login` left", async () => {
    const stub = await withTokens();
    const credential = { kind: "token", token: "canary", from: "config.json" } as const;
    expect(await problems(stub, ["shop/web:1"], { credential })).toEqual([]);
    const [asked] = stub.questions.filter(({ path }) => path === "/token");
    expect(Object.fromEntries(new URLSearchParams(asked?.body))).toEqual({
      ...{ grant_type: "refresh_token", service: "stub", client_id: "slipway", refresh_token: "canary" },
      scope: "repository:shop/web:pull",
    });
  });

  it("may want a basic login", async () => {
    const right = `Basic ${Buffer.from("robot:canary").toString("base64")}`;
    const stub = await StubRegistry.start(({ authorization }) =>
      authorization === right ? undefined : { ...denied, headers: { "www-authenticate": "Basic realm=stub" } },
    );
    stub.image("web:1");
    expect(await problems(stub, ["web:1"], { credential: login })).toEqual([]);
    expect(await problems(stub, ["web:1"])).toEqual([
      "compose.yaml: 'stub/web:1' is private, or does not exist: stub wants a login, and there is none; " +
        "run `docker login stub`, name a login in registries.stub, or correct the image's name",
    ]);
    expect(await problems(stub, ["web:1"], { credential: { ...login, password: "canary2" } })).toEqual([
      "compose.yaml: 'stub/web:1' is not given out: stub refuses the login of 'robot' from registries; " +
        "correct its user and its password",
    ]);
  });

  it("rejects a login at the server of its tokens, and no word of the answer is repeated", async () => {
    const stub = await withTokens(401);
    const said = await problems(stub, ["shop/web:1"], { credential: { ...login, from: "config.json" } });
    expect(said).toEqual([
      "compose.yaml: 'stub/shop/web:1' is not given out: stub refuses the login of 'robot' from config.json; " +
        "run `docker login stub` again",
    ]);
    expect(await problems(stub, ["shop/web:1"])).toEqual([expect.stringContaining("wants a login, and there is none")]);
  });

  it("rejects a user who may not read the repository", async () => {
    const stub = await StubRegistry.start(({ path, authorization }) => {
      if (path.startsWith("/token")) return { status: 200, body: '{"access_token":"t"}' };
      if (authorization !== undefined) return { status: 403, body: "canary" };
      return { ...denied, headers: { "www-authenticate": `Bearer realm="http://${stub.address}/token"` } };
    });
    expect(await problems(stub, ["web:1"], { credential: login })).toEqual([
      "compose.yaml: 'stub/web:1' may not be read by the login of 'robot' at stub, or does not exist; " +
        "give that user the right to pull it, or correct the image's name",
    ]);
  });

  it("gets no login for a server of tokens without TLS on another machine", async () => {
    const headers = { "www-authenticate": 'Bearer realm="http://192.0.2.1/token"' };
    const stub = await StubRegistry.start(() => ({ ...denied, headers }));
    expect(await problems(stub, ["web:1"], { credential: login })).toEqual([
      expect.stringContaining("is not looked up: stub has its logins at an address without TLS, or at none; ask"),
    ]);
  });

  it.each([
    "https://127.0.0.1:2376/token",
    "https://[::1]/token",
    "http://localhost/token",
    "https://169.254.169.254/",
  ])("of another machine gets no login for the server of tokens at %s (SEC-D11)", async (realm) => {
    const connection = new RegistryConnection({ environment: {}, whole: 0 });
    const asked = { header: `Bearer realm="${realm}"`, credential: login };
    await expect(authorize(connection, { registry: "registry.test", repository: "web" }, asked)).rejects.toThrow(
      "is not looked up: registry.test has its logins at an address without TLS, or at none",
    );
    connection.close();
  });

  it("redirects to another host without the login, and to itself with it", async () => {
    const other = await StubRegistry.start();
    const digest = other.image("web:1");
    const stub = await StubRegistry.start(({ path, authorization }) => {
      if (authorization === undefined) return { ...denied, headers: { "www-authenticate": "Basic realm=stub" } };
      if (path === "/moved/manifest")
        return { status: 307, headers: { location: `http://${other.address}/v2/web/manifests/1` } };
      return path.includes("blobs")
        ? { status: 302, headers: { location: `http://user:word@${other.address}${path}` } }
        : { status: 301, headers: { location: "/moved/manifest" } };
    });
    const { images } = await lookUp(stub, ["web:1"], { credential: login });
    expect([...images.values()][0]?.digest).toBe(digest);
    expect(stub.questions.filter(({ path }) => path === "/moved/manifest")[0]?.authorization).toMatch(/^Basic /);
    expect(other.questions.length).toBe(2);
    expect(other.questions.map(({ authorization }) => authorization)).toEqual([undefined, undefined]);
  });

  it("is rejected if its redirects have no end", async () => {
    const stub = await StubRegistry.start(() => ({ status: 302, headers: { location: "/v2/" } }));
    expect(await problems(stub, ["web:1"])).toEqual([
      "compose.yaml: 'stub/web:1' is not looked up: stub redirects more than 5 times; try again later",
    ]);
  });
});

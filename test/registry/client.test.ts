import { describe, expect, it } from "vitest";
import { describeProblem } from "../../model/problem.ts";
import { lookUp, problems } from "./looked-up.ts";
import { StubRegistry, sumOf } from "./stub-registry.ts";

const version = "org.opencontainers.image.version";

describe("an image of a registry", () => {
  it("has the digest of the bytes, the platform of its configuration, and the version of its label", async () => {
    const stub = await StubRegistry.start();
    const digest = stub.image("shop/web:1", { platform: "linux/arm64/v8", labels: { [version]: "1.2.3" } });
    const { images, problems } = await lookUp(stub, ["shop/web:1"], { platforms: ["linux/arm64"] });
    expect(problems).toEqual([]);
    expect([...images.values()]).toEqual([
      {
        ...{ digest, platforms: ["linux/arm64"], version: "1.2.3" },
        name: `${stub.address}/shop/web:1@${digest}`,
        reference: { registry: stub.address, repository: "shop/web", tag: "1", digest: undefined },
      },
    ]);
  });

  it("has the digest and all platforms of its index, where attestations are none", async () => {
    const stub = await StubRegistry.start();
    const amd = stub.image("web:amd", { labels: { [version]: "of-amd64" } });
    const arm = stub.image("web:arm", { platform: "linux/arm", labels: { [version]: "2.0" } });
    const digest = stub.index("web:1", [
      { digest: amd, platform: "linux/amd64" },
      { digest: arm, platform: "linux/arm" },
    ]);
    const { images } = await lookUp(stub, ["web:1"], { platforms: ["linux/arm/v7"] });
    expect([...images.values()][0]).toMatchObject({
      ...{ digest, platforms: ["linux/amd64", "linux/arm/v7"], version: "2.0" },
    });
  });

  it("has the version of its index's annotation, without a question for its configuration", async () => {
    const stub = await StubRegistry.start();
    const digest = sumOf("not there");
    stub.index("web:1", [{ digest, platform: "linux/amd64", annotations: { [version]: "17.2" } }]);
    const { images } = await lookUp(stub, ["web:1"]);
    expect([...images.values()][0]?.version).toBe("17.2");
    expect(stub.questions.map(({ path }) => path)).toEqual(["/v2/web/manifests/1"]);
  });

  it("has no version that would break a line or a file", async () => {
    const stub = await StubRegistry.start();
    stub.image("web:1", { labels: { [version]: "1\n2: {}" } });
    const { images } = await lookUp(stub, ["web:1"]);
    expect([...images.values()][0]?.version).toBeUndefined();
  });

  it("is asked for once, however often it is named, and never more than four are at the same time", async () => {
    const stub = await StubRegistry.start();
    const names = Array.from({ length: 12 }, (_, index) => `web${index}:1`);
    for (const name of names) stub.image(name);
    const { images } = await lookUp(stub, [...names, ...names]);
    expect(images.size).toBe(12);
    expect(stub.questions.length).toBe(24);
    expect(stub.mostAtOnce).toBeGreaterThan(1);
    expect(stub.mostAtOnce).toBeLessThanOrEqual(4);
  });

  it("rejects every image that is not there, each with its own reason, and finds the others", async () => {
    const stub = await StubRegistry.start();
    stub.image("web:1");
    stub.image("arm:1", { platform: "linux/arm64" });
    stub.put("chart", "1", { schemaVersion: 2, layers: [] });
    const names = ["web:1", "web:2", `web@${sumOf("gone")}`, "wep:1", "arm:1", "chart:1", "Web:1"];
    const found = await lookUp(stub, names);
    expect([...found.images.keys()]).toEqual([`${stub.address}/web:1`]);
    const lines = found.problems.map((problem) => describeProblem(problem).replaceAll(stub.address, "stub"));
    expect(lines).toEqual([
      "compose.yaml: 'stub/web:2' does not exist: stub has no tag '2' in 'web'; use another tag, or push the image",
      `compose.yaml: 'stub/web@${sumOf("gone")}' does not exist: stub has no digest '${sumOf("gone")}' in 'web'; ` +
        "use another digest, or push the image",
      "compose.yaml: 'stub/wep:1' does not exist: stub has no repository 'wep'; correct the image's name, or push it",
      expect.stringMatching(
        /^compose\.yaml: 'stub\/arm:1@sha256:\w{64}' has no image for linux\/amd64, but for linux\/arm64; build it /,
      ),
      "compose.yaml: 'stub/chart:1' is not an image that Docker runs, at stub; " +
        "push it again as an image of Docker or OCI",
      "compose.yaml: 'stub/Web:1' is not an image name; write it as registry/repository:tag",
    ]);
  });
});

describe("a registry with a fault", () => {
  it.each([
    ["a manifest by tag", "web:1", { "docker-content-digest": sumOf("other") }],
    ["a manifest by digest", `web@${sumOf("asked")}`, {}],
  ])("is rejected if its bytes are not those of the digest: %s", async (_, name, headers) => {
    const stub = await StubRegistry.start(() => ({ status: 200, headers, body: "{}" }));
    expect(await problems(stub, [name])).toEqual([
      expect.stringMatching(
        / is not looked up: stub answers with bytes that do not have the digest sha256:\w{64}; do not use it/,
      ),
    ]);
  });

  it("is rejected if the bytes of a configuration are not those of its digest", async () => {
    const stub = await StubRegistry.start(({ path }) =>
      path.includes("/blobs/") ? { status: 200, body: "{}" } : undefined,
    );
    stub.image("web:1");
    expect(await problems(stub, ["web:1"])).toEqual([expect.stringContaining("do not have the digest")]);
  });

  it("is not read to an end that does not come", async () => {
    const stub = await StubRegistry.start(() => "endless");
    expect(await problems(stub, ["web:1"])).toEqual([
      "compose.yaml: 'stub/web:1' is not looked up: stub answers with more than 4194304 bytes; " +
        "ask who runs that registry",
    ]);
    expect(stub.sent).toBeLessThan(32 << 20); // the limit, and what was under way
  });

  it("is asked again, after the time that it asks for, or after times that grow", async () => {
    const bad = [{ status: 429, headers: { "retry-after": "7" } }, { status: 503 }, { status: 500 }];
    const stub = await StubRegistry.start(({ path }, earlier) =>
      path.includes("manifests") ? bad[earlier] : undefined,
    );
    stub.image("web:1");
    const waits: number[] = [];
    expect(await problems(stub, ["web:1"], { waits })).toEqual([]);
    expect(waits).toEqual([7, expect.closeTo(1.25, 0), expect.closeTo(2.5, 0)]);
    expect(waits[2]).toBeGreaterThan(waits[1] ?? 0);
  });

  it("is given up after five answers that say nothing, or at once if it asks to wait for long", async () => {
    const broken = await StubRegistry.start(() => ({ status: 503, body: "canary" }));
    expect(await problems(broken, ["web:1"])).toEqual([
      "compose.yaml: 'stub/web:1' is not looked up: stub answers with status 503; try again later",
    ]);
    expect(broken.questions.length).toBe(5);
    const limited = await StubRegistry.start(() => ({ status: 429, headers: { "retry-after": "21600" } }));
    expect(await problems(limited, ["web:1"])).toEqual([
      "compose.yaml: 'stub/web:1' is not looked up: stub limits the number of requests, and asks to wait 21600 s; " +
        "try again later, or log in, which allows more",
    ]);
    expect(limited.questions.length).toBe(1);
  });

  it("is given up after silence, which is no answer", async () => {
    const stub = await StubRegistry.start(() => "silence");
    expect(await problems(stub, ["web:1"], { seconds: 0.3 })).toEqual([
      "compose.yaml: 'stub/web:1' is not looked up: stub does not answer in time; " +
        "check the network between this machine and it",
    ]);
    expect(stub.questions.length).toBeGreaterThan(1);
  });

  it("is named where nothing listens", async () => {
    const stub = { address: "127.0.0.1:1" };
    expect(await problems(stub, ["web:1"])).toEqual([
      "compose.yaml: 'stub/web:1' is not looked up: stub refuses the connection; " +
        "start it, or correct the image's name",
    ]);
  });

  it("is named where no name server knows it, or none answers", async () => {
    const stub = { address: "registry.invalid" };
    expect(await problems(stub, ["web:1"])).toEqual([
      expect.stringMatching(
        /^compose\.yaml: 'stub\/web:1' is not looked up: stub (is not known by name|cannot be found)/,
      ),
    ]);
  });
});

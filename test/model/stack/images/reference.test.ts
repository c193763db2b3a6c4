import { describe, expect, it } from "vitest";
import { nameByDigest, parseImageReference, taggedName } from "../../../../model/stack/images/reference.ts";

const sum = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("the name of an image", () => {
  it.each([
    ["postgres", "docker.io", "library/postgres", "latest", "postgres:latest"],
    ["postgres:17-alpine", "docker.io", "library/postgres", "17-alpine", "postgres:17-alpine"],
    ["docker.io/postgres:17", "docker.io", "library/postgres", "17", "postgres:17"],
    ["index.docker.io/grafana/grafana", "docker.io", "grafana/grafana", "latest", "grafana/grafana:latest"],
    ["grafana/grafana:11.3.0", "docker.io", "grafana/grafana", "11.3.0", "grafana/grafana:11.3.0"],
    ["localhost/web", "localhost", "web", "latest", "localhost/web:latest"],
    ["localhost:5000/web:1", "localhost:5000", "web", "1", "localhost:5000/web:1"],
    ["127.0.0.1:5000/a/b/c:1.0-RC_1", "127.0.0.1:5000", "a/b/c", "1.0-RC_1", "127.0.0.1:5000/a/b/c:1.0-RC_1"],
    ["[::1]:5000/web", "[::1]:5000", "web", "latest", "[::1]:5000/web:latest"],
    ["ghcr.io/acme/my__web.app-x", "ghcr.io", "acme/my__web.app-x", "latest", "ghcr.io/acme/my__web.app-x:latest"],
  ])("%s has registry %s, repository %s and tag %s", (text, registry, repository, tag, name) => {
    const parsed = parseImageReference(text);
    expect(parsed).toEqual({ registry, repository, tag, digest: undefined });
    expect(parsed && taggedName(parsed)).toBe(name);
  });

  it("may have a digest, with a tag before it or without", () => {
    const both = parseImageReference(`postgres:17@${sum}`);
    expect(both).toEqual({ registry: "docker.io", repository: "library/postgres", tag: "17", digest: sum });
    expect(parseImageReference(`postgres@${sum}`)).toMatchObject({ tag: undefined, digest: sum });
    expect(both && nameByDigest(both, sum)).toBe(`postgres:17@${sum}`);
    expect(nameByDigest({ registry: "a.test", repository: "web", tag: undefined, digest: sum }, sum)).toBe(
      `a.test/web@${sum}`,
    );
  });

  it.each([
    ...["", ":", "/", "Postgres", "postgres:", "postgres:-1", "a//b", "../etc", "a/../b", "web?x=1", "web#x", "a b"],
    ...["-a.test/web", "a.test:port/web", "https://a.test/web", "web@sha256:0", `web@${sum}@${sum}`, "a".repeat(600)],
    ...["user:word@a.test/web", "${TAG}", "web:${TAG}", "a.test/web%2f..", "a\nb"],
  ])("rejects %j", (text) => {
    expect(parseImageReference(text)).toBeUndefined();
  });
});

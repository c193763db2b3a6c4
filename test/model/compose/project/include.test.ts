import { describe, expect, it } from "vitest";
import { read, readService } from "../trial.ts";

describe("include of files with variables of their own", () => {
  const shop = `
services:
  shop:
    image: "shop:\${TAG:-none}"
    environment: ["A=\${TAG}", "\${TAG}=1", TAG, "B=\${TOKEN:-\${TAG}}", "C=\${OWN:-none}"]
    ports: ["\${SHOP_PORT}:80"]
    volumes: ["./\${TAG}.yml:/c.yml"]
    labels: { price: "5\$\$" }
`;
  const files = { "shop/c.yaml": shop, "shop/t$1.yml": "x" };

  it.each([
    ["its env_file", "{ path: shop/c.yaml, env_file: [/dev/null, shop/a.env] }", "shop/a.env"],
    ["the .env beside it", "shop/c.yaml", "shop/.env"],
  ])("fills them in from %s", (_, include, env) => {
    const compose = `include: [${include}]\nservices: { own: { image: "own:\${TAG:-none}" } }\n`;
    const trial = {
      files: { ...files, [env]: "TAG='t$1'\nSHOP_PORT=81\nOWN=other\n" },
      variables: { OWN: "stack", SHOP_PORT: "82" },
      secrets: ["TOKEN"],
    };
    const service = readService("shop", compose, trial);
    expect(service).toMatchObject({
      image: "shop:t$1",
      ports: [{ target: { first: 80 }, host: { variable: "SHOP_PORT" } }],
      mounts: [{ source: "shop/t$1.yml" }],
      variables: ["OWN", "TOKEN"],
      fields: {
        environment: { A: "t$$1", t$1: "1", TAG: "t$$1", B: "${TOKEN:-t$$1}", C: "${OWN:-none}" },
        labels: { price: "5$$" },
      },
    });
    expect(readService("own", compose, trial).image).toBe("own:none");
  });

  it("notes a .env beside it that git does not track", () => {
    const trial = {
      files: { ...files, "shop/.env": { untracked: "TAG=x" } },
      variables: { TAG: "t$1", SHOP_PORT: "1" },
    };
    expect(read("include: [shop/c.yaml]\n", trial).notes).toContain(
      "shop/.env is not read, since git does not track it; the stack sets variables",
    );
  });

  it.each([
    ["a missing env_file", {}, "there is no env_file 'a.env'; correct the path, or add the file"],
    [
      "an env_file that git does not track",
      { "a.env": { untracked: "A=1" } },
      "the env_file 'a.env' is not tracked by git; commit it without secrets, which belong into the stack's `secrets`",
    ],
    [
      "an env_file that is none",
      { "a.env": "A=1\nB='x\n" },
      "a.env:2 is not a line of an env file; write NAME=value, and quotes that are closed",
    ],
  ])("rejects %s", (_, more, problem) => {
    const compose = "include: [{ path: b.yaml, env_file: a.env }]\n";
    const { problems } = read(compose, { files: { "b.yaml": "services: { b: { image: x } }\n", ...more } });
    expect(problems).toEqual([`compose.yaml:1:11: ${problem}`]);
  });
});

describe("include of a name that is defined again", () => {
  it("is merged below the file that includes it, the first one above the others (M9)", () => {
    const compose = `
include: [one.yaml, { path: [two.yaml, three.yaml] }]
services:
  api: { environment: { D: 4 }, volumes: !override [b:/b] }
  web: { extends: base }
volumes: { b: , a: }
`;
    const files = {
      "one.yaml": "services: { api: { image: one, environment: { A: 1 }, volumes: [a:/a] }, base: { image: base } }\n",
      "two.yaml": "services: { api: { image: two, environment: { A: 2, B: 2 } }, other: { image: x } }\n",
      "three.yaml": "services: { other: { image: y }, api: { environment: { B: 3 } } }\n",
    };
    const { application, problems } = read(compose, { files });
    expect(problems).toEqual([]);
    expect(application?.services).toMatchObject({
      api: { image: "one", fields: { environment: { A: 1, B: 3, D: 4 } }, mounts: [{ source: "b" }] },
      web: { image: "base" },
      other: { image: "y" },
    });
  });

  it("has its paths from the folder of the first file that is included as one", () => {
    const compose = "include: [{ path: [a/one.yaml, b/two.yaml] }]\n";
    const files = {
      "a/one.yaml": "services: { api: { image: x } }\n",
      "b/two.yaml": "services: { api: { volumes: ['./c.yml:/c.yml'] } }\n",
      "a/c.yml": "c",
    };
    expect(readService("api", compose, { files }).mounts).toMatchObject([{ source: "a/c.yml" }]);
  });
});

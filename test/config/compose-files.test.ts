import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findComposeFiles, placeOfFiles } from "../../config/compose-files.ts";
import { digest, TrialRepository } from "./trial-repository.ts";

/** A folder that has these files. */
const having = (...names: readonly string[]) => ({
  text: (path: string) => (names.includes(path) ? "services: {}\n" : undefined),
});

describe("the compose files of a stack", () => {
  it("are those that the configuration names, in its order, without a look at others", () => {
    const found = findComposeFiles(["b.yaml", "a.yaml"], having("compose.yaml", "compose.override.yaml"));
    expect(found).toEqual({ paths: ["b.yaml", "a.yaml"], notes: [], problems: [] });
  });

  it.each([
    [["docker-compose.yaml", "docker-compose.yml"], "docker-compose.yml", "docker-compose.yaml"],
    [["docker-compose.yml", "compose.yml"], "compose.yml", "docker-compose.yml"],
    [["compose.yml", "compose.yaml"], "compose.yaml", "compose.yml"],
  ])("of %s are the one that Compose takes, with a note on the other (M12)", (names, taken, other) => {
    expect(findComposeFiles(undefined, having(...names))).toEqual({
      paths: [taken],
      notes: [`${other} is not read, since ${taken} is there; set \`compose\` to choose`],
      problems: [],
    });
  });

  it("never are an override that no one asked for, which a note says", () => {
    const found = findComposeFiles(undefined, having("docker-compose.yml", "docker-compose.override.yml"));
    expect(found).toMatchObject({
      paths: ["docker-compose.yml"],
      notes: [
        "docker-compose.override.yml is not merged, as it is for developers; " +
          "name it in `compose` if this environment needs it",
      ],
    });
  });

  it("have their paths from the folder of the first one", () => {
    expect(placeOfFiles(["deploy/a.yaml", "deploy/b.yaml", "c.yaml"])).toEqual({
      folder: "deploy",
      file: "a.yaml",
      more: ["b.yaml", "../c.yaml"],
      prefix: "deploy/",
    });
  });
});

describe("a stack of several compose files", () => {
  let trial: TrialRepository;
  beforeEach(() => {
    trial = new TrialRepository();
    const web = `image: ${digest("web")}, volumes: ['./c.yml:/c.yml'], ports: ["80:80"]`;
    trial.write("deploy/app.yaml", `services: { web: { ${web} } }\n`);
    trial.write("deploy/c.yml", "x");
    trial.track("deploy");
  });
  afterEach(() => trial.remove());
  const plain = { services: {}, ports: { web: "none" } };

  it("is their merged project (M12)", async () => {
    trial.write(
      "more.yaml",
      `services: { web: { ports: !reset [], labels: { a: b } }, db: { image: ${digest("db")} } }\n`,
    );
    const { deployment } = await trial.load({ compose: ["deploy/app.yaml", "more.yaml"], ...plain });
    expect(deployment.application.services).toMatchObject({
      web: { mounts: [{ source: "c.yml" }], ports: [], fields: { labels: { a: "b" } } },
      db: {},
    });
  });

  it("has each problem at its place in its own file", async () => {
    trial.write("more.yaml", "services:\n  web:\n    image: 5\n");
    const changes = { compose: ["deploy/app.yaml", "more.yaml"], ...plain };
    expect(await trial.problems(changes)).toEqual([
      "more.yaml:3:5: services.web.image has the wrong type; write a string",
    ]);
    trial.write("more.yaml", "services:\n  web:\n    labels:\n      - a=1\n      - b=${MISSING}\n");
    expect(await trial.problems(changes)).toEqual([
      "more.yaml:5:9: labels.b needs the variable MISSING, which is not set; " +
        "set variables.MISSING or secrets.MISSING, or write a default",
    ]);
    expect(await trial.problems({ ...changes, compose: ["deploy/app.yaml", "none.yaml"] })).toEqual([
      "compose: there is no file 'none.yaml'; correct the path, or add the file",
    ]);
  });

  it("names them all where a service is in none of them", async () => {
    trial.write("more.yaml", "services: {}\n");
    const changes = { compose: ["deploy/app.yaml", "more.yaml"], ports: { web: "none" }, services: { wbe: {} } };
    expect(await trial.problems(changes)).toEqual([
      "services.wbe: is not a service of deploy/app.yaml and more.yaml; use one of web",
    ]);
  });

  it.each([[[]], [""], [5], [["a", 5]]])("rejects %j", async (compose) => {
    expect(await trial.problems({ compose })).toEqual([
      `compose: is not a path and no list of paths, got ${compose === "" ? "''" : JSON.stringify(compose)}; ` +
        "write one such as compose.yaml, or several as they are merged",
    ]);
  });
});

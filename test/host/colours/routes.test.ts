import { Buffer } from "node:buffer";
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { newGeneration, readGeneration } from "../../../host/colours/generation.ts";
import { Routes, routesText } from "../../../host/colours/routes.ts";
import { testServer } from "../verbs/server.ts";

const template = Buffer.from("# colour: <colour>, release: 1.0.0, generation: <generation>\nhttp: { a: <colour> }\n");
const signal = new AbortController().signal;

/** Routes of a stack whose proxy does not run. */
function trial() {
  const { folder, unique, work } = testServer();
  const directory = join(folder, "shop");
  mkdirSync(directory);
  const place = (colour: "blue" | "green", generation: string): Buffer => routesText(template, { colour, generation });
  return {
    routes: new Routes({ directory, project: unique }, work("rollout").engine),
    place,
    dynamic: join(directory, "slipway-proxy/dynamic"),
  };
}

describe("the routes of a release", () => {
  it("tell by their first line what serves", () => {
    const { routes, place, dynamic } = trial();
    expect(routes.head()).toBeUndefined();
    routes.place(place("green", "17-4.a-0123456789ab"));
    expect(routes.head()).toEqual({ colour: "green", release: "1.0.0", generation: "17-4.a-0123456789ab" });
    writeFileSync(join(dynamic, "routes.yaml"), "# colour: red, release: 1, generation: 1\n");
    expect(routes.head()).toBeUndefined();
    writeFileSync(join(dynamic, "routes.yaml"), "# colour: blue, release: 1, generation: ../../x\n");
    expect(routes.head()).toBeUndefined();
  });

  it("hold the number of their document, a sum of what the colour is made of, and when they began", () => {
    const generation = newGeneration("4.a", "0123456789abcdef".repeat(4));
    expect(generation).toMatch(/^[0-9]+-4\.a-0123456789ab$/);
    expect(readGeneration(generation)).toMatchObject({ number: "4.a", made: "0123456789ab" });
    expect(readGeneration("1767225600-4.a-0123456789ab").since).toBe("2026-01-01T00:00:00Z");
    expect(readGeneration("by-hand")).toEqual({ since: "", number: "", made: "" });
  });

  it("are compared with the document in their own colour and generation", () => {
    const { routes, place, dynamic } = trial();
    expect(routes.difference(template)).toBe("missing");
    routes.place(place("blue", "1"));
    expect(routes.difference(template)).toBeUndefined();
    writeFileSync(join(dynamic, "routes.yaml"), `${place("blue", "1").toString()}# more\n`);
    expect(routes.difference(template)).toBe("changed by hand");
  });

  it("come back when the proxy does not follow the new ones (F55, F56)", async () => {
    const { routes, place, dynamic } = trial();
    routes.place(place("blue", "1"));
    expect(await routes.follow(0, signal)).toBe(false);
    expect(readdirSync(dynamic)).toEqual([]); // there were none before
    writeFileSync(join(dynamic, "routes.yaml"), place("blue", "1"));
    routes.place(place("green", "2"));
    expect(routes.isOpen).toBe(true);
    expect(await routes.follow(0, signal)).toBe(false);
    expect(routes.head()).toMatchObject({ colour: "blue", generation: "1" });
    expect(readdirSync(dynamic)).toEqual(["routes.yaml"]);
  });

  it("keep those of the colour before, which can be put into place again without room on the disk", () => {
    const { routes, place, dynamic } = trial();
    mkdirSync(dynamic, { recursive: true });
    writeFileSync(join(dynamic, "routes.yaml"), place("green", "2"));
    writeFileSync(join(dynamic, "routes.other"), place("blue", "1"));
    expect(routes.otherHead()).toMatchObject({ colour: "blue" });
    routes.placeOther();
    expect(routes.head()).toMatchObject({ colour: "blue", generation: "1" });
    routes.restore();
    expect(routes.head()).toMatchObject({ colour: "green", generation: "2" });
    routes.forgetOther();
    expect(routes.otherHead()).toBeUndefined();
  });

  it("go with the folder that was made for them, and with the proxy's if the proxy is gone already", () => {
    const { routes, place, dynamic } = trial();
    routes.remove();
    routes.place(place("blue", "1"));
    writeFileSync(join(dynamic, "../traefik.yaml"), "");
    routes.remove();
    expect(readdirSync(join(dynamic, ".."))).toEqual(["traefik.yaml"]);
    rmSync(join(dynamic, "../traefik.yaml"));
    routes.remove();
    expect(existsSync(join(dynamic, ".."))).toBe(false);
  });

  it("are never written through a link (SEC-A2)", () => {
    const { routes, place, dynamic } = trial();
    mkdirSync(join(dynamic, ".."), { recursive: true });
    mkdirSync(join(dynamic, "../../elsewhere"));
    symlinkSync(join(dynamic, "../../elsewhere"), dynamic);
    expect(() => routes.place(place("blue", "1"))).toThrow("is a link or no folder");
    expect(readdirSync(join(dynamic, "../../elsewhere"))).toEqual([]);
  });
});

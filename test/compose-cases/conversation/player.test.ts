import { describe, expect, test } from "vitest";
import { changedTrial, comparisonOfTrial, type Change } from "../compare/trial.ts";
import { playersOf, type Player } from "./player.ts";

const plain: readonly Change[] = [["original", "services/db/command", undefined]];

/** Who plays the trial's database. */
function database(...changes: readonly Change[]): Player | undefined {
  return playersOf(comparisonOfTrial(changedTrial(changes)), []).find(({ service }) => service === "db");
}

describe("who plays a service of a file", () => {
  test("is the real program where the file starts an image of the test registry as it is", () => {
    expect(database(...plain)).toMatchObject({ real: "library/postgres:17-alpine", own: undefined });
  });

  test.each<[what: string, change: Change]>([
    ["another image", ["original", "services/db/image", "example.com/postgres:17"]],
    ["another major of Postgres", ["original", "services/db/image", "postgres:16"]],
    ["words of its own", ["original", "services/db/command", ["postgres", "-c", "x=y"]]],
  ])("is a stand-in for %s", (_, change) => {
    expect(database(...plain, change)?.real).toBeUndefined();
  });

  test("listens at published, exposed and configured ports, of ranges at each, and at one that nothing names", () => {
    const [, api] = playersOf(
      comparisonOfTrial(
        changedTrial([
          ["original", "services/api/expose", ["9000-9001", "53/udp"]],
          ["keys", "services/api/port", 8081],
        ]),
      ),
      [],
    );
    const ports = api?.known.map(({ number, protocol }) => `${number}/${protocol}`);
    expect(ports).toEqual(["8080/tcp", "9000/tcp", "9001/tcp", "53/udp", "8081/tcp"]);
    expect(api?.own).toEqual({ number: "7002", protocol: "tcp" });
  });

  test("has the programs that the file starts: its first words, and those of its health check", () => {
    const entrypoint: Change = ["original", "services/db/entrypoint", ["/start.sh", "now"]];
    const check: Change = ["original", "services/db/healthcheck", { test: ["CMD", "pg_isready", "-q"] }];
    expect(database(entrypoint, check)?.programs).toEqual(expect.arrayContaining(["/start.sh", "serve", "pg_isready"]));
  });

  test("makes the data of a Postgres where the file puts it, with the major of its tag", () => {
    const sixteen: Change = ["original", "services/db/image", "postgres:16-alpine"];
    expect(database(sixteen)?.cluster).toEqual({ folder: "/var/lib/postgresql/data", major: "16" });
    const elsewhere: Change = ["original", "services/db/environment", { PGDATA: "/data/pg" }];
    expect(database(sixteen, elsewhere)?.cluster?.folder).toBe("/data/pg");
    expect(database(["original", "services/db/image", "postgis/postgis:13-master"])?.cluster?.major).toBe("13");
    expect(database(["original", "services/db/image", "redis:7"])?.cluster).toBeUndefined();
  });
});

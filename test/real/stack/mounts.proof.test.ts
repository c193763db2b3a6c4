import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runChild } from "../../../process/child.ts";
import { AapertureServer } from "./aaperture-server.ts";
import { writeSmallApplication } from "./small-stack.ts";

const long = 600_000;
const directory = "/var/www/aaperture-staging";
const uploads = `${directory}/data/uploads`;
let opened: AapertureServer;
let postgres: string;

beforeAll(async () => {
  opened = await AapertureServer.open(["staging"]);
  const { registry } = opened.started;
  postgres = `${registry.address}/library/postgres@${await registry.digest("library/postgres", "17-alpine")}`;
}, long);
afterAll(() => opened.close());

const on = (script: string): Promise<string> => opened.on(script);
const up = () => opened.aaperture.succeed("up", "staging", opened.server);
const sql = (text: string) => on(`docker exec aaperture-staging-db psql -U postgres -At -c "${text}"`);

/** The message with which a run stops before it changes anything. */
async function refusal(): Promise<string> {
  const { exitCode, events } = await opened.aaperture.run("up", "staging", opened.server);
  expect(exitCode).not.toBe(0);
  return events.messages.map(({ text }) => text).join("\n");
}

function profile(action: string): void {
  const rules = [{ names: ["mkdirat", "mkdir"], action, errnoRet: 1 }];
  writeFileSync(
    join(opened.aaperture.folder, "profile.json"),
    JSON.stringify({
      defaultAction: "SCMP_ACT_ALLOW",
      syscalls: rules.map(({ errnoRet, ...rule }) => ({ ...rule, errnoRet })),
    }),
  );
}

/** A file that no limit but the largest one allows. */
const large = Buffer.alloc(15 * 1024 ** 2, "0123456789abcde\n");

/** An application whose data lies in a folder of the repository, in a path of the server and in a volume by name. */
async function write(old: object): Promise<void> {
  // The image has a shell, which reads and writes what is mounted.
  const idle = { image: postgres, entrypoint: ["sleep", "infinity"], init: true };
  writeSmallApplication(opened, {
    compose: {
      services: {
        web: {
          ...idle,
          volumes: ["./data/uploads:/uploads", "old:/old"],
          security_opt: ["seccomp:./profile.json"],
        },
        side: { ...idle, volumes_from: ["web"], configs: [{ source: "large", target: "/large.bin" }] },
        db: {
          image: postgres,
          environment: { POSTGRES_HOST_AUTH_METHOD: "trust" },
          volumes: ["/srv/pg:/var/lib/postgresql/data"],
          healthcheck: {
            test: ["CMD", "pg_isready", "-U", "postgres", "-h", "127.0.0.1"],
            interval: "1s",
            retries: 60,
          },
        },
      },
      volumes: { old },
      configs: { large: { file: "./large.bin" } },
    },
    keys: { folders: { "./data/uploads": {} }, files: { limit: "16 MB" } },
  });
  writeFileSync(join(opened.aaperture.folder, "large.bin"), large);
  await runChild(["git", "-C", opened.aaperture.folder, "add", "--all"]);
}

describe("a stack whose data lies in folders of the server and in a volume by name", () => {
  test(
    "stops where the external volume is missing, and keeps the data of one that is there (M3)",
    async () => {
      profile("SCMP_ACT_ERRNO");
      await write({ external: true, name: "old_data" });
      expect(await refusal()).toContain(
        "services.web.data: volume 'old_data' is external in the compose file, and is not on this server; restore it " +
          "there, or run `docker volume create old_data` on the server where no data exists yet",
      );
      expect(await on("docker volume ls --quiet")).toBe("");
      await on("docker volume create old_data && echo kept > /var/lib/docker/volumes/old_data/_data/row");
      await up();
      expect(await on("docker exec aaperture-staging-web cat /old/row")).toBe("kept");
      expect(Object.keys((await up()).events.changes)).toEqual(["same"]);
    },
    long,
  );

  test(
    "makes its folders as Docker does, and shares them by volumes_from (M1)",
    async () => {
      expect(await on(`stat --format '%a %U' ${uploads}`)).toBe("755 root");
      await on("docker exec aaperture-staging-web sh -c 'echo 1 > /uploads/file'");
      expect(await on("docker exec aaperture-staging-side cat /uploads/file /old/row")).toBe("1\nkept");
    },
    long,
  );

  test(
    "delivers a file of 15 MB where the stack allows it",
    async () => {
      const sum = createHash("sha256").update(large).digest("hex");
      expect(await on("docker exec aaperture-staging-side sha256sum /large.bin")).toBe(`${sum}  /large.bin`);
    },
    long,
  );

  test(
    "passes the profile on, and recreates the service with another one alone",
    async () => {
      const made = () => on("docker inspect --format '{{.Name}} {{.Created}}' $(docker ps --quiet) | sort");
      const options = () => on("docker inspect --format '{{json .HostConfig.SecurityOpt}}' aaperture-staging-web");
      expect(await options()).toContain("SCMP_ACT_ERRNO");
      const before = await made();
      profile("SCMP_ACT_LOG");
      await up();
      expect(await options()).toContain("SCMP_ACT_LOG");
      const changed = (await made()).split("\n").filter((line) => !before.includes(line));
      expect(changed.map((line) => line.split(" ")[0])).toContain("/aaperture-staging-web");
      expect(changed.map((line) => line.split(" ")[0])).not.toContain("/aaperture-staging-db");
    },
    long,
  );

  test(
    "stops where a folder was emptied, until its data is back (F137, M1)",
    async () => {
      profile("SCMP_ACT_LOG");
      await up(); // the folder counts as filled from the first start of its service that finds something in it
      await on(`mkdir /root/away && mv ${uploads}/file /root/away/`);
      expect(await refusal()).toContain(`services.web.data: folder '${uploads}' is empty, but held data; restore`);
      await on(`mv /root/away/file ${uploads}/`);
      await up();
    },
    long,
  );

  test(
    "stops where the folder of Postgres is gone or is another one, and goes on with the restored one (F45)",
    async () => {
      await sql("create table kept (word text); insert into kept values ('row')");
      await on("docker stop aaperture-staging-db && mv /srv/pg /srv/away");
      expect(await refusal()).toContain("services.db.data: folder '/srv/pg' is gone, but held data");
      expect(await on("ls /srv")).toBe("away");
      await on("mkdir /srv/pg");
      expect(await refusal()).toContain("services.db.data: folder '/srv/pg' is empty, but held Postgres cluster");
      await on("rmdir /srv/pg && cp --archive /srv/away /srv/pg");
      await up();
      expect(await sql("select word from kept")).toBe("row");
    },
    long,
  );

  test(
    "leaves all data on the server when it is destroyed",
    async () => {
      await opened.aaperture.succeed("destroy", "staging", opened.server);
      expect(await on("docker ps --all --quiet")).toBe("");
      expect(await on(`cat ${uploads}/file /var/lib/docker/volumes/old_data/_data/row && ls /srv/pg/PG_VERSION`)).toBe(
        "1\nkept\n/srv/pg/PG_VERSION",
      );
    },
    long,
  );
});

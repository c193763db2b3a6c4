import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { download } from "../../toolchain/cache/download.ts";
import { Progress } from "../../toolchain/progress.ts";
import { sandbox } from "./sandbox.ts";
import { files, webServer } from "./web-server.ts";

const content = Buffer.from("0123456789".repeat(1000));
const sha256 = createHash("sha256").update(content).digest("hex");

function setUp() {
  const { file, said } = sandbox();
  const progress = new Progress("tool", (line) => said.push(line));
  onTestFinished(() => progress.stop());
  return { file: join(file("cache/.keep", ""), "..", "archive"), said, progress };
}

test("a file is downloaded once; the second call sends no request", async () => {
  const { file, progress } = setUp();
  const server = await webServer(files({ "/archive": content }));
  await download(`${server.url}/archive`, file, sha256, progress);
  expect(readFileSync(file)).toEqual(content);
  await download(`${server.url}/archive`, file, sha256, progress);
  expect(server.requests).toEqual(["GET /archive"]);
});

test("an interrupted download resumes where it broke off", async () => {
  const { file, progress } = setUp();
  let cut = true;
  const server = await webServer((request, response) => {
    if (cut) {
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, 4000));
      // The connection breaks when the client has written the bytes to disk.
      void vi.waitFor(() => expect(readFileSync(`${file}.partial`)).toHaveLength(4000)).then(() => response.destroy());
    } else {
      files({ "/archive": content })(request, response);
    }
    cut = false;
  });
  await expect(download(`${server.url}/archive`, file, sha256, progress)).rejects.toThrow(
    /: the download broke off \(.*\); run this again to resume it$/,
  );
  await download(`${server.url}/archive`, file, sha256, progress);
  expect(readFileSync(file)).toEqual(content);
  expect(server.requests).toEqual(["GET /archive", "GET /archive bytes=4000-"]);
});

test("a server without support for ranges sends the whole file again", async () => {
  const { file, progress } = setUp();
  writeFileSync(`${file}.partial`, content.subarray(0, 10));
  const server = await webServer((_request, response) => void response.end(content));
  await download(`${server.url}/archive`, file, sha256, progress);
  expect(readFileSync(file)).toEqual(content);
});

test("a partial file that is longer than the real one is downloaded again", async () => {
  const { file, progress } = setUp();
  writeFileSync(`${file}.partial`, Buffer.alloc(content.length + 1));
  const server = await webServer(files({ "/archive": content }));
  await download(`${server.url}/archive`, file, sha256, progress);
  expect(readFileSync(file)).toEqual(content);
});

test("rejects a file with another checksum and deletes it", async () => {
  const { file, progress } = setUp();
  const server = await webServer(files({ "/archive": "something else" }));
  await expect(download(`${server.url}/archive`, file, sha256, progress)).rejects.toThrow(
    `${server.url}/archive: wrong checksum, got `,
  );
  expect([file, `${file}.partial`].filter((name) => existsSync(name))).toEqual([]);
});

test("rejects a missing file", async () => {
  const { file, progress } = setUp();
  const server = await webServer(files({}));
  await expect(download(`${server.url}/archive`, file, sha256, progress)).rejects.toThrow(
    `${server.url}/archive: the server answered 404; check whether this version is still offered`,
  );
});

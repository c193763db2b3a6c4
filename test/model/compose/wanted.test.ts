import { expect, test } from "vitest";
import { composeOf, read } from "./trial.ts";

test.each([
  ["a field", "environment: { URL: '${DOMAIN}' }"],
  ["a field that slipway reads", "volumes: ['${DOMAIN}:/data']"],
  ["a message of the file", "command: ${DOMAIN:?say it}"],
])("a variable without value and default in %s is a setting that problems ask for", (_place, lines) => {
  const { wanted, problems } = read(composeOf(`image: a\n${lines}`));
  expect(problems).not.toEqual([]);
  expect(wanted).toEqual([{ kind: "variable", name: "DOMAIN" }]);
});

test("a variable of an env file and one of a secret are settings that problems ask for", () => {
  const compose = composeOf("image: a\nenv_file: app.env\nsecrets: [key]", "secrets: { key: { environment: KEY } }");
  expect(read(compose, { files: { "app.env": "URL=${DOMAIN}\n" } }).wanted).toEqual([
    { kind: "variable", name: "KEY" },
    { kind: "variable", name: "DOMAIN" },
  ]);
});

test("a variable with a default, and one that only an image is built with, are none", () => {
  const { wanted, problems } = read(composeOf("build: { context: '${FOLDER}' }\ncommand: ${NAME:-x}"));
  expect({ wanted, problems }).toEqual({ wanted: [], problems: [] });
});

test("a folder of which git has nothing is one, and a file that is missing or not in git is none", () => {
  const compose = composeOf("image: a\nvolumes: [./data:/data, ./kept:/kept, ./a.conf:/a.conf, ./b:/b, ../c:/c]");
  const { wanted } = read(compose, { files: { "kept/.gitkeep": "", b: { untracked: "" } } });
  expect(wanted).toEqual([
    { kind: "folder", folder: "data" },
    { kind: "folder", folder: "kept" },
  ]);
});

test("each part of a release service that is for development is one", () => {
  const lines = "build: { target: dev }\nvolumes: [./:/app]\ndevelop: { watch: [{ action: rebuild, path: . }] }";
  const { wanted } = read(composeOf(lines), { files: { "a.js": "" }, services: { api: { release: true } } });
  expect(wanted.map((one) => one.kind === "drop" && `${one.service} ${one.part}`).sort()).toEqual([
    ...["api /app", "api build.target", "api develop"],
  ]);
  expect(read(composeOf(lines), { files: { "a.js": "" } }).wanted).toEqual([]);
});

test("the size of a mounted file, and of all files, is one if it is above the limit", () => {
  const file = (size: number) => ({ size, content: () => new Uint8Array(size) });
  const compose = composeOf("image: a\nvolumes: [./a.bin:/a.bin, ./b.bin:/b.bin]");
  const limits = { limit: 10, total: 15 };
  expect(read(compose, { files: { "a.bin": file(11), "b.bin": file(3) }, limits }).wanted).toEqual([
    { kind: "limit", bytes: 11 },
  ]);
  expect(read(compose, { files: { "a.bin": file(9), "b.bin": file(8) }, limits }).wanted).toEqual([
    { kind: "total", bytes: 17 },
  ]);
});

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import { tlsProvider } from "../../../toolchain/plugins/tls/provider.ts";
import { isSecret, withProvider, type EngineSide, type SavedOnWire, type Wire } from "../base/engine-side.ts";

/** The types of the tls provider by their short names. */
const tokens = {
  PrivateKey: "tls:index/privateKey:PrivateKey",
  CertRequest: "tls:index/certRequest:CertRequest",
  SelfSignedCert: "tls:index/selfSignedCert:SelfSignedCert",
  LocallySignedCert: "tls:index/locallySignedCert:LocallySignedCert",
};

/** Talks to the tls provider about one type. */
export function tls(type: keyof typeof tokens, work: (engine: EngineSide) => Promise<void>): Promise<void> {
  return withProvider(tlsProvider, tokens[type], work);
}

/** Makes one resource and gives it as it would be saved, secrets unwrapped. */
export async function make(type: keyof typeof tokens, program: Wire): Promise<SavedOnWire> {
  const made: SavedOnWire[] = [];
  await tls(type, async (engine) => {
    const { inputs, failures } = await engine.check(program);
    if (failures.length > 0) throw new Error(failures.join("; "));
    const { id, state } = await engine.create(plainOf(inputs));
    made.push({ id, inputs: plainOf(inputs), state: plainOf(state) });
  });
  const [resource] = made;
  if (resource === undefined) throw new Error("nothing was made");
  return resource;
}

/** A state or inputs with the marks of secrets taken off. */
function plainOf(properties: Wire): Wire {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, unwrapped(value)]));
}

/** One property that must be text. */
export function text({ inputs, state }: SavedOnWire, name: string): string {
  const value = state[name] ?? inputs[name];
  if (typeof value !== "string") throw new Error(`${name} is no text`);
  return value;
}

/** What openssl says of a file, or undefined where there is no openssl. */
export function openssl(content: string, ...words: string[]): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "slipway-openssl-"));
  try {
    writeFileSync(join(folder, "file"), content);
    const { error, status, stdout, stderr } = spawnSync("openssl", [...words, "-in", join(folder, "file")], {
      encoding: "utf8",
    });
    if (error !== undefined) return undefined;
    if (status !== 0) throw new Error(stderr);
    return stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function unwrapped(value: JavaScriptValue): JavaScriptValue {
  return isSecret(value) ? value.value : value;
}

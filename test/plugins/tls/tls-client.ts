import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import { tlsProvider } from "../../../toolchain/plugins/tls/provider.ts";
import { isSecret, withProvider, type EngineSide, type SavedOnWire, type Wire } from "../base/engine-side.ts";

/** The resource types of the tls provider by their short names. */
const tokens = {
  PrivateKey: "tls:index/privateKey:PrivateKey",
  CertRequest: "tls:index/certRequest:CertRequest",
  SelfSignedCert: "tls:index/selfSignedCert:SelfSignedCert",
  LocallySignedCert: "tls:index/locallySignedCert:LocallySignedCert",
};

/** Serves the tls provider while `work` uses one of its resource types. */
export function tls(type: keyof typeof tokens, work: (engine: EngineSide) => Promise<void>): Promise<void> {
  return withProvider(tlsProvider, tokens[type], work);
}

/** Creates a resource and returns it as the state would hold it, with secrets unwrapped. */
export async function make(type: keyof typeof tokens, program: Wire): Promise<SavedOnWire> {
  const made: SavedOnWire[] = [];
  await tls(type, async (engine) => {
    const { inputs, failures } = await engine.check(program);
    if (failures.length > 0) throw new Error(failures.join("; "));
    const { id, state } = await engine.create(plainOf(inputs));
    made.push({ id, inputs: plainOf(inputs), state: plainOf(state) });
  });
  const [resource] = made;
  if (resource === undefined) throw new Error("no resource was created");
  return resource;
}

/** Properties with their secrets unwrapped. */
function plainOf(properties: Wire): Wire {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, unwrapped(value)]));
}

/** An output or input that must be a string. */
export function text({ inputs, state }: SavedOnWire, name: string): string {
  const value = state[name] ?? inputs[name];
  if (typeof value !== "string") throw new Error(`${name} is not a string`);
  return value;
}

/** The output of openssl for a file; undefined if openssl is not installed. */
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

import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { secretMark, type EngineSide, type SavedOnWire } from "../base/engine-side.ts";
import { make, text, tls } from "./tls-client.ts";

let made: SavedOnWire;

beforeAll(async () => {
  const key = await make("PrivateKey", { algorithm: "ED25519" });
  const program = {
    privateKeyPem: text(key, "privateKeyPem"),
    allowedUses: ["server_auth"],
    validityPeriodHours: 100,
    earlyRenewalHours: 10,
    maxPathLength: -1,
    dnsNames: ["a.example.com"],
  };
  made = await make("SelfSignedCert", program);
});

afterEach(() => {
  vi.useRealTimers();
});

function afterHours(hours: number): void {
  vi.useFakeTimers({ now: Date.parse(text(made, "validityStartTime")) + hours * 3_600_000, toFake: ["Date"] });
}

function asking(work: (engine: EngineSide) => Promise<void>): Promise<void> {
  return tls("SelfSignedCert", work);
}

test("an unchanged certificate is replaced as soon as its early renewal hours have begun", () =>
  asking(async (engine) => {
    expect(await engine.diff(made, made.inputs)).toMatchObject({ changes: 1 });
    afterHours(89.9);
    expect(await engine.diff(made, made.inputs)).toMatchObject({ changes: 1 });
    afterHours(90);
    const renewal = { changes: 2, replacesList: ["readyForRenewal"], diffsList: ["readyForRenewal"] };
    expect(await engine.diff(made, made.inputs)).toMatchObject(renewal);
  }));

test("a refresh marks a certificate as ready for renewal when its time has come", () =>
  asking(async (engine) => {
    expect((await engine.read(made)).state["readyForRenewal"]).toBe(false);
    afterHours(90);
    const refreshed = await engine.read(made);
    expect(refreshed.state["readyForRenewal"]).toBe(true);
    expect(await engine.diff(refreshed, made.inputs)).toMatchObject({ replacesList: ["readyForRenewal"] });
  }));

test("a change of the early renewal hours is an update, or a replacement if the new time has come", () =>
  asking(async (engine) => {
    const later = { ...made.inputs, earlyRenewalHours: 20 };
    expect(await engine.diff(made, later)).toMatchObject({ diffsList: ["earlyRenewalHours"], replacesList: [] });
    const state = await engine.update(made, later);
    expect(state).toMatchObject({ earlyRenewalHours: 20, readyForRenewal: false, certPem: made.state["certPem"] });
    afterHours(85);
    expect(await engine.diff(made, later)).toMatchObject({ replacesList: ["readyForRenewal"] });
  }));

test("every other change replaces a certificate", () =>
  asking(async (engine) => {
    const changes = {
      privateKeyPem: "other",
      allowedUses: ["client_auth"],
      validityPeriodHours: 200,
      dnsNames: [],
      ipAddresses: ["10.0.0.1"],
      uris: ["https://example.com"],
      isCaCertificate: true,
      setSubjectKeyId: true,
      setAuthorityKeyId: true,
      subject: { commonName: "x" },
      maxPathLength: 3,
    };
    for (const [name, value] of Object.entries(changes)) {
      const diff = await engine.diff(made, { ...made.inputs, [name]: value });
      expect(diff).toMatchObject({ changes: 2, replacesList: [name] });
    }
  }));

test("a removed path length keeps its old value, and an explicit default is no change", () =>
  asking(async (engine) => {
    const { maxPathLength, ...without } = made.inputs;
    expect(maxPathLength).toBe(-1);
    expect(await engine.diff(made, { ...without, isCaCertificate: false })).toMatchObject({ changes: 1 });
  }));

test("a new certificate whose early renewal covers its whole validity is ready for renewal at once", async () => {
  const privateKeyPem = text(made, "privateKeyPem");
  for (const validity of [{ validityPeriodHours: 0 }, { validityPeriodHours: 5, earlyRenewalHours: 5 }]) {
    const ready = await make("SelfSignedCert", { privateKeyPem, allowedUses: [], ...validity });
    expect(ready.state["readyForRenewal"]).toBe(true);
    await asking(async (engine) => {
      expect(await engine.diff(ready, ready.inputs)).toMatchObject({ replacesList: ["readyForRenewal"] });
    });
  }
});

test("every change replaces a request", async () => {
  const privateKeyPem = text(made, "privateKeyPem");
  const request = await make("CertRequest", {
    privateKeyPem,
    dnsNames: ["a.example.com"],
    subject: { commonName: "a" },
  });
  await tls("CertRequest", async (engine) => {
    expect((await engine.check(request.inputs)).inputs["privateKeyPem"]).toEqual(secretMark(privateKeyPem));
    expect(await engine.diff(request, request.inputs)).toMatchObject({ changes: 1 });
    const changes = { dnsNames: ["b.example.com"], uris: ["https://example.com"], subject: { commonName: "b" } };
    for (const [name, value] of Object.entries(changes)) {
      const diff = await engine.diff(request, { ...request.inputs, [name]: value });
      expect(diff).toMatchObject({ changes: 2, replacesList: [name] });
    }
  });
});

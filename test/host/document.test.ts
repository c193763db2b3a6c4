import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeDocument } from "../../model/document/writer.ts";
import { document, number } from "../model/document/arbitrary.ts";
import { readCanonical } from "../model/document/form.ts";
import { mutation, withoutTrailer, withTrailer } from "../model/document/mutation.ts";
import { expectedReading, readOnHost } from "./document-reader.ts";

/** Number of random documents in each test; the long series sets more. */
const count = Number(process.env["SLIPWAY_DOCUMENTS"] ?? 40);
/** The seed, printed with each failure: the same seed gives the same documents. */
const seed = Number(process.env["SLIPWAY_SEED"] ?? Date.now() % 1_000_000_000);

const written = fc
  .record({ document, number })
  .map((all) => ({ ...all, text: Buffer.from(writeDocument(all.document, all.number)) }));

function sample<T>(arbitrary: fc.Arbitrary<T>): T[] {
  return fc.sample(arbitrary, { numRuns: count, seed });
}

describe("the reader on a host", { timeout: 60_000 + count * 500 }, () => {
  it.each([{}, { LC_ALL: "C.UTF-8" }, { LANG: "tr_TR.UTF-8" }])(
    "gives back what was written, to the byte, in a server's environment %j (F18, F21)",
    async (environment) => {
      const documents = sample(written);
      const readings = await readOnHost(
        documents.map(({ text }) => text),
        environment,
      );
      documents.forEach((all, index) => {
        expect(readings[index], `seed ${seed}:\n${all.text.toString()}`).toEqual(expectedReading(all));
      });
    },
  );

  it("rejects every text that changed on the way", async () => {
    const spoilt = sample(fc.tuple(written, mutation)).map(([{ text }, change]) => ({ text, changed: change(text) }));
    const texts = spoilt.filter(({ text, changed }) => !changed.equals(text)).map(({ changed }) => changed);
    const readings = await readOnHost(texts);
    texts.forEach((text, index) => {
      expect(readings[index]?.accepted, `seed ${seed}:\n${text.toString()}`).toBe(false);
    });
  });

  it("rejects every text that is not exactly as slipway writes it, though its trailer fits", async () => {
    const texts = sample(fc.tuple(written, mutation)).map(([{ text }, change]) =>
      withTrailer(change(withoutTrailer(text))),
    );
    const readings = await readOnHost(texts);
    texts.forEach((text, index) => {
      const canonical = readCanonical(text);
      const reading = readings[index];
      const message = `seed ${seed}:\n${text.toString()}`;
      if (canonical === undefined) expect({ accepted: reading?.accepted }, message).toEqual({ accepted: false });
      else expect(reading, message).toEqual(expectedReading(canonical));
    });
  });
});

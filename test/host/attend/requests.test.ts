import { once } from "node:events";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { Requests } from "../../../host/attend/requests.ts";

/** The requests that come by a stream, with everything that was told people. */
function requestsOf(input: PassThrough) {
  const said: string[] = [];
  const say = (phase: string, message: string): void => void said.push(`${phase}: ${message}`);
  return { said, requests: new Requests(input, { heard: () => undefined, say, silence: 60 }) };
}

describe("the requests of a run", () => {
  it("end where a line has no end: a key that only observes could fill the server's memory", async () => {
    const input = new PassThrough();
    const { said, requests } = requestsOf(input);
    const over = once(requests.gone, "abort");
    const piece = Buffer.alloc(1024 ** 2, "x");
    for (let count = 0; count < 40 && !requests.gone.aborted; count += 1) {
      if (!input.write(piece)) await Promise.race([once(input, "drain"), over]);
    }
    requests.stop();
    expect(requests.gone.aborted).toBe(true);
    expect(said).toEqual(["attend: ends, since a request has more than 16777216 bytes"]);
  });

  it("end where too many wait for their answer", async () => {
    const input = new PassThrough();
    const { said, requests } = requestsOf(input);
    input.end('{"do":"alive"}\n'.repeat(20_001));
    if (!requests.gone.aborted) await once(requests.gone, "abort");
    requests.stop();
    expect(said).toEqual(["attend: ends, since more than 20000 requests, or 33554432 bytes of them, wait"]);
  });

  it("may have the largest env file that a run brings", async () => {
    const input = new PassThrough();
    const { requests } = requestsOf(input);
    const value = "A".repeat(4 * 1024 ** 2);
    input.end(`${JSON.stringify({ do: "secret", name: "env", value })}\n`);
    for await (const request of requests) expect(request).toMatchObject({ do: "secret", name: "env" });
    expect.assertions(1);
  });
});

import { describe, expect, it } from "vitest";
import { requireMemory } from "../../../host/release/colour-project.ts";

const megabyte = 1024 ** 2;

describe("the memory of a new colour", () => {
  it("rejects limits that do not fit into what is free, with their sum (F16, E12, SEC-B7)", () => {
    requireMemory(512 * megabyte, "4.a", { available: 512 * megabyte });
    requireMemory(undefined, "4.a", { available: 0 });
    expect(() => requireMemory(1536 * megabyte, "4.a", { available: 900 * megabyte })).toThrow(
      "the new colour may use 1536 MB by its limits, got 900 MB of free memory (document 4.a); " +
        "lower `services.<service>.memory`, free memory on the server, or use a larger one",
    );
  });

  it("reads the free memory from the kernel", () => {
    requireMemory(megabyte, "4.a");
    expect(() => requireMemory(2 ** 60, "4.a")).toThrow(/got [1-9][0-9]* MB of free memory/);
  });
});

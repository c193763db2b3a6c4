import { expect, test } from "vitest";
import { shortSum, sumOf } from "../../model/sum.ts";

test("a sum is the same of a text and of its bytes, and the short one is its beginning", () => {
  const whole = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  expect([sumOf("abc"), sumOf(new TextEncoder().encode("abc"))]).toEqual([whole, whole]);
  expect(shortSum("abc")).toBe("ba7816bf8f01cfea");
});

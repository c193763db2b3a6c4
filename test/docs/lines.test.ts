import { expect, test } from "vitest";
import { pages, proseOf, read } from "./pages.ts";

/** Notes that slipway writes: their tables are as wide as what they list. */
const written = ["docs/examples/note.md"];

test.each(pages.filter((page) => !written.includes(page)))(
  "%s has at most 120 characters a line, apart from blocks of code",
  (page) => {
    const lines = proseOf(read(page)).split("\n");
    expect(lines.filter((line) => line.length > 120)).toEqual([]);
  },
);

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { checkout } from "../../toolchain/paths.ts";
import { pages, proseOf, read } from "./pages.ts";

/** The anchors that GitHub and GitLab give the headings of a page. */
function anchorsOf(page: string): readonly string[] {
  const headings = [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

/** The targets of links to files: not of links to the web. */
const targetsOf = (page: string): readonly string[] =>
  [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, to = ""]) => (/^[a-z]+:/.test(to) ? [] : [to]));

function isThere(page: string, target: string): boolean {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : join(dirname(page), path);
  return existsSync(join(checkout, file)) && (anchor === undefined || anchorsOf(read(file)).includes(anchor));
}

test.each(pages)("%s links to pages and headings that exist", (page) => {
  expect(targetsOf(read(page)).filter((target) => !isThere(page, target))).toEqual([]);
});

test.each(pages)("%s names no page that does not exist", (page) => {
  const named = proseOf(read(page)).match(/(?<![\w/])docs\/[\w/-]+\.md/g) ?? [];
  expect(named.filter((path) => !existsSync(join(checkout, path)))).toEqual([]);
});

test("links to the web and blocks of code do not count", () => {
  const page = "# A, b\n\n[a](b.md#c) [d](https://e.example) `f`\n\n```\n[g](h.md)\n# I\n```\n";
  expect(targetsOf(page)).toEqual(["b.md#c"]);
  expect(anchorsOf(page)).toEqual(["a-b"]);
});

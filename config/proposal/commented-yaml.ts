import { Document, isMap, isPair, isScalar, Scalar, visit, type Node, type Pair } from "yaml";
import type { Json, JsonMap } from "../../model/json.ts";

const width = 120;

/** A YAML file that people read and change: short maps are on one line, and keys have comments. */
export class CommentedYaml {
  readonly #document: Document;

  constructor(content: JsonMap) {
    this.#document = new Document(withNumbers(content));
    visit(this.#document, {
      Scalar: (_key, node) => {
        // Other readers of YAML take some places, such as 10:20, for numbers.
        if (typeof node.value === "string" && /:\d/.test(node.value)) node.type = Scalar.QUOTE_DOUBLE;
      },
    });
  }

  /** Writes each value of this map on one line. */
  flat(path: readonly string[]): this {
    for (const { value } of this.#pairs(path)) if (isFlowable(value)) value.flow = true;
    return this;
  }

  /** Puts a comment above a key. */
  above(path: readonly string[], ...paragraphs: readonly string[]): this {
    const key = this.#pair(path)?.key;
    if (isScalar(key)) key.commentBefore = commentOf(paragraphs, path.length - 1);
    return this;
  }

  /** Puts a short comment behind the value of a key. */
  behind(path: readonly string[], text: string): this {
    const value = this.#pair(path)?.value;
    if (isScalar(value) || isMap(value)) value.comment = ` ${oneLine(text)}`;
    return this;
  }

  /** Puts a comment at the end of a map. */
  atEnd(path: readonly string[], ...paragraphs: readonly string[]): this {
    const map = this.#document.getIn(path, true);
    if (isMap(map) && paragraphs.length > 0) map.comment = commentOf(paragraphs, path.length);
    return this;
  }

  /** Puts a comment at the end of the file. */
  last(...paragraphs: readonly string[]): this {
    this.#document.comment = commentOf(paragraphs, 0);
    return this;
  }

  toString(): string {
    return this.#document.toString({ lineWidth: width });
  }

  #pair(path: readonly string[]): Pair | undefined {
    return this.#pairs(path.slice(0, -1)).find(({ key }) => isScalar(key) && String(key.value) === path.at(-1));
  }

  #pairs(path: readonly string[]): Pair[] {
    const map: unknown = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true);
    return isMap(map) ? map.items.filter((item) => isPair(item)) : [];
  }
}

function isFlowable(node: unknown): node is Node & { flow?: boolean } {
  return typeof node === "object" && node !== null && "items" in node;
}

/** Keys that are numbers, such as ports, need no quotes. */
function withNumbers(value: Json): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Array) return value.map(withNumbers);
  const entries = Object.entries(value).map(([key, field]) => [/^[1-9]\d*$/.test(key) ? Number(key) : key, field]);
  return new Map(entries.map(([key, field]) => [key, withNumbers(field ?? null)]));
}

/** Text without line breaks: a name from a compose file must not end the comment. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ");
}

/** Paragraphs as lines of a comment. */
function commentOf(paragraphs: readonly string[], depth: number): string {
  const room = width - 2 * depth - 2;
  return paragraphs.flatMap((text) => wrapped(oneLine(text), room).map((line) => ` ${line}`)).join("\n");
}

function wrapped(text: string, room: number): string[] {
  return text.split(" ").reduce<string[]>((lines, word) => {
    const longer = `${lines.at(-1) ?? ""} ${word}`;
    return lines.length > 0 && longer.length <= room ? [...lines.slice(0, -1), longer] : [...lines, word];
  }, []);
}

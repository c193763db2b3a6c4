/** What a stack keeps of its images on a server. */
export interface KeepRule {
  /** Verified releases whose images stay, the one that serves among them. */
  readonly releases: number;
  /** Bytes for the images that are kept to go back alone; undefined for any. */
  readonly disk?: number | undefined;
}

/** The rule of a stack that says nothing else. */
export const usualKeep: KeepRule = { releases: 5 };

/** An image on a server. */
export interface StoredImage {
  readonly id: string;
  /** Its names by digest, without tags. */
  readonly references: readonly string[];
  /** The tags that others gave it. */
  readonly tags: readonly string[];
  /** In bytes; layers that it shares with others count for each. */
  readonly size: number;
}

/** A release that was verified, with its images. */
interface VerifiedRelease {
  readonly release: string;
  /** By digest, without tags. */
  readonly images: readonly string[];
}

/** Everything that decides what happens to a stack's images. References are by digest, without tags. */
export interface RetentionFacts {
  readonly images: readonly StoredImage[];
  /** What slipway pulled for this stack. All else is somebody else's, and stays. */
  readonly pulled: ReadonlySet<string>;
  /** The ids and references of the images of all containers, whatever their state. */
  readonly used: ReadonlySet<string>;
  /** What the stack is deployed with. */
  readonly declared: ReadonlySet<string>;
  /** What other stacks need, and adopted projects to go back: ids or references. */
  readonly others: ReadonlySet<string>;
  /** The newest first. */
  readonly verified: readonly VerifiedRelease[];
}

/** What happens to an image, and why. */
export interface ImageVerdict {
  readonly image: StoredImage;
  readonly keep: boolean;
  readonly why: string;
}

/** The release that serves and the one before it: their images stay, whatever they need. */
const always = 2;

/**
 * Decides which of the images that slipway pulled for a stack stay (F50): all that a container has, that the stack is
 * deployed with or that others need, and those of the last releases within the budget, of which two always stay.
 */
export function imageVerdicts(facts: RetentionFacts, rule: KeepRule): ImageVerdict[] {
  const own = facts.images.filter(({ references }) => references.some((one) => facts.pulled.has(one)));
  const releases = distinct(facts.verified).slice(0, Math.max(rule.releases, always));
  let disk = 0;
  let isOver = false;
  const verdicts = new Map<StoredImage, ImageVerdict>();
  for (const image of own) {
    const why = needOf(image, facts);
    if (why !== undefined) verdicts.set(image, { image, keep: true, why });
  }
  for (const [index, { release, images }] of releases.entries()) {
    const alone = own.filter((image) => !verdicts.has(image) && image.references.some((one) => images.includes(one)));
    const size = alone.reduce((sum, one) => sum + one.size, 0);
    isOver ||= index >= always && rule.disk !== undefined && disk + size > rule.disk;
    disk += isOver ? 0 : size;
    const why = isOver ? `of ${release}, for which \`keep.disk\` has no room` : `to go back to ${release}`;
    for (const image of alone) verdicts.set(image, { image, keep: !isOver, why });
  }
  return own.map((image) => verdicts.get(image) ?? { image, keep: false, why: unneeded(image, facts.verified) });
}

/** Why an image stays, whatever the rule says; undefined if nothing needs it. */
function needOf({ id, references, tags }: StoredImage, facts: RetentionFacts): string | undefined {
  const has = (names: ReadonlySet<string>): boolean => names.has(id) || references.some((one) => names.has(one));
  if (has(facts.declared)) return "deployed";
  if (has(facts.used)) return "a container has it";
  if (has(facts.others)) return "another stack needs it, or an adopted project that may come back";
  const [tag] = tags;
  return tag === undefined ? undefined : `somebody tagged it as ${tag}`;
}

function unneeded({ references }: StoredImage, verified: readonly VerifiedRelease[]): string {
  const of = verified.find(({ images }) => references.some((one) => images.includes(one)));
  return of === undefined
    ? "of no release that was verified"
    : `of ${of.release}, which is older than those that are kept`;
}

/** A release that was verified again, such as after a rollback, counts once, at its last time. */
function distinct(verified: readonly VerifiedRelease[]): VerifiedRelease[] {
  const seen = new Set<string>();
  return verified.filter(({ images }) => {
    const key = [...images].sort().join(" ");
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** A reference by digest alone: `postgres:17@sha256:…` is `postgres@sha256:…`, as the engine names it. */
export function withoutTag(reference: string): string {
  const [name = "", digest] = reference.split("@");
  const colon = name.indexOf(":", name.lastIndexOf("/") + 1);
  const bare = colon < 0 ? name : name.slice(0, colon);
  return digest === undefined ? bare : `${bare}@${digest}`;
}

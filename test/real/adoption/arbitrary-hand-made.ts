import fc from "fast-check";
import type { HandMade, HandMadeService, Kind, Place } from "./hand-made.ts";

const place = fc.constantFrom<Place>("volume", "named volume", "external volume", "folder", "path of the server");
const restart = fc.constantFrom(undefined, "always", "unless-stopped", "on-failure:3");

/** What one service may be; only those of the team are built. */
const anyService: Readonly<Record<Kind, fc.Arbitrary<HandMadeService>>> = {
  web: serviceOf("web", { place: fc.option(place, { nil: undefined }), isBuilt: true, isPublished: true }),
  database: serviceOf("database", { place, isBuilt: false, isPublished: fc.boolean() }),
  cache: serviceOf("cache", { place: fc.option(place, { nil: undefined }), isBuilt: false, isPublished: fc.boolean() }),
  worker: serviceOf("worker", { place: fc.option(place, { nil: undefined }), isBuilt: fc.boolean() }),
  job: fc.constant({ kind: "job", restart: "no", hasHealthCheck: false, isBuilt: false, isPublished: false }),
};

interface Choices {
  readonly place: fc.Arbitrary<Place | undefined>;
  readonly isBuilt: boolean | fc.Arbitrary<boolean>;
  readonly isPublished?: boolean | fc.Arbitrary<boolean>;
}

function serviceOf(kind: Kind, { place, isBuilt, isPublished = false }: Choices): fc.Arbitrary<HandMadeService> {
  return fc.record({
    kind: fc.constant(kind),
    place,
    restart,
    hasHealthCheck: fc.boolean(),
    isBuilt: typeof isBuilt === "boolean" ? fc.constant(isBuilt) : isBuilt,
    isPublished: typeof isPublished === "boolean" ? fc.constant(isPublished) : isPublished,
  });
}

const kinds: readonly Kind[] = ["database", "cache", "job", "worker", "web"];

/** One to four services, of which at least one runs on. */
const services = fc
  .subarray([...kinds], { minLength: 1, maxLength: 4 })
  .filter((chosen) => chosen.some((kind) => kind !== "job"))
  .chain((chosen) => fc.tuple(...chosen.map((kind) => anyService[kind])));

/** Applications as teams run them by hand. */
const anyHandMade: fc.Arbitrary<HandMade> = fc.record({
  project: fc.constant("shop"),
  keepsName: fc.boolean(),
  hasContainerNames: fc.boolean(),
  networks: fc.constantFrom("default", "own", "named"),
  services,
  ending: fc.constantFrom("undo", "done"),
});

/** So many random applications, each with a name of its own. */
export function someHandMade(count: number, seed: number): readonly HandMade[] {
  return fc
    .sample(anyHandMade, { numRuns: count, seed })
    .map((deployment, index) => ({ ...deployment, project: `shop${index + 1}` }));
}

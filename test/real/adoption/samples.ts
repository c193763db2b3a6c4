import type { HandMade } from "./hand-made.ts";

/** Two applications of which each has half of what the random ones have. */
export const samples: readonly HandMade[] = [
  {
    project: "shop1",
    keepsName: false,
    hasContainerNames: false,
    networks: "default",
    services: [
      { kind: "database", place: "volume", restart: "always", hasHealthCheck: true, isBuilt: false, isPublished: true },
      { kind: "web", place: "folder", hasHealthCheck: true, isBuilt: true, isPublished: true },
    ],
    ending: "done",
  },
  {
    project: "shop2",
    keepsName: true,
    hasContainerNames: true,
    networks: "named",
    services: [
      { kind: "cache", place: "external volume", hasHealthCheck: true, isBuilt: false, isPublished: false },
      { kind: "job", restart: "no", hasHealthCheck: false, isBuilt: false, isPublished: false },
      {
        kind: "worker",
        place: "named volume",
        restart: "always",
        hasHealthCheck: false,
        isBuilt: true,
        isPublished: false,
      },
    ],
    ending: "undo",
  },
];

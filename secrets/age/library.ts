/**
 * Loads the library that reads and writes age's files. Loading takes a tenth of a second, so deployments without such
 * files skip it.
 */
export const loadAge = (): Promise<typeof import("age-encryption")> => import("age-encryption");

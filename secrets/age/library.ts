/** The library that reads and writes age's files: loaded when there is one, since it takes a tenth of a second that a deployment with secrets from elsewhere need not wait for. */
export const loadAge = (): Promise<typeof import("age-encryption")> => import("age-encryption");

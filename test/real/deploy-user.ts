/** Set by `npm run proof` to the user that deploys. */
export const userVariable = "SLIPWAY_TEST_USER";

/** The user that deploys where a test names none: root, or `deploy`, who reaches root by slipway-root alone. */
export const deployUser: "root" | "deploy" = process.env[userVariable] === "deploy" ? "deploy" : "root";

/** Set by `npm run proof` where slipway runs on the server itself. */
export const localVariable = "SLIPWAY_TEST_LOCAL";

/** Stacks are deployed from the server itself, without SSH (E14). */
export const deploysLocally = process.env[localVariable] === "yes";

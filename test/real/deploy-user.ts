/** Set by `npm run proof` to the user that deploys. */
export const userVariable = "SLIPWAY_TEST_USER";

/** The user that deploys where a test names none: root, or `deploy`, who reaches root by slipway-root alone. */
export const deployUser: "root" | "deploy" = process.env[userVariable] === "deploy" ? "deploy" : "root";

import { describe, expect, it } from "vitest";
import { isSecretName } from "../../../model/policy/secret-name.ts";

describe("the name of a variable (F107)", () => {
  it("suggests a secret", () => {
    const names = ["DB_PASSWORD", "STRIPE_API_KEY", "API_KEY_STRIPE", "PIHOLE_PW", "PW", "ADMIN_PWD", "R2_ACCESS_KEY"];
    expect(names.filter((name) => !isSecretName(name))).toEqual([]);
  });

  it("suggests none where it is a setting of a secret, or public", () => {
    const names = [
      "API_KEY_RATE_LIMIT",
      "TOKEN_EXPIRES_IN",
      "PASSWORD_ENABLED",
      "VAPID_PUBLIC_API_KEY",
      "SPWAN",
      "HTTPWD",
    ];
    expect(names.filter((name) => isSecretName(name))).toEqual([]);
  });
});

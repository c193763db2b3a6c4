import { expect, test } from "vitest";
import { normalPlatform } from "../../model/platform.ts";

test.each([
  ["linux/amd64", ["amd64", "x86_64", "x86-64", "linux/x86_64", "Linux/AMD64", "linux/amd64/v1"]],
  ["linux/arm64", ["arm64", "aarch64", "linux/aarch64", "linux/arm64/v8", "linux/arm64/8", "linux/aarch64/v8"]],
  ["linux/arm64/v9", ["linux/arm64/9", "linux/arm64/v9.0"]],
  ["linux/amd64/v3", ["linux/x86_64/v3"]],
  ["linux/arm/v7", ["arm", "armhf", "linux/arm", "linux/arm/7", "linux/armhf"]],
  ["linux/arm/v6", ["armel", "linux/arm/6", "linux/arm/v6"]],
  ["linux/386", ["i386", "386", "linux/i386"]],
  ["linux/s390x", ["s390x"]],
  ["windows/amd64", ["windows/x86_64"]],
  ["linux", ["Linux"]],
])("%s is the form of %j", (normal, others) => {
  expect([normal, ...others].map(normalPlatform)).toEqual([normal, ...others].map(() => normal));
});

import { z } from "zod";

const units = { KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 } as const;
const seconds = { second: 1, minute: 60, hour: 3600 } as const;

/** A size in words, `"512 MB"`, as bytes; its units are powers of 1024, as Docker's are. */
export const size = z.string().transform((text, context): number => {
  const [, amount, unit] = /^([1-9]\d*(?:\.\d+)?) (KB|MB|GB)$/.exec(text) ?? [];
  if (unit === "KB" || unit === "MB" || unit === "GB") return Math.round(Number(amount) * units[unit]);
  context.addIssue("is not a size; write a number and KB, MB or GB, such as '512 MB'");
  return z.NEVER;
});

/** A duration in words, `"60 seconds"`, as seconds. */
export const duration = z.string().transform((text, context): number => {
  const [, amount, unit] = /^([1-9]\d*) (second|minute|hour)s?$/.exec(text) ?? [];
  if (unit === "second" || unit === "minute" || unit === "hour") return Number(amount) * seconds[unit];
  context.addIssue("is not a duration; write a number and seconds, minutes or hours, such as '60 seconds'");
  return z.NEVER;
});

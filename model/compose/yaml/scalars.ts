import type { ScalarTag } from "yaml";

/** Compose's YAML library reads `0444` as an octal number; YAML 1.2 would not. */
const octal: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^0[0-7]+$/,
  resolve: (text) => parseInt(text, 8),
};

/** Compose's YAML library makes a time of a date without quotes, and Compose writes that time as Go does. */
const time: ScalarTag = {
  tag: "tag:yaml.org,2002:timestamp",
  default: true,
  test: /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]| +)[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]+)?Z?)?$/,
  resolve: (text) => {
    const [year = "", month = "", day = "", hours = "0", minutes = "0", seconds = "0", fraction = ""] =
      text.match(/[0-9]+/g) ?? [];
    const pad = (digits: string): string => digits.padStart(2, "0");
    const exact = fraction.slice(0, 9).replace(/0+$/, "");
    const clock = `${pad(hours)}:${pad(minutes)}:${pad(seconds)}${exact === "" ? "" : `.${exact}`}`;
    return `${year}-${pad(month)}-${pad(day)} ${clock} +0000 UTC`;
  },
};

/** The scalars that Compose reads in another way than YAML 1.2 says. */
export const composeScalars: readonly ScalarTag[] = [octal, time];

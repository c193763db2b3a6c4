import { textOf, type Json } from "../json.ts";
import { resolveText, type Field, type ReaderContext } from "./context.ts";

/** The words that Compose reads as yes or no, in any case. */
export const yesNoWords = /^(true|false|y|n|yes|no|on|off)$/i;

/** Reads yes or no, with its variables filled in; undefined for anything else, which `forms.ts` reports. */
export function readBoolean(context: ReaderContext, value: Json | undefined, field: Field): boolean | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : booleanOf(resolveText(context, text, field));
}

/** Yes or no in a field whose variables are filled in already. */
export function booleanOf(value: Json | undefined): boolean | undefined {
  const text = textOf(value) ?? "";
  return yesNoWords.test(text) ? /^(true|y|yes|on)$/i.test(text) : undefined;
}

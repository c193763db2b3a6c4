const escapes: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  $: "\\$",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/**
 * Escapes a value for the double quotes of an env file: characters that Compose would treat as an end, trim or expand.
 */
export function escapeValue(value: string): string {
  return value.replace(/[\\"$\n\r\t]/g, (character) => escapes[character] ?? character);
}

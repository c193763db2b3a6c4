/** By service: the last writes of what it mounts, by target. */
type Writes = Readonly<Record<string, { readonly mounts: Readonly<Record<string, string>> }>>;

/**
 * The services with a mounted file that was written after the document that they started with. Most programs read
 * files only at their start, so these are restarted, as the preview said.
 */
export function rewrittenServices(before: Writes, now: Writes): string[] {
  return Object.entries(now)
    .filter(([service, { mounts }]) => {
      const started = before[service]?.mounts ?? {};
      return Object.entries(mounts).some(([target, written]) => (started[target] ?? written) !== written);
    })
    .map(([service]) => service);
}

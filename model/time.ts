/** A time to the second, as facts and messages write it. */
export function timeText(time: Date): string {
  return time.toISOString().replace(/\.[0-9]{3}Z$/, "Z");
}

import { z } from "zod";
import { parseJson } from "../../model/json.ts";

/** The fields of a line of the proxy's access log that count. */
const answerSchema = z.object({ StartUTC: z.iso.datetime({ offset: true }), DownstreamStatus: z.int() });

/**
 * Counts the answers of the proxy with an error of the server (5xx) to requests that came in a time. The log has other
 * lines as well, and clients decide some of their content: whatever is not such an answer does not count.
 */
export function errorAnswers(log: string, from: Date, to: Date): number {
  return log.split("\n").filter((line) => {
    const { data } = answerSchema.safeParse(parseJson(line));
    if (data === undefined || data.DownstreamStatus < 500) return false;
    const at = Date.parse(data.StartUTC);
    return from.getTime() <= at && at <= to.getTime();
  }).length;
}

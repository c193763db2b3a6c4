import { listOf, textOf } from "../../json.ts";
import { readContainerPort, type PortRange } from "../../port-range.ts";
import { optionsOf, resolveText, type ReaderContext } from "../context.ts";
import type { NormalService } from "../normal-service.ts";

/**
 * The TCP ports that a release service offers by `expose`, at which the proxy answers for it. Shared services are
 * called themselves, at any port.
 */
export function readExposed(context: ReaderContext, name: string, service: NormalService): PortRange[] {
  if (!optionsOf(context, name).release) return [];
  return listOf(service.fields["expose"]).flatMap((entry, index): PortRange[] => {
    const place = service.place("expose", String(index));
    const text = resolveText(context, textOf(entry) ?? "", { place, name: "expose" });
    const port = text === undefined ? undefined : readContainerPort(text);
    if (text !== undefined && port === undefined) {
      const todo = "write a number from 1 to 65535, or a range such as 3000-3005";
      context.problems.push({ path: place, what: `expose names no port, got '${text}'`, todo });
    }
    return port?.protocol === "tcp" ? [{ first: port.first, last: port.last }] : [];
  });
}

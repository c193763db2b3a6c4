import type { RunRequest } from "@pulumi/pulumi/proto/language_pb.js";

/** The stack's configuration in the two variables where the SDK looks for it. */
export function configuration(request: RunRequest): { PULUMI_CONFIG: string; PULUMI_CONFIG_SECRET_KEYS: string } {
  const entries = request.getConfigMap().getEntryList();
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(entries.map(([key, value]) => [longKey(key), value]))),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
}

/** `<namespace>:config:<name>`, which SDKs of every age understand. */
function longKey(key: string): string {
  return key.includes(":config:") ? key : key.replace(":", ":config:");
}

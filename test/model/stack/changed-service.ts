import type { Service } from "../../../model/compose/application.ts";
import type { Deployment } from "../../../model/stack/deployment.ts";

/** A deployment whose compose file has other fields of one service. */
export function withService(deployment: Deployment, name: string, also: Partial<Service>): Deployment {
  const { services } = deployment.application;
  const found = services[name];
  if (found === undefined) throw new Error(`there is no service ${name}`);
  return withServices(deployment, { ...services, [name]: { ...found, ...also } });
}

/** A deployment whose compose file lacks one service. */
export function withoutService(deployment: Deployment, name: string): Deployment {
  const others = Object.entries(deployment.application.services).filter(([other]) => other !== name);
  return withServices(deployment, Object.fromEntries(others));
}

function withServices(deployment: Deployment, services: Readonly<Record<string, Service>>): Deployment {
  return { ...deployment, application: { ...deployment.application, services } };
}

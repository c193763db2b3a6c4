/**
 * The proxy of a stack, as its service, its folder, and the end of its compose project are called. Slipway's own names
 * begin with `slipway-`, so that a team's service may be called `proxy`.
 */
export const proxyName = "slipway-proxy";

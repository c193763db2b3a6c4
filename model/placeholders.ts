/** Placeholder for the colour that the server starts. */
export const colourPlaceholder = "<colour>";

/** Placeholder for the generation of the routes. */
export const generationPlaceholder = "<generation>";

/** Placeholder for the proxy's own address in a network, by its name on the server. Only the proxy's files hold it. */
export function addressPlaceholder(network: string): string {
  return `<address in ${network}>`;
}

/** Placeholder for the condition that a request comes from a network, by its name on the server. Routes hold it. */
export function clientsPlaceholder(network: string): string {
  return `<clients in ${network}>`;
}

/** Finds the placeholders of clients, each with its network. */
export const clientsPlaceholders = /<clients in ([A-Za-z0-9][A-Za-z0-9_.-]*)>/g;

/** Placeholder for the colour that the server starts. */
export const colourPlaceholder = "<colour>";

/** Placeholder for the generation of the routes. */
export const generationPlaceholder = "<generation>";

/** Placeholder for the proxy's own address in a network, by its name on the server. Only the proxy's files hold it. */
export function addressPlaceholder(network: string): string {
  return `<address in ${network}>`;
}

/** A public key, short enough for a message and long enough to tell it from others. */
export function shortRecipient(recipient: string): string {
  return recipient.length <= 16 ? recipient : `${recipient.slice(0, 12)}…`;
}

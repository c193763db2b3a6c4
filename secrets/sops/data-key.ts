import type { Problem } from "../../model/problem.ts";
import { loadAge } from "../age/library.ts";
import { shortRecipient, type AgeKeys } from "../age/key.ts";
import type { SopsMetadata, WrappedKey } from "./metadata.ts";

/** The key that encrypts the values of a file, or the reason why it cannot be opened. */
type OpenedKey = { readonly key: Buffer } | { readonly problem: Problem; readonly wrongKey: boolean };

/** Opens the data key with the first given key that matches one of its recipients. */
export async function openDataKey(path: string, metadata: SopsMetadata, keys: AgeKeys): Promise<OpenedKey> {
  const own = metadata.age.filter(({ recipient }) => keys.recipients.includes(recipient));
  for (const wrapped of own) {
    const key = await unwrap(wrapped, keys.identities);
    if (key !== undefined) return { key };
  }
  if (own.length > 0) {
    const [first] = own;
    const what = `the data key for ${shortRecipient(first?.recipient ?? "")} is damaged`;
    return {
      problem: { path, what, todo: "restore the file from the repository with `git checkout`" },
      wrongKey: false,
    };
  }
  return { problem: noneFits(path, metadata, keys), wrongKey: true };
}

/** The problem of a key that matches no recipient (F103). It names the public halves alone. */
function noneFits(path: string, { age }: SopsMetadata, { variable, recipients }: AgeKeys): Problem {
  const readers = age.map(({ recipient }) => shortRecipient(recipient)).join(", ");
  const given = recipients.map(shortRecipient).join(", ");
  const what = `none of its ${age.length} recipients (${readers}) matches the key in ${variable}, got '${given}'`;
  const todo =
    "use the key of this environment, or ask somebody who can read the file to add yours with `sops updatekeys`";
  return { path, what, todo };
}

async function unwrap({ armour }: WrappedKey, identities: readonly string[]): Promise<Buffer | undefined> {
  const { armor, Decrypter } = await loadAge();
  const decrypter = new Decrypter();
  identities.forEach((identity) => decrypter.addIdentity(identity));
  try {
    const key = Buffer.from(await decrypter.decrypt(armor.decode(armour)));
    return key.length === 32 ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Encrypts a data key once for each recipient. */
export async function wrapDataKey(key: Buffer, recipients: readonly string[]): Promise<WrappedKey[]> {
  const { armor, Encrypter } = await loadAge();
  return await Promise.all(
    recipients.map(async (recipient) => {
      const encrypter = new Encrypter();
      encrypter.addRecipient(recipient);
      const armour = armor.encode(await encrypter.encrypt(new Uint8Array(key)));
      return { recipient, armour: armour.endsWith("\n") ? armour : `${armour}\n` };
    }),
  );
}

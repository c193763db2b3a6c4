/** The folder of the compose file, as the disk and git hold it. Paths are relative to it, without `./`. */
export interface ComposeFolder {
  /** Undefined where there is no such file. */
  text(path: string): string | undefined;
  entry(path: string): FolderEntry;
}

/** What stands at a path: `source` itself, or the folder's files that git tracks. */
export type FolderEntry =
  | { readonly kind: "absent" }
  | { readonly kind: "file"; readonly tracked: TrackedFile | undefined }
  | { readonly kind: "folder"; readonly tracked: readonly TrackedFile[] };

/** A file that git tracks. */
export interface TrackedFile {
  readonly path: string;
  readonly kind: "file" | "link" | "submodule";
  readonly executable: boolean;
  /** Undefined where the work tree lacks it. */
  readonly size: number | undefined;
  content(): Uint8Array;
}

/** The folder of the compose file on disk and in git. Paths are relative to it, without `./`. */
export interface ComposeFolder {
  /** The content of a file; undefined if it does not exist. */
  text(path: string): string | undefined;
  entry(path: string): FolderEntry;
}

/** A file or folder at a path, with the files that git tracks there. */
export type FolderEntry =
  | { readonly kind: "absent" }
  | { readonly kind: "file"; readonly tracked: TrackedFile | undefined }
  | { readonly kind: "folder"; readonly tracked: readonly TrackedFile[] };

/** A file that git tracks. */
export interface TrackedFile {
  readonly path: string;
  readonly kind: "file" | "link" | "submodule";
  readonly executable: boolean;
  /** Undefined if the file is missing from the work tree. */
  readonly size: number | undefined;
  content(): Uint8Array;
}

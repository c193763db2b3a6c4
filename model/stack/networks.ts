/** The networks between the parts of a stack. */
export interface Networks {
  readonly data: string;
  /** Where the proxy answers for release services; undefined where there are none. */
  readonly edge: string | undefined;
}

/** The networks of a project. */
export function networksOf(project: string, hasRelease: boolean): Networks {
  return { data: `${project}_data`, edge: hasRelease ? `${project}_edge` : undefined };
}

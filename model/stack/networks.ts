/** The networks between the parts of a stack. */
export interface Networks {
  readonly data: string;
  readonly edge: string;
}

/** The networks of a project. */
export function networksOf(project: string): Networks {
  return { data: `${project}_data`, edge: `${project}_edge` };
}

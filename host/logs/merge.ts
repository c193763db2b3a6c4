/** Merges sequences, each in its order, by their times: the earliest of all comes first. */
export async function* mergeByTime<Item extends { readonly time: string }>(
  sources: readonly AsyncIterable<Item>[],
): AsyncGenerator<Item> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(iterators.map((one) => one.next()));
    for (;;) {
      let first: number | undefined;
      for (const [index, { done, value }] of heads.entries()) {
        if (done === true) continue;
        const best = first === undefined ? undefined : heads[first];
        if (best === undefined || best.done === true || value.time < best.value.time) first = index;
      }
      const found = first === undefined ? undefined : heads[first];
      const next = first === undefined ? undefined : iterators[first];
      if (first === undefined || found === undefined || found.done === true || next === undefined) return;
      yield found.value;
      heads[first] = await next.next();
    }
  } finally {
    for (const one of iterators) await one.return?.();
  }
}

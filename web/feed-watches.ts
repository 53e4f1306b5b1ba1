// Who looks at which intent: several components may look at the same one, and each releases only its own look.

export function createWatches(tell: (intentIds: readonly string[]) => void) {
  const looks = new Map<string, number>();

  function add(intentId: string, count: number): void {
    const before = looks.get(intentId) ?? 0;
    const after = before + count;
    if (after > 0) looks.set(intentId, after);
    else looks.delete(intentId);
    if (before === 0 || after === 0) tell([...looks.keys()]);
  }

  return {
    watch(intentId: string): () => void {
      let held = true;
      add(intentId, 1);
      return () => {
        if (held) add(intentId, -1);
        held = false;
      };
    },
  };
}

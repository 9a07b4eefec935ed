export type InTurn = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Work of one name runs one after the other, whatever comes of it; work of other names beside it. */
export const makeTurns = (): InTurn => {
  const tails = new Map<string, Promise<unknown>>();
  return async (name, work) => {
    const before = tails.get(name) ?? Promise.resolve();
    const turn = before.then(work, work);
    tails.set(name, turn);
    try {
      return await turn;
    } finally {
      if (tails.get(name) === turn) tails.delete(name);
    }
  };
};

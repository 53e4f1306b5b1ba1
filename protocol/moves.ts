// A state machine is data: from each state, the states it may move to.
export type Moves<S extends string> = Readonly<Record<S, readonly S[]>>;

export function canMove<S extends string>(moves: Moves<S>, from: S, to: S): boolean {
  return moves[from].includes(to);
}

export function isTerminal<S extends string>(moves: Moves<S>, state: S): boolean {
  return moves[state].length === 0;
}

// A counting gate: at most so many at once, at most so many waiting.

export interface Gate {
  /** A function that gives the place back (safe to call twice), or null when too many wait already. */
  enter(signal: AbortSignal): Promise<(() => void) | null>;
}

export function createGate(limits: { running: number; waiting: number }): Gate {
  let running = 0;
  const waiting: Array<() => void> = [];

  function release(): () => void {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      running -= 1;
      waiting.shift()?.();
    };
  }

  return {
    enter(signal) {
      if (signal.aborted) return Promise.resolve(null);
      if (running < limits.running) {
        running += 1;
        return Promise.resolve(release());
      }
      if (waiting.length >= limits.waiting) return Promise.resolve(null);
      return new Promise((resolve) => {
        const leave = () => {
          waiting.splice(waiting.indexOf(start), 1);
          resolve(null);
        };
        const start = () => {
          signal.removeEventListener("abort", leave);
          running += 1;
          resolve(release());
        };
        signal.addEventListener("abort", leave, { once: true });
        waiting.push(start);
      });
    },
  };
}

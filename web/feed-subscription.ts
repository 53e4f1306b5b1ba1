// What the page asks the room for: the events after those it has, and log lines for as long as somebody looks at a log. One question at a time.

export interface SubscriptionDeps {
  socket(): { isOpen(): boolean; subscribe(wish: { since: number; logs: boolean }): void };
  link: { get(): { subscribed: boolean } };
  lastSeq(): number;
  mayAsk(): boolean;
}

export function createSubscription({ socket, link, lastSeq, mayAsk }: SubscriptionDeps) {
  let askedSince: number | null = null; // the `since` of the question that has no answer yet
  let withLogs = false; // as it was asked last
  let looks = 0; // at logs

  function ask(): void {
    const logs = looks > 0;
    if (!mayAsk() || !socket().isOpen() || askedSince !== null || (link.get().subscribed && withLogs === logs)) return;
    withLogs = logs;
    askedSince = lastSeq();
    socket().subscribe({ since: askedSince, logs });
  }

  return {
    ask,
    /** The `since` of the question that is answered now, if there was one. */
    answered(): number | null {
      const since = askedSince;
      askedSince = null;
      return since;
    },
    tailLogs(): () => void {
      let held = true;
      looks += 1;
      ask();
      return () => {
        if (held) looks -= 1;
        held = false;
        ask();
      };
    },
  };
}

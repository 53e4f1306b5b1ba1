// Event commit → browser socket, and one event to many sockets.
import { call, createIntent, subscribe, type Target } from "../client.ts";
import { type Figure, ms } from "../stats.ts";

/** From the event's own time, which the worker takes before the commit, to its arrival: an upper bound. */
export async function fanOut(
  target: Target,
  { sockets, events, targetMs }: { sockets: number; events: number; targetMs: number },
): Promise<Figure> {
  const arrivals = new Map<string, number[]>();
  let wake: () => void = () => {};
  const open = await Promise.all(
    Array.from({ length: sockets }, () =>
      subscribe(target, (batch, at) => {
        for (const event of batch) {
          if (event.type !== "intent.received") continue;
          const key = event.intentId ?? "";
          arrivals.set(key, [...(arrivals.get(key) ?? []), at - Date.parse(event.at)]);
          wake();
        }
      }),
    ),
  );
  const last: number[] = [];
  for (let index = 0; index < events; index += 1) {
    const id = await createIntent(target, { text: "hello", dryRun: true });
    while ((arrivals.get(id)?.length ?? 0) < sockets) await new Promise<void>((resolve) => (wake = resolve));
    last.push(Math.max(...(arrivals.get(id) ?? [])));
    await call(target, `/api/v1/intents/${id}/cancel`, {});
  }
  for (const socket of open) socket.close();
  const what = sockets === 1 ? "event commit → browser socket" : `one event to ${sockets} sockets, the last one`;
  return { what, figure: ms(last), target: `p50 < ${targetMs} ms` };
}

// The lane of what may be lost: who is connected, what was just measured, log lines of running jobs. Nothing of it is kept or sent
// again, nobody is told what was missed, and a socket that does not keep up is left out. Durable events never go this way.
import type { MeasuredSlice } from "../protocol/agent.ts";
import { LOG_LINES_PER_SECOND, type LogLine } from "../protocol/log.ts";
import type { DownMessage } from "../protocol/room.ts";
import { sendFrame } from "./frames.ts";
import { isLate, type RoomSocket } from "./sockets.ts";

const PRESENCE_DELAY_MS = 250; // many connects become one presence message
const BURST_SECONDS = 2; // of log lines, at once: an agent that was cut off for a moment has some to catch up on

export interface EphemeralLane {
  /** Somebody has come or gone. */
  presenceChanged(): void;
  metrics(measured: MeasuredSlice[]): void;
  logs(sender: RoomSocket, lines: LogLine[]): void;
  gone(socketId: string): void;
}

interface Surroundings {
  subscribers(): RoomSocket[];
  presence(): { viewers: number; agents: number };
  pingedAt(socket: RoomSocket): number;
}

export function createEphemeralLane({ subscribers, presence, pingedAt }: Surroundings): EphemeralLane {
  const allowances = new Map<string, Allowance>(); // by socket of an agent
  let presenceDue = false;

  function tell(message: DownMessage, wanted: (socket: RoomSocket) => boolean = () => true): void {
    const to = subscribers().filter((socket) => wanted(socket) && !isLate(socket, pingedAt(socket)));
    if (to.length === 0) return;
    const frame = JSON.stringify(message);
    for (const socket of to) sendFrame(socket, frame);
  }

  return {
    presenceChanged() {
      if (presenceDue) return;
      presenceDue = true;
      setTimeout(() => {
        presenceDue = false;
        tell({ type: "presence", ...presence() });
      }, PRESENCE_DELAY_MS);
    },
    metrics: (measured) => tell({ type: "metrics", measured }),
    logs(sender, lines) {
      if (sender.state?.instanceId == null) return; // has not said hello, or a newer socket of the agent has taken its place
      const { allowance, granted } = take(allowances.get(sender.id), lines.length, Date.now());
      allowances.set(sender.id, allowance);
      if (granted) tell({ type: "logs", lines }, (socket) => socket.state?.logs === true);
    },
    gone: (socketId) => void allowances.delete(socketId),
  };
}

/** How many lines an agent may still send, as of a moment. */
interface Allowance {
  lines: number;
  at: number; // ms since the epoch
}

/** A bucket that fills at the protocol's rate. A frame that is refused costs nothing: who sends too much still gets the rate through. */
function take(before: Allowance | undefined, wanted: number, now: number): { allowance: Allowance; granted: boolean } {
  const most = LOG_LINES_PER_SECOND * BURST_SECONDS;
  const refilled = before === undefined ? most : before.lines + ((now - before.at) / 1_000) * LOG_LINES_PER_SECOND;
  const lines = Math.min(most, Math.max(0, refilled));
  const granted = wanted <= lines;
  return { allowance: { lines: granted ? lines - wanted : lines, at: now }, granted };
}

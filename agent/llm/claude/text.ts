// The text of a streamed answer out of the CLI's events, and its way to the reader. It notices when the CLI begins an answer again that was shown in part.
import { err, ok, type Result } from "../../../protocol/result.ts";
import { pieces } from "../http/answer.ts";
import { MAX_ANSWER_CHARS } from "../http/bounds.ts";
import type { ProviderFailure } from "../port.ts";
import type { CliResult, StreamEvent } from "./events.ts";

const CUT: ProviderFailure = { kind: "cut", message: "the answer broke off after its beginning" };

export interface TextFlow {
  /** A failure means: stop the prompt, what was shown cannot be continued. */
  take(event: StreamEvent): ProviderFailure | null;
  /** A try of the CLI failed; with text shown there is no second one. */
  retried(): ProviderFailure | null;
  end(result: CliResult): Result<CliResult, ProviderFailure>;
}

export function createTextFlow(onText: (text: string) => void): TextFlow {
  let shown = 0;
  let open = false; // a message has begun and not ended
  const show = (text: string): ProviderFailure | null => {
    shown += text.length;
    if (shown > MAX_ANSWER_CHARS) return { kind: "invalid", message: `the answer is longer than ${MAX_ANSWER_CHARS} characters` };
    if (text !== "") onText(text);
    return null;
  };
  const retried = () => (shown > 0 ? CUT : null);
  return {
    retried,
    take({ event, parent_tool_use_id }) {
      if (parent_tool_use_id !== null) return null;
      if (event.type === "message_start") {
        const again = open ? retried() : null;
        open = true;
        return again;
      }
      if (event.type === "message_stop") open = false;
      return event.type === "content_block_delta" && event.delta?.type === "text_delta" ? show(event.delta.text ?? "") : null;
    },
    end(result) {
      if (open && shown > 0) return err(CUT);
      const failure = shown === 0 ? show(result.result) : null; // it came in one piece
      return failure === null ? ok(result) : err(failure);
    },
  };
}

/** From a callback to a reader who takes it as it comes. What waits in between is bounded by the length of an answer. */
export function createTextChannel() {
  const waiting: string[] = [];
  let closed = false;
  let wake = (): void => {};
  return {
    push(text: string): void {
      waiting.push(...pieces(text));
      wake();
    },
    close(): void {
      closed = true;
      wake();
    },
    async *read(): AsyncGenerator<string, void, undefined> {
      for (;;) {
        yield* waiting.splice(0);
        if (closed && waiting.length === 0) return;
        if (waiting.length === 0) {
          const { promise, resolve } = Promise.withResolvers<void>();
          wake = resolve;
          await promise;
        }
      }
    },
  };
}

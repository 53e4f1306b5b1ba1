// How a question to the language models ends without an answer: thrown out of streams, returned by the rest. Its failure goes on the wire.
import type { CallFailure } from "../../protocol/call.ts";

export class CallFailed extends Error {
  override name = "CallFailed";
  readonly failure: CallFailure;

  constructor(failure: CallFailure, options?: ErrorOptions) {
    super(failure.message, options);
    this.failure = failure;
  }
}

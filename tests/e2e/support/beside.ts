// Work of a test that is nearly all waiting, on a stack of its own, begun before the other tests of the file and going on beside them.
import { type Stack, type StackOptions, startStack } from "../../helpers/stack.ts";

/** Begins now. The answer is the body of the test it belongs to: that one fails as the work does, also when the stack does not end well. */
export function beside(options: StackOptions, work: (stack: Stack) => Promise<void>): () => Promise<void> {
  const done = run(options, work);
  done.catch(() => undefined); // it is told by the test
  return () => done;
}

async function run(options: StackOptions, work: (stack: Stack) => Promise<void>): Promise<void> {
  const stack = await startStack(options);
  try {
    await work(stack);
  } finally {
    await stack.stop();
  }
}

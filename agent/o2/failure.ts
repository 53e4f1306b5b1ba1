// How a command ends: the exit codes, and the errors that carry one. The codes are an interface: scripts branch on them.
import type { FieldIssue } from "../../protocol/errors.ts";
import type { IntentStatus } from "../../protocol/intent.ts";

export const EXIT = {
  ok: 0,
  failed: 1, // the intent failed, was rolled back, rejected or cancelled
  usage: 2,
  refused: 3, // by the server (4xx); nothing was done
  unreachable: 4, // the server did not answer, or only with a fault of its own (5xx)
  person: 5, // the intent waits for an answer, an approval or a decision
  running: 6, // the time was up before the intent had ended; it goes on
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_ABOUT: Record<keyof typeof EXIT, string> = {
  ok: "done",
  failed: "the intent failed, was rolled back, rejected or cancelled",
  usage: "the command line is wrong",
  refused: "the server refused (4xx)",
  unreachable: "the server cannot be reached, or failed itself (5xx)",
  person: "a person is needed: clarification, approval or decision",
  running: "the time was up; the intent goes on",
};

/** Ends the program with this code and message, without a stack. */
export class CommandFailure extends Error {
  override name = "CommandFailure";
  readonly exitCode: ExitCode;
  /** What --json prints. */
  readonly details: { code: string; issues?: FieldIssue[]; requestId?: string };

  constructor(exitCode: ExitCode, message: string, details: CommandFailure["details"]) {
    super(message);
    this.exitCode = exitCode;
    this.details = details;
  }
}

export function usage(message: string): CommandFailure {
  return new CommandFailure(EXIT.usage, message, { code: "USAGE" });
}

/** Null while an intent is on its way. A dry run ends with `parsed`, as soon as there is something to show. */
export function outcomeOf({ status, dryRun, rendered }: { status: IntentStatus; dryRun: boolean; rendered: boolean }): ExitCode | null {
  switch (status) {
    case "completed":
      return EXIT.ok;
    case "parsed":
      return dryRun && rendered ? EXIT.ok : null;
    case "failed":
    case "rolled_back":
    case "rejected":
    case "cancelled":
      return EXIT.failed;
    case "needs_clarification":
    case "awaiting_approval":
    case "needs_decision":
      return EXIT.person;
    case "received":
    case "parsing":
    case "running":
      return null;
  }
}

// The log of this process put together: what masks it, which job its lines are about, and the copy of those that goes to who looks on.
import { createJobScope, type JobScope } from "./job-scope.ts";
import { createLog, createSecretMask, type Log, type LogOptions, type SecretMask } from "./log.ts";
import { createLogTail, type LogTail, type LogTailOptions } from "./log-tail.ts";

export interface Logging {
  log: Log;
  secrets: SecretMask;
  scope: JobScope;
  tail: Pick<LogTail, "flush">;
}

export function createLogging({ offer, ...options }: Pick<LogOptions, "level" | "destination"> & Pick<LogTailOptions, "offer">): Logging {
  const secrets = createSecretMask();
  const scope = createJobScope();
  const tail = createLogTail({ offer, mask: secrets.mask });
  return { log: createLog({ ...options, secrets, scope, tail: tail.take }), secrets, scope, tail };
}

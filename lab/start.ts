// `npm start`: builds, starts lab, worker and agent under the supervisor, says where they are, and runs until Ctrl-C.
import { build } from "./build.ts";
import { type Frame, run } from "./run.ts";
import { fetchAgentConfig, prepareStack, READY_TIMEOUT_MS, tryIt, untilUp } from "./stack.ts";

async function bringUp({ env, supervisor, log }: Frame): Promise<void> {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  const stack = await prepareStack(env);
  supervisor.start(stack.lab);
  if (await build(env, supervisor.signal)) log.write("build", "info", `built web and worker in ${seconds()}`);
  const worker = supervisor.start(stack.worker);
  const bound = AbortSignal.any([supervisor.signal, AbortSignal.timeout(READY_TIMEOUT_MS)]);
  await fetchAgentConfig(env, stack.labUrl, bound);
  await worker.untilReady(bound);
  supervisor.start(stack.agent);
  await Promise.all([untilUp("worker", `${stack.workerUrl}/health`, bound), untilUp("agent", `${stack.agentUrl}/healthz`, bound)]);
  log.plain(`\n  Ready in ${seconds()}\n${tryIt(stack, stack.workerUrl)}`);
}

await run(bringUp);

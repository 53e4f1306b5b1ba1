// An agent that pushes once, as a process of its own so that a test can kill it. Argument: {url, dir, input} as JSON.
import { createGitPort } from "../../../agent/gitops/port.ts";

const { url, dir, input } = JSON.parse(process.argv[2] ?? "{}");
const port = createGitPort({
  url,
  dir,
  branch: "main",
  author: { name: "Agent", email: "agent@example.org" },
  kustomization: (paths) => `${paths.join("\n")}\n`,
  log: { debug: () => {}, info: () => {}, warn: () => {} },
});
await port.push(input, null, new AbortController().signal);

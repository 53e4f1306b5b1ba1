// LlamaFarm as a fake: OpenAI's API with chats under a project, a list of projects, and a web designer that answers what is not there.
import { PAGE } from "./behaviour.ts";
import { type FakeModelServer, NOT_FOUND, startHttpFake } from "./http-fake.ts";
import { openAiDialect, type Refused } from "./openai.ts";

export interface LlamaFarmFake extends FakeModelServer {
  refused: Set<Refused>;
  projects: { namespace: string; name: string }[];
  /** Which addresses chats have. One that it has not is answered by the designer's page when that is served, else with 404. */
  paths: { project: boolean; root: boolean; models: boolean; designer: boolean };
}

export async function startLlamaFarm(): Promise<LlamaFarmFake> {
  const refused = new Set<Refused>();
  const openAi = openAiDialect(refused);
  const own: Pick<LlamaFarmFake, "refused" | "projects" | "paths"> = {
    refused,
    projects: [{ namespace: "default", name: "intents" }],
    paths: { project: true, root: true, models: true, designer: false },
  };
  const fake = await startHttpFake({
    ...openAi,
    absent: () => (own.paths.designer ? { status: 200, contentType: "text/html", body: PAGE } : NOT_FOUND),
    route(method, path) {
      const scoped = /^\/v1\/projects\/([^/]+)\/([^/]+)\/chat\/completions$/.exec(path);
      if (method === "POST" && scoped !== null) {
        const exists = own.projects.some((project) => project.namespace === scoped[1] && project.name === scoped[2]);
        return own.paths.project && exists ? "chat" : null;
      }
      if (method === "GET" && /^\/v1\/projects\/[^/]+$/.test(path)) return own.paths.project ? "projects" : null;
      const route = openAi.route(method, path);
      return (route === "chat" && !own.paths.root) || (route === "models" && !own.paths.models) ? null : route;
    },
    other(_, { path }) {
      const projects = own.projects.filter(({ namespace }) => path === `/v1/projects/${namespace}`);
      return { total: projects.length, projects: projects.map((project) => ({ ...project, config: { version: "v1", ...project } })) };
    },
  });
  return Object.assign(fake, own);
}

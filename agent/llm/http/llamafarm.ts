// LlamaFarm: OpenAI's API, where a chat belongs to a project. Which project and whether there is one is found out once.
//
// - Chat: /v1/projects/{namespace}/{project}/chat/completions first, /v1/chat/completions second; what answered is asked first from then on.
// - Its web designer is served from the same port and answers unknown paths with a page and status 200: that is no list and no answer.
// - Chats of a project are kept as sessions unless X-No-Session is sent; questions here know nothing of each other.
import * as z from "zod";
import { type Provider, ProviderFailed } from "../port.ts";
import { listable, pickModel } from "./answer.ts";
import { createBackend } from "./backend.ts";
import type { Call } from "./call.ts";
import { ModelList } from "./chat-completions.ts";
import type { HttpProviderConfig } from "./config.ts";
import { createSpeaker, isAbsent, type Target } from "./openai-compatible.ts";

const NAMESPACES = ["discoverable", "default"]; // what is meant to be found, then where `lf init` puts projects
const ROOT = "v1/chat/completions";

const ProjectList = z.object({ projects: z.array(z.object({ namespace: z.string().min(1), name: z.string().min(1) })) });

interface Project {
  namespace: string;
  name: string;
}

function chatPath({ namespace, name }: Project): string {
  return `v1/projects/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}/chat/completions`;
}

function isInvalid(error: unknown): boolean {
  return error instanceof ProviderFailed && error.failure.kind === "invalid";
}

export function createLlamaFarm(config: HttpProviderConfig): Provider {
  const name = config.name ?? config.id;
  const url = new URL(config.url);
  url.pathname = url.pathname.replace(/\/v1\/?$/, "/"); // its paths begin with it themselves
  const backend = createBackend({ name, url, secret: config.secret, bounds: config.bounds, headers: { "x-no-session": "true" } });
  const own = config.namespace === undefined || config.project === undefined ? null : { namespace: config.namespace, name: config.project };
  let models: string[] = []; // as it listed them last
  let projects: Project[] | null = own === null ? null : [own]; // null: not looked for yet
  let answered: string | null = null; // the path

  async function findProjects(call: Call): Promise<Project[]> {
    const found: Project[] = [];
    for (const namespace of config.namespace === undefined ? NAMESPACES : [config.namespace]) {
      try {
        const list = await backend.json(call, { path: `v1/projects/${encodeURIComponent(namespace)}` }, { schema: ProjectList });
        found.push(...list.projects.map((project) => ({ namespace: project.namespace, name: project.name })));
      } catch (error) {
        if (!isAbsent(error) && !isInvalid(error)) throw error; // no such list: then it is asked without a project
      }
    }
    return config.project === undefined ? found : found.filter((project) => project.name === config.project);
  }

  /** Its models; of a server that has no such list the projects, which can be asked for as "namespace/name". */
  async function list(call: Call): Promise<string[]> {
    if (projects?.length === 0) projects = null; // one may have been made since: the next chat looks again
    try {
      const { data } = await backend.json(call, { path: "v1/models" }, { schema: ModelList });
      models = listable(data.map((model) => model.id));
    } catch (error) {
      if (own !== null || !isAbsent(error)) throw error;
      projects = await findProjects(call);
      if (projects.length === 0) throw error;
      return listable(projects.map((project) => `${project.namespace}/${project.name}`));
    }
    return models;
  }

  async function* targets(call: Call, wanted: string | null): AsyncGenerator<Target, void, undefined> {
    projects ??= await findProjects(call);
    const named = projects.find((project) => `${project.namespace}/${project.name}` === wanted);
    if (named !== undefined) return yield { path: chatPath(named), model: config.model ?? null };
    const model = wanted ?? config.model ?? null;
    // A project has a model of its own: it need not be named.
    const scoped = projects.slice(0, 1).map((project) => ({ path: chatPath(project), model }));
    if (answered !== ROOT) yield* scoped;
    yield { path: ROOT, model: model ?? pickModel(models, "chat") ?? pickModel(await list(call), "chat") ?? null };
    if (answered === ROOT) yield* scoped;
  }

  const found = (target: Target) => {
    answered = target.path;
  };
  return createSpeaker(config, { backend, embedPath: "v1/embeddings", list, targets, found });
}

// The OpenAPI document as one readable page: no script, nothing fetched from elsewhere.
import { html } from "hono/html";

interface Operation {
  summary?: string;
  tags?: string[];
  parameters?: unknown;
  requestBody?: unknown;
  responses?: unknown;
}

interface Document {
  info: { title: string };
  paths?: Record<string, object>;
  components?: unknown;
}

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

export function renderDocs(document: Document) {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = (item as Record<string, Operation | undefined>)[method];
      return operation === undefined ? [] : [{ method, path, operation }];
    }),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? "other"))];
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <title>${document.info.title}: API</title>
      </head>
      <body>
        <h1>${document.info.title}</h1>
        <p>Machine-readable: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1). Send <code>Authorization: Bearer …</code>.</p>
        ${tags.map(
          (tag) => html`<h2>${tag}</h2>
            ${operations
              .filter(({ operation }) => (operation.tags?.[0] ?? "other") === tag)
              .map(
                ({ method, path, operation }) => html`<details>
                  <summary><code>${method.toUpperCase()} ${path}</code> ${operation.summary ?? ""}</summary>
                  <pre>${pretty({ parameters: operation.parameters, body: operation.requestBody, responses: operation.responses })}</pre>
                </details>`,
              )}`,
        )}
        <h2>Shapes</h2>
        <details>
          <summary>components</summary>
          <pre>${pretty(document.components)}</pre>
        </details>
      </body>
    </html>`;
}

function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? "";
}

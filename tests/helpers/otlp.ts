// A collector for OTLP/HTTP JSON: a plain HTTP server that keeps the spans it is sent, or one that takes them and never answers.
import { createServer } from "node:http";
import * as z from "zod";

const Value = z.union([
  z.object({ stringValue: z.string() }).transform((value) => value.stringValue),
  z.object({ intValue: z.union([z.string(), z.number()]) }).transform((value) => Number(value.intValue)),
  z
    .object({ arrayValue: z.object({ values: z.array(z.object({ stringValue: z.string() })).default([]) }) })
    .transform((value) => value.arrayValue.values.map((one) => one.stringValue)),
]);
const Attributes = z
  .array(z.object({ key: z.string(), value: Value }))
  .default([])
  .transform((list) => Object.fromEntries(list.map(({ key, value }) => [key, value])));

/** The required parts of opentelemetry-proto's ExportTraceServiceRequest in JSON; whatever else is there is not looked at. */
const ExportRequest = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: Attributes }),
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              traceId: z.string().regex(/^[0-9a-f]{32}$/),
              spanId: z.string().regex(/^[0-9a-f]{16}$/),
              parentSpanId: z
                .string()
                .regex(/^[0-9a-f]{16}$/)
                .optional(),
              name: z.string().min(1),
              kind: z.number().int().min(1).max(5),
              startTimeUnixNano: z.string().regex(/^\d{19}$/),
              endTimeUnixNano: z.string().regex(/^\d{19}$/),
              attributes: Attributes,
              status: z.object({ code: z.number().int().min(0).max(2).default(0) }).default({ code: 0 }),
              links: z.array(z.object({ traceId: z.string(), spanId: z.string() })).default([]),
            }),
          ),
        }),
      ),
    }),
  ),
});

export type ReceivedSpan = z.infer<typeof ExportRequest>["resourceSpans"][number]["scopeSpans"][number]["spans"][number] & {
  service: string;
};

export interface Collector {
  url: string;
  spans: ReceivedSpan[];
  raw: string[]; // every body, to look for what must not be there
  requests(): number;
  close(): Promise<void>;
}

export async function startCollector({ hang = false }: { hang?: boolean } = {}): Promise<Collector> {
  const spans: ReceivedSpan[] = [];
  const raw: string[] = [];
  let requests = 0;
  const server = createServer((req, res) => {
    requests += 1;
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => {
      if (hang) return;
      const text = Buffer.concat(chunks).toString();
      raw.push(text);
      const parsed = ExportRequest.safeParse(JSON.parse(text));
      if (req.url !== "/v1/traces" || req.headers["content-type"] !== "application/json" || !parsed.success) {
        return void res.writeHead(400).end(parsed.error?.message ?? "not OTLP/HTTP JSON");
      }
      for (const { resource, scopeSpans } of parsed.data.resourceSpans)
        for (const scope of scopeSpans)
          for (const span of scope.spans) spans.push({ ...span, service: String(resource.attributes["service.name"]) });
      res.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    ...{ spans, raw, url: `http://127.0.0.1:${address.port}` },
    requests: () => requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

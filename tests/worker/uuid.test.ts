// Name-based UUIDs: the standard's own example, and that a name is always the same id.
import { expect, test } from "vitest";
import { uuidV5 } from "../../worker/services/uuid.ts";

const DNS = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"; // the namespace of RFC 9562, appendix A.4

test("the example of RFC 9562 comes out", async () => {
  expect(await uuidV5(DNS, "www.example.com")).toBe("2ed6657d-e927-568b-95e1-2665a8aea6a2");
  expect(await uuidV5(DNS, "www.example.com")).toBe(await uuidV5(DNS, "www.example.com"));
});

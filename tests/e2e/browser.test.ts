// The day of somebody who has never seen the page, in a real browser on a real stack: a slice that misses its service levels, one that is good and is
// taken back, and everything else that a live slice can be told. The page is loaded once; each test goes on where the one before has ended.
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { AgentPage, AlertPageOfREST } from "../../protocol/api.ts";

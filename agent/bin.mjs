#!/usr/bin/env node
// The installed `intent-agent`.
import { launch } from "./launch.mjs";

await launch(import.meta.url, () => import("./index.ts"));

#!/usr/bin/env node
// The installed `o2`.
import { launch } from "../launch.mjs";

await launch(import.meta.url, () => import("./main.ts"));

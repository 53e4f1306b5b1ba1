// Every sync tool that the agent speaks, by one contract.
import { syncContract } from "./sync-contract.ts";

syncContract("configsync");
syncContract("flux");

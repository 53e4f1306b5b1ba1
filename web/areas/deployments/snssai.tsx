// An S-NSSAI as networks write it: the slice type and the differentiator, which is hexadecimal.
import type { Snssai as Value } from "../../../protocol/intent.ts";

export function Snssai({ snssai: { sst, sd } }: { snssai: Value }) {
  return (
    <code>
      SST {sst} · SD {sd}
    </code>
  );
}
